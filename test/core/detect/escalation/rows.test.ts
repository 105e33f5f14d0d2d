import { describe, expect, it } from "vitest";
import { watchersFor } from "../../../../cli/watchers.ts";
import { describedWith } from "../../../../core/detect/described-catalog.ts";
import { escalationPath } from "../../../../core/detect/detectors/escalation-path.ts";
import { telling } from "../../../../core/detect/escalation/step-index.ts";
import { runDetector } from "../../../../core/detect/run.ts";
import type { EscalationPath } from "../../../../core/iam/reach/escalation-path.ts";
import type { Showing, ShownStep } from "../../../../core/iam/reach/escalation-shows.ts";
import { policyArn, recordsOf, stepRecord } from "../../../fixtures/escalation-rows.ts";
import { seenOf } from "../../../fixtures/read.ts";
import { account, type RecordObject, record, secondsAfter, session, user } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";
import { settled } from "../../flow/settling.ts";

const { paths } = tables.iam;
const showingsOf = (detector: string): readonly (readonly [string, EscalationPath, Showing])[] =>
  paths.flatMap((path) =>
    path.shows.filter((one) => one.detector === detector).map((showing) => [path.id, path, showing] as const),
  );
const mover = user({ userName: "mover", arn: `arn:aws:iam::${account}:user/mover` });
const other = user({
  userName: "other",
  arn: `arn:aws:iam::${account}:user/other`,
  accessKeyId: "AKIAI44QH8DHBEXAMPLE",
});

describe("every row of the escalation table", () => {
  const everyDetector = describedWith(tables);
  it("is reported by a detector that exists and wakes on one of its calls, or says why nobody can", () => {
    for (const { id, shows } of paths)
      for (const { detector, steps, because } of shows) {
        if (detector === undefined) {
          expect(because, id).toMatch(/./);
          expect(
            steps.every((step) => step.trail === "data"),
            id,
          ).toBe(true);
          continue;
        }
        const found = everyDetector.find((one) => one.id === detector);
        expect(found, `${id}: ${detector}`).toBeDefined();
        if (found?.watches.some((one) => one.kind === "declared-identities") === true) continue;
        const watched = found?.watches.flatMap((one) => (one.kind === "calls" ? [...one.apis] : [])) ?? [];
        expect(
          steps.some(({ calls }) => calls.some((call) => watched.includes(call))),
          `${id}: ${detector}`,
        ).toBe(true);
      }
  });
});

describe.each(showingsOf("escalation-path"))("%s, in one call", (id, path, showing) => {
  const detector = escalationPath(tables.iam);
  const worker = session("worker-of-deploys", "job", "ASIAIOSFODNN7EXAMPLE");
  const telltale = showing.steps.filter((step) => telling({ path, showing, step }));
  const found = (made: RecordObject, workloads: readonly string[] = []) =>
    runDetector(
      detector,
      seenOf({ record: made, workloads }, [
        workload("worker-of-deploys", { envelope: { statements: [{ Effect: "Allow", Action: "*", Resource: "*" }] } }),
      ]),
    );
  const each = telltale.flatMap((step) => step.calls.map((call) => [call, step] as const));

  it.each(each)("fires on %s", (call, step) => {
    const [finding, ...more] = found(stepRecord(path, step, { by: mover }, call));
    expect(more).toEqual([]);
    expect(finding?.severity).toBe(showing.byLongTermKey ?? showing.undeclared ?? finding?.severity);
    expect(JSON.stringify(finding?.evidence), id).toContain(id);
  });

  it.each(each)("is quiet when a service makes %s", (call, step) => {
    const service = { type: "AWSService", invokedBy: "cloudformation.amazonaws.com" };
    expect(found(stepRecord(path, step, { by: service }, call))).toEqual([]);
  });

  it.each(each)(
    "is quiet when a declared workload makes %s inside its envelope, and speaks up outside",
    (call, step) => {
      const made = stepRecord(path, step, { by: worker }, call);
      const inside = found(made, ["worker-of-deploys"]);
      // What AWS checks for some retired services is not known: nobody can say that it is inside.
      if (!unjudged.has(call)) expect(inside).toEqual([]);
      const narrow = workload("worker-of-deploys", {
        envelope: { statements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "*" }] },
      });
      const [outside] = runDetector(detector, seenOf({ record: made, workloads: ["worker-of-deploys"] }, [narrow]));
      if (!unjudged.has(call)) expect(["medium", "high", "critical", "low"]).toContain(outside?.severity);
      expect(outside).toBeDefined();
    },
  );

  const handing = each.filter(([, step]) => step.passes);
  if (handing.length > 0)
    it.each(handing)("is quiet when %s hands over no role", (call, step) =>
      expect(JSON.stringify(found(stepRecord(path, step, { by: mover, roleless: true }, call)))).not.toContain(id),
    );
});

