import { expect, it } from "vitest";
import { detectorsWith } from "../../../core/detect/catalog.ts";
import { type Detector, defineDetector } from "../../../core/detect/detector.ts";
import { runDetector, wakeIndex } from "../../../core/detect/run.ts";
import { agentCalls } from "../../../core/event/agent-session.ts";
import { excerpt } from "../../../core/event/excerpt.ts";
import { calls, type Watch } from "../../../core/event/watch.ts";
import { eventOf, registryWith, seenOf } from "../../fixtures/read.ts";
import { tables } from "../../fixtures/tables.ts";
import { workload } from "../../fixtures/workloads.ts";

const record = (over: object = {}) => ({
  eventVersion: "1.11",
  eventID: "11111111-1111-4111-8111-000000000001",
  eventTime: "2026-11-20T10:15:00Z",
  eventSource: "iam.amazonaws.com",
  eventName: "CreateAccessKey",
  awsRegion: "us-east-1",
  recipientAccountId: "111122223333",
  userIdentity: {
    type: "AssumedRole",
    principalId: "AROADBQP57FF2AEXAMPLE:run-1",
    arn: "arn:aws:sts::111122223333:assumed-role/support-bot/run-1",
    accountId: "111122223333",
    sessionContext: { sessionIssuer: { arn: "arn:aws:iam::111122223333:role/support-bot", userName: "support-bot" } },
  },
  ...over,
});

const detector = (id: string, over: Partial<Detector> = {}): Detector =>
  defineDetector({
    id,
    version: "1",
    title: id,
    family: "custom",
    maturity: "stable",
    needsDeclarations: false,
    attack: ["T1098"],
    controls: {},
    watches: [calls("iam:CreateAccessKey")],
    falsePositives: ["none"],
    triage: ["none"],
    references: ["https://attack.mitre.org/techniques/T1098/"],
    wants: () => [],
    detect: ({ event }) => [
      {
        title: id,
        severity: "low",
        confidence: "high",
        evidence: [{ kind: "field", eventID: event.id, path: "eventName", value: excerpt("x") }],
      },
    ],
    ...over,
  });

const none = registryWith([]);
const bot = registryWith([workload("support-bot")]);
const ids = (found: readonly Detector[]) => found.map((one) => one.id);

it("wakes a detector by the call it watches and by no other", () => {
  const index = wakeIndex([detector("a"), detector("b", { watches: [calls("iam:CreateUser")] })]);
  expect(ids(index.awake(eventOf(record()), none))).toEqual(["a"]);
  expect(ids(index.awake(eventOf(record({ eventName: "ListUsers" })), none))).toEqual([]);
});

it("takes no Insights record for the call it speaks of", () => {
  const insight = record({ eventType: "AwsCloudTrailInsight", eventCategory: "Insight" });
  expect(wakeIndex([detector("a")]).awake(eventOf(insight), none)).toEqual([]);
});

it("wakes a detector once, however often it lists a call", () => {
  const watches: [Watch, Watch] = [calls("iam:CreateAccessKey"), calls("iam:CreateAccessKey", "iam:CreateUser")];
  expect(ids(wakeIndex([detector("a", { watches })]).awake(eventOf(record()), none))).toEqual(["a"]);
});

it("lets a detector that measures against manifests sleep while none is active", () => {
  const index = wakeIndex([detector("a", { needsDeclarations: true }), detector("b")]);
  expect(ids(index.awake(eventOf(record()), none))).toEqual(["b"]);
  expect(ids(index.awake(eventOf(record()), registryWith([workload("x", { status: "draft" })])))).toEqual(["b"]);
  expect(ids(index.awake(eventOf(record()), bot))).toEqual(["a", "b"]);
});

it("wakes by every call of a declared role, once and in catalog order", () => {
  const both: [Watch, Watch] = [{ kind: "declared-identities" }, calls("iam:CreateAccessKey")];
  const index = wakeIndex([detector("a", { watches: both }), detector("b")]);
  expect(ids(index.awake(eventOf(record()), bot))).toEqual(["a", "b"]);
  expect(ids(index.awake(eventOf(record({ eventName: "ListUsers" })), bot))).toEqual(["a"]);
  expect(ids(index.awake(eventOf(record({ eventName: "ListUsers" })), none))).toEqual([]);
});

