import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import { meterDetectors } from "../../../../core/detect/capacity/meter-catalog.ts";
import type { Finding } from "../../../../core/detect/finding.ts";
import { type Fixture, fixturesOf, registryWith } from "../../../fixtures/read.ts";
import { workloads } from "../../../fixtures/workloads.ts";
import { settled } from "../../flow/settling.ts";

/** A fixture of several records, judged as one replay. */
type Several = Fixture & { readonly records: readonly unknown[] };

async function findingsOf(id: string, fixture: Several, records = fixture.records): Promise<readonly Finding[]> {
  const registry = registryWith(workloads.filter((one) => fixture.workloads?.includes(one.name)));
  const { settlement } = await settled([[records]], { watchers: watchersFor([id]), registry });
  return settlement.findings;
}

describe.each(meterDetectors)("$id", (detector) => {
  const { id } = detector;
  const summary: Record<string, unknown> = {};

  it.each(fixturesOf(id, "fires"))("fires once on $name, and names its events", async (fixture) => {
    const findings = await findingsOf(id, fixture as Several);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding?.count).toBe(finding?.eventIDs.length);
    expect(finding?.evidence.length).toBeGreaterThan(0);
    expect(JSON.stringify(finding)).not.toContain("undefined");
    expect(finding?.id).toMatch(/^[0-9a-f]{32}$/);
    const { severity, outcome, title, count, eventIDs, evidence } = finding as Finding;
    summary[fixture.name] = { severity, outcome, title, count, first: eventIDs[0], evidence };
  });

  it.each(fixturesOf(id, "quiet"))("is quiet on $name", async (fixture) => {
    expect(await findingsOf(id, fixture as Several)).toEqual([]);
  });

  it("says of each what a person would", () => expect(summary).toMatchSnapshot());

  it.each(fixturesOf(id, "fires"))("says the same of $name in any order, with repetitions", async (fixture) => {
    const all = (fixture as Several).records;
    const expected = await findingsOf(id, fixture as Several);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...all, ...all], { minLength: all.length }), async (shuffled) => {
        expect(await findingsOf(id, fixture as Several, [...shuffled, ...all])).toEqual(expected);
      }),
      { numRuns: 15 },
    );
  });

  it("says which technique, which controls, and where to read on", () => {
    for (const technique of detector.attack) expect(technique).toMatch(/^T\d{4}(?:\.\d{3})?$/);
    for (const url of detector.references) expect(URL.canParse(url), url).toBe(true);
  });
});