const unjudged = new Set(["codestar:CreateProjectFromTemplate"]);

/** Somebody gave the policy to the role a day before. */
const held = record({
  userIdentity: other,
  eventSource: "iam.amazonaws.com",
  eventName: "AttachRolePolicy",
  requestParameters: { roleName: "thing-1", policyArn },
  eventID: "99999999-0000-4000-8000-000000000001",
  eventTime: secondsAfter(-86_400),
});

const told = async (detector: string, records: readonly RecordObject[]) =>
  (await settled([[records]], { watchers: watchersFor([detector]) })).settlement.findings;

describe.each(showingsOf("escalation-sequence"))("%s, in several calls", (id, path, showing) => {
  const all = (made = {}) => recordsOf(path, showing, { by: mover, ...made });
  const sequence = (records: readonly RecordObject[]) => told("escalation-sequence", [held, ...records]);

  it("fires, in whatever order the records come", async () => {
    const records = all();
    for (const batch of [records, records.toReversed()]) {
      const findings = (await sequence(batch)).filter((one) => JSON.stringify(one.evidence).includes(id));
      expect(findings.length).toBe(1);
      expect(findings[0]?.count).toBeGreaterThanOrEqual(showing.steps.filter((step) => !step.optional).length);
      expect(findings[0]?.principal).toContain("mover");
    }
  });

  const withoutLast = (last: RecordObject) => [...all().slice(0, -1), last];
  const [lastStep] = showing.steps.slice(-1);
  const last = (made: object): RecordObject =>
    stepRecord(path, lastStep as ShownStep, { by: mover, seconds: 600, ...made });
  const says = async (records: readonly RecordObject[]) =>
    (await sequence(records)).filter(
      (one) => JSON.stringify(one.evidence).includes(`${id}`) && idsIn(one.evidence[0]).includes(id),
    );

  it("is quiet when somebody else makes the last call", async () => {
    expect(await says(withoutLast(last({ by: other })))).toEqual([]);
  });

  it("is quiet when the last call comes after the time", async () => {
    expect(await says(withoutLast(last({ seconds: 4_000 })))).toEqual([]);
  });

  if (showing.join !== "actor")
    it("is quiet when the last call is about something else", async () => {
      expect(await says(withoutLast(last({ thing: 2 })))).toEqual([]);
    });
});

const idsIn = (evidence: unknown): readonly string[] =>
  String((evidence as { readonly what?: string }).what ?? "")
    .replace("escalation paths: ", "")
    .split(", ");

describe.each(showingsOf("escalation-reach"))("%s, on many things", (_, path, showing) => {
  const [step] = showing.steps as readonly [ShownStep];
  const many = showing.many ?? 0;
  const on = (things: number, gap = 60, by = mover) =>
    Array.from({ length: things }, (_, place) => stepRecord(path, step, { by, thing: place, seconds: place * gap }));

  it("fires across the border of two windows, whatever order the records come in", async () => {
    // Windows begin at full hours: noon lies between these.
    const records = on(many).map((one, place) => ({ ...one, eventTime: secondsAfter(place * 60 - 90) }));
    for (const batch of [records, records.toReversed()]) {
      const findings = await told("escalation-reach", batch);
      expect(findings.map((one) => [one.severity, one.count])).toEqual([["medium", many]]);
    }
  });

  it("is quiet on one thing less, on one thing again and again, and when it takes hours", async () => {
    expect(await told("escalation-reach", on(many - 1))).toEqual([]);
    expect(await told("escalation-reach", on(many, 3_000))).toEqual([]);
    const again = on(9).map((one, place) => ({
      ...stepRecord(path, step, { by: mover }),
      eventID: one["eventID"],
      eventTime: secondsAfter(place),
    }));
    expect(await told("escalation-reach", again)).toEqual([]);
  });
});
