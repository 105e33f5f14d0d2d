import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../../core/detect/finding.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { type WholeRun, wholeRunsOf } from "../../../fixtures/whole-run.ts";
import { workloads } from "../../../fixtures/workloads.ts";
import { settled } from "../../flow/settling.ts";

const id = "sprawl-workload-on-key";

async function findingsOf({ records, workloads: names = [] }: Omit<WholeRun, "name">): Promise<readonly Finding[]> {
  const registry = registryWith(workloads.filter(({ name }) => names.includes(name)));
  const { settlement } = await settled([[records]], { registry });
  return settlement.findings.filter((one) => one.detector === id);
}

describe(id, () => {
  it.each(wholeRunsOf(id, "fires"))("fires once on $name", async (fixture) => {
    const found = await findingsOf(fixture);
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain("undefined");
    const [{ severity, title, resource, audience } = { severity: "none" }] = found;
    expect({ severity, title, resource, audience }).toMatchSnapshot();
  });

  it.each(wholeRunsOf(id, "quiet"))("is quiet on $name", async (fixture) => {
    expect(await findingsOf(fixture)).toEqual([]);
  });

  it.each(wholeRunsOf(id, "fires"))("says the same of $name in any order, told twice", async (fixture) => {
    const once = await findingsOf(fixture);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...fixture.records], { minLength: fixture.records.length }),
        async (mixed) => {
          expect(await findingsOf({ ...fixture, records: [...mixed, ...fixture.records] })).toEqual(once);
        },
      ),
      { numRuns: 10 },
    );
  });
});
