import { describe, expect, it } from "vitest";
import { instant } from "../../../../core/event/instant.ts";
import { type Judged, type SeenCalls, simulatedCalls } from "../../../../core/flow/simulate/simulated-calls.ts";
import { contained, controlsJudge, holdersJudge } from "../../../../core/flow/simulate/simulated-candidate.ts";
import { readContainment } from "../../../../core/flow/simulate/simulated-containment.ts";
import { envelopeJudge } from "../../../../core/flow/simulate/simulated-envelope.ts";
import { asAccessKeyId, asAccountId } from "../../../../core/iam/identifiers.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";
import { table } from "../../iam/tables.ts";
import { account, calls, conduct, documentOf, sessionOf, workloadOf } from "./simulated-samples.ts";

const reading = (name: string) => conduct("s3:GetObject", [`arn:aws:s3:::data/${name}`]);
const day = (number: number, over: Partial<SeenCalls> = {}): Partial<SeenCalls> => ({
  day: number,
  first: instant(number * 86_400_000),
  last: instant(number * 86_400_000 + 1_000),
  ...over,
});
const everyone = () => true;
const denied: Judged = { kind: "denied", severity: "high", action: "s3:GetObject", because: "so" };

describe("calls under a candidate", () => {
  it("are counted together by identity, call and reason, over days, with the earliest as an example", () => {
    const seen = [
      calls(reading("b"), day(20_001, { count: 3, row: 2 })),
      calls(reading("a"), day(20_000, { count: 2 })),
      calls(reading("a"), day(20_001, { count: 1 })),
      calls(reading("a"), day(20_000, { count: 5, attribution: workloadOf("other"), row: 3 })),
    ];
    const judge = ({ conduct: { checks } }: SeenCalls): Judged => ({
      ...denied,
      resource: checks?.[0]?.resources[0] ?? "",
    });
    const report = simulatedCalls(seen, { concerns: everyone, judge, resources: "together" });
    expect(report.effects).toMatchObject([
      {
        who: "bot",
        calls: 6,
        days: 2,
        resources: 2,
        first: 20_000 * 86_400_000,
        last: 20_001 * 86_400_000 + 1_000,
        example: { row: 1, day: 20_000, resource: "arn:aws:s3:::data/a" },
      },
      { who: "other", calls: 5, days: 1 },
    ]);
    expect(simulatedCalls(seen.toReversed(), { concerns: everyone, judge, resources: "together" })).toEqual(report);
    expect(simulatedCalls(seen, { concerns: everyone, judge, resources: "apart" }).effects).toHaveLength(3);
  });

  it("that were refused when they were made, that nobody can judge, and that stay as they are, are counted apart", () => {
    const seen = [
      calls({ ...reading("a"), outcome: "denied" }, { count: 4 }),
      calls(reading("b"), { count: 2 }),
      calls(reading("c"), { count: 3 }),
      calls({ ...reading("d"), outcome: "failed" }, { count: 1 }),
    ];
    const judge = ({ conduct: { checks } }: SeenCalls): Judged =>
      checks?.[0]?.resources[0]?.endsWith("b")
        ? { kind: "not-judged", because: "nobody knows" }
        : { kind: "unchanged" };
    const report = simulatedCalls(seen, { concerns: everyone, judge, resources: "together" });
    expect(report).toEqual({
      effects: [],
      judged: 4,
      unchanged: 4,
      refused: 4,
      notJudged: new Map([["nobody knows", 2]]),
    });
  });
});

describe("whom a candidate is for", () => {
  const none = { kind: "policy", documents: [documentOf()] } as const;

  it("is a workload by its name, a role by its ARN or the beginning of it", () => {
    const concerns = (...who: readonly string[]) => holdersJudge(none, who, table).concerns(calls(reading("a")));
    expect(concerns("bot")).toBe(true);
    expect(concerns("other")).toBe(false);
    expect(concerns(`arn:aws:iam::${account}:role/bot`)).toBe(true);
    expect(concerns(`arn:aws:iam::${account}:role/b*`)).toBe(true);
    expect(concerns(`arn:aws:iam::${account}:role/bo`)).toBe(false);
    const stranger = calls(reading("a"), { attribution: workloadOf("bot", { declared: false }) });
    expect(holdersJudge(none, ["bot"], table).concerns(stranger)).toBe(false);
  });

  it("is graver for what a manifest declares", () => {
    const judge = holdersJudge(none, ["bot"], table);
    expect(judge.judge(calls(reading("a")))).toMatchObject({ kind: "denied", severity: "high" });
    const stranger = calls(reading("a"), { attribution: workloadOf("lambda:x", { declared: false }) });
    expect(judge.judge(stranger)).toMatchObject({ severity: "medium" });
  });

  it("is one account or all of them, for a service control policy", () => {
    const scp = { kind: "scp", levels: [[documentOf()]] } as const;
    expect(controlsJudge(scp, undefined, table).concerns(calls(reading("a")))).toBe(true);
    expect(controlsJudge(scp, account, table).concerns(calls(reading("a")))).toBe(true);
    const other = asAccountId("444455556666");
    const { account: _, ...theirs } = sessionOf("bot");
    const abroad = calls(reading("a"), {
      principal: { ...theirs, ...(other === undefined ? {} : { account: other }) },
    });
    expect(controlsJudge(scp, account, table).concerns(abroad)).toBe(false);
  });
});

