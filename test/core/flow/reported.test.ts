import { expect, it } from "vitest";
import { watchersFor } from "../../../cli/watchers.ts";
import { caseIdOf } from "../../../core/detect/case.ts";
import type { JsonObject } from "../../../core/event/json.ts";
import { registryWith } from "../../fixtures/read.ts";
import {
  account,
  eventId,
  type RecordObject,
  record,
  region,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { workload } from "../../fixtures/workloads.ts";
import { asks, line, stops } from "./live-line.ts";
import { settled } from "./settling.ts";

const registry = registryWith([
  workload("support-bot", {
    selectors: [{ kind: "lambdaFunction", value: `arn:aws:lambda:${region}:${account}:function:support-bot` }],
  }),
]);

const stopped = (userIdentity: JsonObject, number: number): RecordObject =>
  record({
    userIdentity,
    eventSource: "cloudtrail.amazonaws.com",
    eventName: "StopLogging",
    requestParameters: { name: "main" },
    eventID: eventId(number),
  });

const guardduty = (details: JsonObject, over: JsonObject = {}): RecordObject => ({
  version: "0",
  id: "22222222-0000-4000-8000-000000000001",
  "detail-type": "GuardDuty Finding",
  source: "aws.guardduty",
  account,
  time: "2026-01-31T13:00:00Z",
  region,
  resources: [],
  detail: {
    accountId: account,
    id: "00000000000000000000000000000001",
    type: "UnauthorizedAccess:IAMUser/Unusual",
    severity: 8,
    title: "Unusual",
    resource: { resourceType: "AccessKey", accessKeyDetails: details, ...over },
    service: { archived: false },
  },
});

const hub = (id: string): RecordObject => ({
  ...guardduty({}),
  "detail-type": "Security Hub Findings - Imported",
  source: "aws.securityhub",
  detail: {
    findings: [{ Id: "f", Title: "t", Severity: { Label: "HIGH" }, RecordState: "ACTIVE", Resources: [{ Id: id }] }],
  },
});

const watchers = watchersFor(["tampering-trail", "external-finding"]);

async function found(records: readonly RecordObject[]) {
  const { settlement } = await settled([[records]], { watchers, registry });
  const external = settlement.findings.find((one) => one.detector === "external-finding");
  if (external === undefined) throw new Error("nothing was taken in");
  return { external, cases: new Set(settlement.findings.map(caseIdOf)).size, settlement };
}

const bot = session("bot", "run-1", sessionKey(1));
const botKey = {
  accessKeyId: sessionKey(1),
  principalId: "AROACKCEVSQ6C2EXAMPLE:run-1",
  userName: "bot",
  userType: "AssumedRole",
};

it("puts what another product says of a key into the case of whoever signs with it, in any order", async () => {
  const all = [stopped(bot, 1), guardduty(botKey)];
  for (const records of [all, all.toReversed()]) {
    const { external, cases } = await found(records);
    expect(cases).toBe(1);
    expect(external.attribution.because).toContain(`GuardDuty names access key ${sessionKey(1)}`);
    expect(external.attribution.confidence).toBe("low");
  }
});

it("knows a role that is named by its ARN as the identity of its sessions", async () => {
  const { cases } = await found([
    stopped(bot, 1),
    { ...hub(`arn:aws:iam::${account}:role/bot`), time: "2026-01-31T13:00:00Z" },
  ]);
  expect(cases).toBe(1);
  const { external } = await found([hub(`arn:aws:iam::${account}:role/bot`)]);
  expect(external.attribution.hops[0]?.principal).toBe(`arn:aws:sts::${account}:assumed-role/bot/*`);
});

it("knows a role's other sessions as the same identity, also where no record has the key", async () => {
  const { cases } = await found([stopped(session("bot", "run-2", sessionKey(2)), 1), guardduty(botKey)]);
  expect(cases).toBe(1);
});

it("puts a user's finding into the user's case", async () => {
  const details = {
    accessKeyId: "AKIAI44QH8DHBEXAMPLE",
    userName: "trainer",
    userType: "IAMUser",
    principalId: "AIDAX",
  };
  expect((await found([stopped(user(), 1), guardduty(details)])).cases).toBe(1);
});

it("finds who runs on an instance by the session that is named after it", async () => {
  const instance = "i-0123456789abcdef0";
  const details = { instanceDetails: { instanceId: instance } };
  const { cases } = await found([stopped(session("worker", instance, sessionKey(3)), 1), guardduty({}, details)]);
  expect(cases).toBe(1);
});

it("names the declared workload that a function is, and that runs as a role", async () => {
  const of = async (id: string) => (await found([hub(id)])).external.attribution;
  expect(await of(`arn:aws:lambda:${region}:${account}:function:support-bot`)).toMatchObject({
    kind: "workload",
    id: "support-bot",
    class: "indexed",
    confidence: "medium",
  });
  expect(await of(`arn:aws:iam::${account}:user/trainer`)).toMatchObject({
    root: { id: `user:arn:aws:iam::${account}:user/trainer` },
  });
  expect(await of(`arn:aws:s3:::training-data`)).toMatchObject({ kind: "unattributed", root: { id: "" } });
});

it("takes the same finding in once a day, with the gravest that was said, in whatever order it is said", async () => {
  const later: RecordObject = {
    ...guardduty(botKey),
    id: "22222222-0000-4000-8000-000000000002",
    time: "2026-01-31T19:00:00Z",
  };
  const milder = { ...later, detail: { ...(later["detail"] as JsonObject), severity: 4 } };
  for (const records of [
    [guardduty(botKey), milder],
    [milder, guardduty(botKey), milder],
  ]) {
    const { settlement } = await found(records);
    expect(settlement.findings.map((one) => [one.detector, one.severity, one.count])).toEqual([
      ["external-finding", "high", 2],
    ]);
  }
});

it("contains nobody on another product's word", async () => {
  const { settlement } = await settled([[[stopped(bot, 1), guardduty(botKey)]]], {
    watchers,
    registry,
    mode: "contain",
  });
  const external = settlement.findings.find((one) => one.detector === "external-finding");
  const decisions = settlement.decisions.filter((one) => one.findingId === external?.id);
  expect(decisions.map(({ would }) => would)).not.toContain("contain");
  expect(decisions.length).toBeGreaterThan(0);
});

it("goes live to whoever took the session in an earlier batch", async () => {
  const live = line();
  const key = sessionKey(31);
  await live.batch([asks(key, 1)]);
  const finding = guardduty({
    accessKeyId: key,
    principalId: "AROACKCEVSQ6C2EXAMPLE:s",
    userName: "a",
    userType: "AssumedRole",
  });
  const told = await live.batch([finding]);
  const acted = await live.batch([stops(session("a", "s", key), 5)]);
  const [external] = told.settlement.findings.filter((one) => one.detector === "external-finding");
  const [stopped] = acted.settlement.findings.filter((one) => one.detector === "tampering-trail");
  expect(external?.attribution).toMatchObject({ kind: "workload", class: "indexed", confidence: "medium" });
  expect(external && caseIdOf(external)).toBe(stopped && caseIdOf(stopped));
});