it("wakes by calls of agents only in sessions that AgentCore would name so, once", () => {
  const watches: [Watch, Watch] = [agentCalls("s3:GetObject"), calls("iam:CreateAccessKey")];
  const index = wakeIndex([detector("a", { watches }), detector("b")]);
  const by = (principalId: string, over = {}) =>
    ids(index.awake(eventOf(record({ userIdentity: { type: "IAMUser", principalId }, ...over })), none));
  const read = { eventSource: "s3.amazonaws.com", eventName: "GetObject" };
  expect(by("AROA:BedrockAgentCore-1", read)).toEqual(["a"]);
  expect(by("AROA:s", read)).toEqual([]);
  expect(by("AROA:BedrockAgentCore-1")).toEqual(["a", "b"]);
  expect(index.apis).toEqual(["iam:CreateAccessKey"]);
});

it("wakes by the envelopes a service sends itself", () => {
  const watches: [Watch] = [
    { kind: "envelopes", source: "aws.autoscaling", detailTypes: ["EC2 Instance Launch Successful"] },
  ];
  const index = wakeIndex([detector("a", { watches })]);
  const event = {
    ...eventOf(record()),
    kind: "scaling",
    source: "aws.autoscaling",
    change: "started",
    subject: "g",
    resources: [],
    detail: {},
  } as const;
  expect(ids(index.awake({ ...event, detailType: "EC2 Instance Launch Successful" }, none))).toEqual(["a"]);
  expect(ids(index.awake({ ...event, detailType: "EC2 Instance Terminate Successful" }, none))).toEqual([]);
});

it("keeps the calls of detectors that this run does not ask, and wakes nobody for them", () => {
  const index = wakeIndex([detector("a")], [calls("sts:AssumeRole")]);
  expect(index.apis).toEqual(["iam:CreateAccessKey", "sts:AssumeRole"]);
  const event = eventOf(record({ eventSource: "sts.amazonaws.com", eventName: "AssumeRole" }));
  expect(index.awake(event, bot)).toEqual([]);
});

it("wakes somebody for every call that the catalog watches", () => {
  const index = wakeIndex(detectorsWith(tables));
  for (const api of index.apis) {
    const [service, name = ""] = api.split(":");
    const event = eventOf(record({ eventSource: `${service}.amazonaws.com`, eventName: name }));
    expect(index.awake(event, bot).length, api).toBeGreaterThan(0);
  }
});

it("completes what a detector says with who, when and a lasting id", () => {
  const seen = seenOf({ record: record(), workloads: ["support-bot"] }, [workload("support-bot")]);
  const [finding, ...others] = runDetector(detector("a"), seen);
  expect(others).toEqual([]);
  expect(finding).toMatchObject({
    detector: "a",
    outcome: "done",
    account: "111122223333",
    region: "us-east-1",
    principal: "arn:aws:sts::111122223333:assumed-role/support-bot/run-1",
    workload: "support-bot",
    eventIDs: ["11111111-1111-4111-8111-000000000001"],
    count: 1,
    guessed: false,
  });
  expect(runDetector(detector("a"), seen)[0]?.id).toBe(finding?.id);
  expect(runDetector(detector("b"), seen)[0]?.id).not.toBe(finding?.id);
});

it("makes one finding of two detections about one thing, the graver with the evidence of both", () => {
  const seen = seenOf({ record: record() }, []);
  const evidence = (path: string) => [{ kind: "field", eventID: seen.event.id, path, value: excerpt("x") }] as const;
  const twice = detector("a", {
    detect: () => [
      { title: "mild", severity: "low", confidence: "high", resource: "r", evidence: evidence("one") },
      { title: "grave", severity: "high", confidence: "high", resource: "r", evidence: evidence("two") },
      { title: "other", severity: "low", confidence: "high", resource: "s", evidence: evidence("three") },
    ],
  });
  const findings = runDetector(twice, seen);
  expect(findings.map((one) => [one.title, one.evidence.length])).toEqual([
    ["grave", 2],
    ["other", 1],
  ]);
});

it("does not hide a detector that breaks", () => {
  const broken = detector("a", {
    detect: () => {
      throw new Error("a bug");
    },
  });
  expect(() => runDetector(broken, seenOf({ record: record() }, []))).toThrow("a bug");
});

it("names the family of client by its own label, never the text that the caller chose", () => {
  const client = (userAgent: unknown) =>
    runDetector(
      detector("a", {
        detect: () => [
          {
            title: "t",
            severity: "low",
            confidence: "high",
            resource: "r",
            evidence: [{ kind: "count", what: "x", count: 1 }],
          },
        ],
      }),
      seenOf({ record: record({ userAgent }) }, []),
    )[0]?.client;
  expect(client("aws-cli/2.15.0 md/prompt#off")).toBe("AWS CLI");
  expect(client("\u001b[31mPay now/1.0")).toBe("unknown client");
  expect(client(null)).toBeUndefined();
});
