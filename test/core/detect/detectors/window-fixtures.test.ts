import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import type { Finding } from "../../../../core/detect/finding.ts";
import { madeBy } from "../../../../core/detect/made-by.ts";
import { wakeIndex } from "../../../../core/detect/run.ts";
import { windowDetectorsWith } from "../../../../core/detect/windows/window-catalog.ts";
import type { Mark } from "../../../../core/detect/windows/window-store.ts";
import { eventOf, type Fixture, fixturesOf, registryWith, seenOf } from "../../../fixtures/read.ts";
import { eventId, record } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload, workloads } from "../../../fixtures/workloads.ts";
import { settled } from "../../flow/settling.ts";

/** A fixture of several records, judged as one replay. */
type Several = Fixture & { readonly records?: readonly unknown[] };

const recordsOf = ({ name, records }: Several): readonly unknown[] => {
  if (records === undefined || records.length === 0) throw new Error(`${name} has no records`);
  return records;
};

async function findingsOf(id: string, fixture: Several): Promise<readonly Finding[]> {
  const registry = registryWith(workloads.filter((one) => fixture.workloads?.includes(one.name)));
  const { settlement } = await settled([[recordsOf(fixture)]], { watchers: watchersFor([id]), registry });
  return settlement.findings;
}

describe.each(windowDetectorsWith(tables))("$id", (detector) => {
  const { id } = detector;
  const summary: Record<string, unknown> = {};

  it.each(fixturesOf(id, "fires"))("fires once on $name, and names its events", async (fixture: Several) => {
    const findings = await findingsOf(id, fixture);
    expect(findings).toHaveLength(1);
    const [finding] = findings;
    expect(finding?.count).toBe(finding?.eventIDs.length);
    expect(finding?.evidence.length).toBeGreaterThan(0);
    expect(JSON.stringify(finding)).not.toContain("undefined");
    expect(finding?.id).toMatch(/^[0-9a-f]{32}$/);
    const { severity, outcome, title, count, resource } = finding as Finding;
    summary[fixture.name] = { severity, outcome, title, count, resource };
  });

  it.each(fixturesOf(id, "quiet"))("is quiet on $name", async (fixture: Several) => {
    expect(await findingsOf(id, fixture)).toEqual([]);
  });

  it("says of each what a person would", () => expect(summary).toMatchSnapshot());

  it("is woken by each of its fixtures that fires", () => {
    const index = wakeIndex([detector]);
    for (const fixture of fixturesOf(id, "fires") as readonly Several[]) {
      const woken = recordsOf(fixture).filter(
        (record) => index.awake(eventOf(record), registryWith([workload("any")])).length > 0,
      );
      expect(woken.length, fixture.name).toBeGreaterThan(0);
    }
  });

  it("marks and judges, whatever stands in the parameters", () => {
    const { apis } = wakeIndex([detector]);
    // Woken by envelopes only: its fixtures hold them.
    if (apis.length === 0) return;
    const keys = fc.constantFrom(
      ...["policyDocument", "policyArn", "userName", "roleName", "assumeRolePolicyDocument", "instanceId", "target"],
      ...["instancesSet", "targets", "instanceIds", "documentName", "notebookInstanceName", "userData", "setAsDefault"],
    );
    const parameters = fc.dictionary(keys, fc.oneof(fc.jsonValue(), fc.string()));
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.constantFrom(...apis), parameters), { minLength: 1 }), (calls) => {
        const marks = calls.flatMap(([api, requestParameters], number) => {
          const [service, eventName] = api.split(":");
          const made = record({
            eventSource: `${service}.amazonaws.com`,
            eventName: eventName ?? "",
            requestParameters: requestParameters as never,
            eventID: eventId(number),
          });
          const seen = seenOf({ record: made }, []);
          return detector.marks(seen).map(({ member, subject }): Mark & { readonly subject: string } => ({
            member,
            subject,
            at: seen.event.at,
            eventID: seen.event.id,
            by: madeBy(seen),
          }));
        });
        for (const [subject, [first, ...others]] of Map.groupBy(marks, (one) => one.subject))
          if (first !== undefined && detector.begins(first))
            expect(() => detector.judge({ subject, marks: [first, ...others], more: false })).not.toThrow();
      }),
    );
  });

  it("says which technique, which controls, and where to read on", () => {
    for (const technique of detector.attack) expect(technique).toMatch(/^T\d{4}(?:\.\d{3})?$/);
    for (const url of detector.references) expect(URL.canParse(url), url).toBe(true);
    expect(detector.size).toBeGreaterThan(0);
  });
});
