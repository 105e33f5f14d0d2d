import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import type { Finding } from "../../../../core/detect/finding.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { type WholeRun, wholeRunsOf } from "../../../fixtures/whole-run.ts";
import { workloads } from "../../../fixtures/workloads.ts";
import { settled } from "../../flow/settling.ts";

const detectors = [
  "sprawl-key-not-rotated",
  "sprawl-key-on-models",
  "sprawl-key-probe",
  "sprawl-machine-secrets",
  "sprawl-token-vending",
];

async function findingsOf(id: string, { records, workloads: names = [] }: WholeRun): Promise<readonly Finding[]> {
  const registry = registryWith(workloads.filter(({ name }) => names.includes(name)));
  const { settlement } = await settled([[records]], { watchers: watchersFor([id]), registry });
  return settlement.findings;
}

describe.each(detectors)("%s", (id) => {
  it.each(wholeRunsOf(id, "fires"))("says the same of $name in any order, told twice", async (fixture) => {
    const once = await findingsOf(id, fixture);
    expect(once).toHaveLength(1);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...fixture.records], { minLength: fixture.records.length }),
        async (mixed) => {
          expect(await findingsOf(id, { ...fixture, records: [...mixed, ...fixture.records] })).toEqual(once);
        },
      ),
      { numRuns: 10 },
    );
  });
});
