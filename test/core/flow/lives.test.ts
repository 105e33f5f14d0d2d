import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../core/detect/finding.ts";
import type { Registry, Workload } from "../../../core/identity/workload.ts";
import { registryWith } from "../../fixtures/read.ts";
import { assumeRole, eventId, record, secondsAfter, session, sessionKey, user } from "../../fixtures/records.ts";
import { type WholeRun, wholeRunsOf } from "../../fixtures/whole-run.ts";
import { workload } from "../../fixtures/workloads.ts";
import { settled } from "./settling.ts";

const arn = (name: string): string => `arn:aws:lambda:us-east-1:111122223333:function:${name}`;
const ofFunction = (name: string): Workload =>
  workload(name, { selectors: [{ kind: "lambdaFunction", value: arn(name) }] });

/** The workloads that fixtures of lives may declare. */
const declared: readonly Workload[] = [
  workload("short-lived", {
    envelope: { statements: [], session: { maxSeconds: 3_600 }, chain: { maxHops: 2, maxHours: 2 } },
  }),
  workload("two-hours", { envelope: { statements: [], chain: { maxHours: 2 } } }),
  ofFunction("summariser"),
  ofFunction("reader"),
];

const registryOf = (names: readonly string[]): Registry => {
  const workloads = declared.filter(({ name }) => names.includes(name));
  return {
    ...registryWith(workloads),
    byFunction: (function_) => workloads.find(({ name }) => arn(name) === function_),
  };
};

async function findingsOf(
  id: string,
  { records, workloads = [] }: Omit<WholeRun, "name">,
): Promise<readonly Finding[]> {
  const { settlement } = await settled([[records]], { registry: registryOf(workloads) });
  return settlement.findings.filter((one) => one.detector === id);
}

describe.each(["drift-chain-juggling", "drift-shared-role"])("%s", (id) => {
  it.each(wholeRunsOf(id, "fires"))("fires once on $name", async (fixture) => {
    const found = await findingsOf(id, fixture);
    expect(found).toHaveLength(1);
    expect(JSON.stringify(found)).not.toContain("undefined");
    const [{ severity, title, resource, at, eventIDs, count } = { severity: "none" }] = found;
    expect({ severity, title, resource, at, eventIDs, count }).toMatchSnapshot();
  });

  it.each(wholeRunsOf(id, "quiet"))("is quiet on $name", async (fixture) => {
    expect(await findingsOf(id, fixture)).toEqual([]);
  });

  it.each(wholeRunsOf(id, "fires"))("says the same of $name in any order, told twice", async (fixture) => {
    const { records } = fixture;
    const once = await findingsOf(id, fixture);
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...records], { minLength: records.length }), async (shuffled) => {
        expect(await findingsOf(id, { ...fixture, records: [...shuffled, ...records] })).toEqual(once);
      }),
      { numRuns: 10 },
    );
  });
});

describe("drift-long-lived, of a workload that promises short sessions", () => {
  const id = "drift-long-lived";
  const workloads = ["short-lived"];
  const begun = [
    assumeRole(user(), "short-lived", sessionKey(1), { eventID: eventId(1), eventTime: secondsAfter(0) }),
    ...[2, 3].map((second) =>
      record({
        eventID: eventId(second),
        eventTime: secondsAfter(second),
        userIdentity: session("short-lived", "s", sessionKey(1)),
      }),
    ),
  ];

  it("finds the key that began its sessions, once, at the first record of them", async () => {
    expect(await findingsOf(id, { records: begun, workloads })).toMatchObject([
      {
        severity: "medium",
        title: "A long-term key began the sessions of a workload that promises short ones",
        resource: "arn:aws:iam::111122223333:user/trainer",
        workload: "short-lived",
        eventIDs: [eventId(2)],
        count: 1,
      },
    ]);
  });

  it("is quiet where nothing is promised, where nobody saw the beginning, and where a person signed in", async () => {
    expect(await findingsOf(id, { records: begun, workloads: [] })).toEqual([]);
    expect(await findingsOf(id, { records: begun.slice(1), workloads })).toEqual([]);
  });
});

it("asks nothing of identities outside the window that is spoken about", async () => {
  const [fixture] = wholeRunsOf("drift-chain-juggling", "fires.one-role");
  const since = Date.parse("2026-11-21T00:00:00Z") / 1_000;
  const { settlement } = await settled([[fixture?.records ?? []]], { horizon: { since } });
  expect(settlement.findings).toEqual([]);
});