describe("a containment", () => {
  const role = `arn:aws:iam::${account}:role/bot`;
  const deny = { Effect: "Deny", Action: "s3:*", Resource: "*" };
  const judging = (value: unknown) => {
    const read = readContainment(value);
    if (!read.ok) throw new Error(read.because);
    return { judge: contained(read.containment, table), containment: read.containment };
  };

  it("denies what its statements say to the roles that it names, and concerns nobody else", () => {
    const { judge } = judging({ denies: [{ role, statements: [deny] }] });
    expect(judge.judge(calls(reading("a")))).toMatchObject({
      kind: "denied",
      because: "the policy denies it (statement 1)",
    });
    expect(judge.concerns(calls(reading("a"), { principal: sessionOf("other") }))).toBe(false);
    expect(judge.judge(calls(conduct("sqs:SendMessage", ["*"])))).toEqual({ kind: "unchanged" });
  });

  it("knows what a graded deny would take away, and what it would leave", () => {
    const holder = { kind: "role", arn: role };
    const policy = `arn:aws:iam::${account}:policy/cordon/CordonDenySpend`;
    const change = { slot: { kind: "attached-policy", holder, policy }, before: null, after: "attached" };
    const { judge } = judging({ schema: 1, steps: [{ change }] });
    expect(judge.judge(calls(conduct("ec2:RunInstances", ["*"])))).toMatchObject({ kind: "denied" });
    expect(judge.judge(calls(conduct("sqs:SendMessage", ["*"])))).toEqual({ kind: "unchanged" });
  });

  it("is read from a plan's own steps, and names those that no policy shows", () => {
    const holder = { kind: "role", arn: role };
    const step = (slot: object, after: unknown) => ({ change: { slot, before: null, after } });
    const { judge, containment } = judging({
      schema: 1,
      steps: [
        step({ kind: "attached-policy", holder, policy: "arn:aws:iam::aws:policy/AWSDenyAll" }, "attached"),
        step({ kind: "tag", holder, key: "cordon" }, "x"),
        step({ kind: "access-key", user: "ci", accessKeyId: "AKIAIOSFODNN7EXAMPLE" }, "Inactive"),
        step({ kind: "function-concurrency", functionArn: "f" }, 0),
      ],
    });
    expect(judge.judge(calls(reading("a")))).toMatchObject({ kind: "denied" });
    expect(containment.notSimulated).toEqual(["function-concurrency"]);
    const key = asAccessKeyId("AKIAIOSFODNN7EXAMPLE");
    const user = {
      kind: "iam-user",
      arn: `arn:aws:iam::${account}:user/ci`,
      ...(key && { accessKeyId: key }),
    } as const;
    expect(judge.judge(calls(reading("a"), { principal: user }))).toMatchObject({
      because: "its access key is inactive",
    });
  });

  it.each([
    ["nothing", {}],
    ["an Allow", { denies: [{ role, statements: [{ ...deny, Effect: "Allow" }] }] }],
    ["no role", { denies: [{ statements: [deny] }] }],
    ["no policy", { denies: [{ role, statements: [{ Effect: "Deny" }] }] }],
  ])("is refused with %s", (_, value) => expect(readContainment(value).ok).toBe(false));
});

describe("an envelope that is not in force yet", () => {
  const bot = workload("bot", {
    envelope: {
      statements: [{ Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::data/*" }],
      regions: ["us-east-1"],
    },
    grants: [
      {
        id: "task",
        statements: [{ Effect: "Allow", Action: "s3:PutObject", Resource: "*" }],
        from: instant(20_000 * 86_400_000),
        until: instant(20_001 * 86_400_000),
        approvedBy: "sam@example.com",
      },
    ],
  });
  const judge = envelopeJudge(registryWith([bot]), tables.iam);
  const object = "arn:aws:s3:::data/a";

  it("says what lies outside, and how grave that would be", () => {
    expect(judge(calls(reading("a")))).toEqual({ kind: "unchanged" });
    expect(judge(calls(conduct("s3:DeleteObject", [object])))).toMatchObject({
      kind: "outside",
      severity: "medium",
      resource: object,
    });
    expect(judge(calls(conduct("secretsmanager:GetSecretValue", [])))).toMatchObject({ severity: "high" });
    expect(judge(calls(conduct("iam:PutRolePolicy", [])))).toMatchObject({ severity: "high" });
    expect(judge(calls({ ...reading("a"), region: "eu-west-1" }))).toMatchObject({
      because: "the envelope does not allow eu-west-1",
    });
  });

  it("knows grants by the day of the call", () => {
    const writing = conduct("s3:PutObject", [object]);
    expect(judge(calls(writing, day(20_000)))).toEqual({ kind: "unchanged" });
    const over = { ...day(20_000), last: instant(20_001 * 86_400_000) };
    expect(judge(calls(writing, over)).kind).toBe("outside");
    expect(judge(calls(writing, day(20_002)))).toMatchObject({
      kind: "outside",
      because: expect.stringContaining("task"),
    });
  });

  it("judges nobody whom no manifest declares", () => {
    const stranger = calls(reading("a"), { attribution: workloadOf("bot", { declared: false }) });
    expect(judge(stranger).kind).toBe("not-judged");
  });
});
