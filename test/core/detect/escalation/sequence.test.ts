import { describe, expect, it } from "vitest";
import { memoryWindows } from "../../../../adapters/memory/windows.ts";
import { watchersFor } from "../../../../cli/watchers.ts";
import type { Workload } from "../../../../core/identity/workload.ts";
import { registryWith } from "../../../fixtures/read.ts";
import {
  account,
  assumeRole,
  eventId,
  type RecordObject,
  record,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../../fixtures/records.ts";
import { workload } from "../../../fixtures/workloads.ts";
import { line } from "../../flow/live-line.ts";
import { settled } from "../../flow/settling.ts";

const watchers = watchersFor(["escalation-sequence"]);
const admin = "arn:aws:iam::aws:policy/AdministratorAccess";
const attach = (by: unknown, seconds: number, over: RecordObject = {}): RecordObject =>
  record({
    userIdentity: by as never,
    eventSource: "iam.amazonaws.com",
    eventName: "AttachRolePolicy",
    requestParameters: { roleName: "helper", policyArn: admin },
    eventID: eventId(10_000 + seconds),
    eventTime: secondsAfter(seconds),
    ...over,
  });
const take = (by: unknown, seconds: number, number = 1): RecordObject =>
  assumeRole(by as never, "helper", sessionKey(7_000 + seconds), {
    eventID: eventId(20_000 + seconds + number),
    eventTime: secondsAfter(seconds),
    sharedEventID: undefined,
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/team/helper`, roleSessionName: `s${number}` },
  });
const found = async (records: readonly RecordObject[], declared: readonly Workload[] = []) =>
  (await settled([[records]], { watchers, registry: registryWith(declared) })).settlement.findings;

describe("whoever widens a role and takes it", () => {
  it("is one across its sessions, whatever path the role has", async () => {
    const findings = await found([
      attach(session("worker", "one", sessionKey(1)), 0),
      take(session("worker", "two", sessionKey(2)), 60),
    ]);
    expect(findings.map(({ severity, count }) => [severity, count])).toEqual([["high", 2]]);
  });

  it("is not one where two people use a role of Identity Center", async () => {
    const reserved = (name: string, key: string) => {
      const made = session("AWSReservedSSO_Admin_0123456789abcdef", name, key);
      const issuer = {
        type: "Role",
        arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
        accountId: account,
        userName: "AWSReservedSSO_Admin_0123456789abcdef",
      };
      return { ...made, sessionContext: { sessionIssuer: issuer, attributes: {} } };
    };
    const [ana, ben] = [reserved("ana@example.com", sessionKey(1)), reserved("ben@example.com", sessionKey(2))];
    expect(await found([attach(ana, 0), take(ben, 60)])).toEqual([]);
    expect(await found([attach(ana, 0), take(ana, 60)])).toHaveLength(1);
  });

  it("is found across the border of two windows", async () => {
    expect(await found([attach(user(), -120), take(user(), 120)])).toHaveLength(1);
  });

  it("is not found where the widening was refused", async () => {
    expect(await found([attach(user(), 0, { errorCode: "AccessDenied" }), take(user(), 60)])).toEqual([]);
  });

  it("is found where the role was taken before and is taken again", async () => {
    const findings = await found([take(user(), 0), attach(user(), 60), take(user(), 120, 2)]);
    expect(findings.map((one) => one.count)).toEqual([2]);
  });

  it("is nothing when the envelope allows the widening, and critical when it does not", async () => {
    const bot = session("bot", "run", sessionKey(1));
    const records = [attach(bot, 0), take(bot, 60)];
    const may = (Action: string) =>
      workload("bot", { class: "agent", envelope: { statements: [{ Effect: "Allow", Action, Resource: "*" }] } });
    expect(await found(records, [may("iam:*")])).toEqual([]);
    const [finding] = await found(records, [may("s3:GetObject")]);
    expect(finding).toMatchObject({ severity: "critical", workload: "bot" });
    expect(finding?.title).toMatch(/^bot /);
  });
});

describe("on the live line", () => {
  it("is found when the widening comes last, in a batch of its own", async () => {
    const [windows, { batch }] = [memoryWindows(), line()];
    const one = { watchers, windows };
    expect((await batch([take(user(), 60)], one)).settlement.findings).toEqual([]);
    const { settlement } = await batch([attach(user(), 0)], one);
    expect(settlement.findings.map(({ detector, severity, at }) => [detector, severity, at])).toEqual([
      ["escalation-sequence", "high", Date.parse(secondsAfter(0))],
    ]);
  });

  it("writes a window once in half a minute, however often a role is taken", async () => {
    const { batch } = line();
    const inner = memoryWindows();
    let changed = 0;
    const windows = {
      ...inner,
      async add(marks: Parameters<typeof inner.add>[0]) {
        const made = await inner.add(marks);
        changed += made.length;
        return made;
      },
    };
    for (let second = 0; second < 30; second += 3) await batch([take(user(), second)], { watchers, windows });
    expect(changed).toBe(1);
  });
});
