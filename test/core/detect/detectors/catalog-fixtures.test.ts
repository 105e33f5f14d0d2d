import { describe, expect, it } from "vitest";
import { detectorsWith } from "../../../../core/detect/catalog.ts";
import type { Finding } from "../../../../core/detect/finding.ts";
import { runDetector, wakeIndex } from "../../../../core/detect/run.ts";
import { type Fixture, fixturesOf, seenOf } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workloads } from "../../../fixtures/workloads.ts";

const detectors = detectorsWith(tables);
const index = wakeIndex(detectors);

/** What the whole run says of a fixture, by this detector alone: asleep is quiet. */
function findingsOf(id: string, fixture: Fixture): readonly Finding[] {
  const seen = seenOf(fixture, workloads);
  return index
    .awake(seen.event, seen.registry)
    .filter((one) => one.id === id)
    .flatMap((one) => runDetector(one, seen));
}

describe.each(detectors.map((one) => one.id))("%s", (id) => {
  const summary = Object.fromEntries(
    fixturesOf(id, "fires").map((fixture) => [
      fixture.name,
      findingsOf(id, fixture).map(({ severity, outcome, title, resource }) => ({ severity, outcome, title, resource })),
    ]),
  );

  it.each(fixturesOf(id, "fires"))("fires once on $name, with evidence and a resource of this account", (fixture) => {
    const findings = findingsOf(id, fixture);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding?.evidence.length).toBeGreaterThan(0);
    expect(JSON.stringify(finding)).not.toContain("undefined");
    expect(finding?.id).toMatch(/^[0-9a-f]{32}$/);
  });

  it.each(fixturesOf(id, "quiet"))("is quiet on $name", (fixture) => {
    expect(findingsOf(id, fixture)).toEqual([]);
  });

  it("says of each what a person would", () => expect(summary).toMatchSnapshot());
});
