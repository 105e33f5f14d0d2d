import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Instant, parseInstant } from "../../../../core/event/instant.ts";
import type { JsonObject } from "../../../../core/event/json.ts";
import { compilePolicies } from "../../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../../core/iam/context.ts";
import { evaluate } from "../../../../core/iam/evaluate.ts";
import { parsePolicy } from "../../../../core/iam/policy.ts";
import type { Conduct } from "../../../../core/identity/conduct.ts";
import { compileEnvelope } from "../../../../core/identity/envelope/envelope.ts";
import type { Envelope, Grant } from "../../../../core/identity/workload.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";

const at = (written: string): Instant => parseInstant(written) as Instant;
const noon = at("2026-11-20T12:00:00Z");

const conduct = (action: string, over: Partial<Conduct> = {}): Conduct => ({
  api: action as Conduct["api"],
  partition: "aws",
  region: "us-east-1",
  account: "111122223333",
  checks: [{ action, resources: ["*"] }],
  outcome: "done",
  ...over,
});

const on = (action: string, ...resources: readonly string[]): Conduct =>
  conduct(action, { checks: [{ action, resources }] });

const allow = (
  action: string | readonly string[],
  resource: string | readonly string[] = "*",
  condition?: JsonObject,
): JsonObject => ({
  Effect: "Allow",
  Action: action,
  Resource: resource,
  ...(condition === undefined ? {} : { Condition: condition }),
});

const envelopeOf = (envelope: Partial<Envelope>, grants: readonly Grant[] = []) =>
  compileEnvelope(workload("bot", { envelope: { statements: [], ...envelope } }), grants, tables.iam);

const verdict = (envelope: Partial<Envelope>, call: Conduct, grants: readonly Grant[] = [], when: Instant = noon) =>
  envelopeOf(envelope, grants).judge(call, when);

const breaches = (...given: Parameters<typeof verdict>): readonly object[] => {
  const said = verdict(...given);
  return said.kind === "outside" ? said.breaches : [];
};

const grant = (over: Partial<Grant> = {}): Grant => ({
  id: "reindex-42",
  statements: [allow("s3:GetObject", "arn:aws:s3:::archive/*")],
  from: at("2026-11-20T00:00:00Z"),
  until: at("2026-11-21T00:00:00Z"),
  approvedBy: "lead@example.com",
  ...over,
});

describe("an object that the record's conduct names by its bucket only", () => {
  const read = conduct("s3:GetObject", {
    bucket: "arn:aws:s3:::archive",
    checks: [{ action: "s3:GetObject", resources: [] }],
  });

  it("is inside where some object of the bucket is declared", () => {
    for (const declared of ["arn:aws:s3:::archive/*", "arn:aws:s3:::archive/reports/*", "arn:aws:s3:::arch*", "*"])
      expect(verdict({ statements: [allow("s3:GetObject", declared)] }, read).kind, declared).toBe("inside");
  });

  it("is outside where only other buckets are", () => {
    for (const declared of ["arn:aws:s3:::archives/*", "arn:aws:s3:::archive", "arn:aws:s3:::other/archive/*"])
      expect(breaches({ statements: [allow("s3:GetObject", declared)] }, read), declared).toMatchObject([
        { kind: "resource", action: "s3:GetObject", resource: "arn:aws:s3:::archive/*" },
      ]);
  });
});

describe("actions and resources", () => {
  const statements = [allow("s3:GetObject", "arn:aws:s3:::docs/*"), allow("bedrock:InvokeModel*")];

  it("are inside where a statement allows them, in any case of the action", () => {
    expect(verdict({ statements }, on("s3:GetObject", "arn:aws:s3:::docs/a"))).toEqual({
      kind: "inside",
      by: "envelope",
    });
    expect(verdict({ statements: [allow("S3:getobject")] }, on("s3:GetObject", "arn:aws:s3:::x/y")).kind).toBe(
      "inside",
    );
  });

  it("are outside by their action, with what is declared", () => {
    expect(breaches({ statements }, on("s3:PutObject", "arn:aws:s3:::docs/a"))).toEqual([
      { kind: "action", action: "s3:PutObject", declared: ["s3:GetObject", "bedrock:InvokeModel*"] },
    ]);
  });

  it("are outside by their resource, with the declared ones", () => {
    expect(breaches({ statements }, on("s3:GetObject", "arn:aws:s3:::payroll/a"))).toEqual([
      {
        kind: "resource",
        action: "s3:GetObject",
        resource: "arn:aws:s3:::payroll/a",
        declared: ["arn:aws:s3:::docs/*"],
      },
    ]);
  });

  it("are judged by the action alone where the record names no resource", () => {
    expect(verdict({ statements }, on("s3:GetObject")).kind).toBe("inside");
    expect(verdict({ statements }, on("s3:PutObject")).kind).toBe("outside");
  });

  it("need every check and every resource of a call to be allowed", () => {
    const launch = conduct("lambda:CreateFunction", {
      checks: [
        { action: "lambda:CreateFunction", resources: ["arn:aws:lambda:us-east-1:111122223333:function:f"] },
        { action: "iam:PassRole", resources: ["arn:aws:iam::111122223333:role/admin"] },
      ],
    });
    expect(breaches({ statements: [allow("lambda:*")] }, launch)).toEqual([
      { kind: "action", action: "iam:PassRole", declared: ["lambda:*"] },
    ]);
    const two = on("s3:GetObject", "arn:aws:s3:::docs/a", "arn:aws:s3:::payroll/a");
    expect(breaches({ statements }, two)).toHaveLength(1);
  });

  it("are outside where a Deny of the envelope fits, allowed or not", () => {
    const closed = [allow("s3:*"), { Effect: "Deny", Action: "s3:Delete*", Resource: "arn:aws:s3:::docs/*" }];
    expect(breaches({ statements: closed }, on("s3:DeleteObject", "arn:aws:s3:::docs/a"))).toEqual([
      { kind: "resource", action: "s3:DeleteObject", resource: "arn:aws:s3:::docs/a", declared: ["*"] },
    ]);
    expect(verdict({ statements: closed }, on("s3:DeleteObject", "arn:aws:s3:::tmp/a")).kind).toBe("inside");
  });

  it("are judged the same when the call was denied", () => {
    const denied: Conduct = {
      ...on("s3:PutObject", "arn:aws:s3:::docs/a"),
      outcome: "denied",
      errorCode: "AccessDenied",
    };
    expect(verdict({ statements }, denied).kind).toBe("outside");
  });

  it("are not judged without statements, nor where nobody knows the check, nor where none is made", () => {
    expect(verdict({}, on("s3:PutObject", "arn:aws:s3:::x/y"))).toMatchObject({ kind: "not-judged" });
    const { checks: _, ...unknown } = on("s3:PutObject");
    expect(verdict({ statements, regions: [] }, unknown)).toMatchObject({ kind: "not-judged" });
    expect(verdict({ statements }, conduct("signin:ConsoleLogin", { checks: [] }))).toMatchObject({
      kind: "not-judged",
    });
  });

  it("leave everybody free to ask who they are", () => {
    expect(verdict({ statements: [allow("s3:GetObject")], regions: [] }, conduct("sts:GetCallerIdentity")).kind).toBe(
      "inside",
    );
  });

  it("take what a record cannot tell as if it held: tags, variables, an unknown Deny", () => {
    const tagged = [
      allow("s3:GetObject", `arn:aws:s3:::docs/\${aws:PrincipalTag/team}/*`, {
        StringEquals: { "s3:ExistingObjectTag/open": "yes" },
      }),
      { Effect: "Deny", Action: "s3:*", Resource: "*", Condition: { Bool: { "aws:MultiFactorAuthPresent": "false" } } },
    ];
    expect(verdict({ statements: tagged }, on("s3:GetObject", "arn:aws:s3:::docs/red/a")).kind).toBe("inside");
    expect(verdict({ statements: tagged }, on("s3:GetObject", "arn:aws:s3:::other/red/a")).kind).toBe("outside");
  });

  it("name the Region, or the origin, where only a condition on it was missed", () => {
    const bound = [allow("ec2:RunInstances", "*", { StringEquals: { "aws:RequestedRegion": "eu-west-1" } })];
    expect(breaches({ statements: bound }, on("ec2:RunInstances"))).toEqual([
      { kind: "region", region: "us-east-1", declared: ["eu-west-1"] },
    ]);
    const near = [allow("s3:GetObject", "*", { StringEquals: { "aws:SourceVpce": "vpce-0abc" } })];
    const far: Conduct = { ...on("s3:GetObject"), origin: { kind: "address", address: "192.0.2.9" } };
    expect(breaches({ statements: near }, far)).toEqual([
      { kind: "origin", origin: "192.0.2.9", declared: ["vpce-0abc"] },
    ]);
    expect(verdict({ statements: near }, on("s3:GetObject")).kind).toBe("inside");
  });

  it("find roles with a path by their name alone, but only in IAM's own calls", () => {
    const pathed = [allow(["iam:GetRole", "sts:AssumeRole"], "arn:aws:iam::111122223333:role/ai/bot-*")];
    const role = "arn:aws:iam::111122223333:role/bot-1";
    expect(verdict({ statements: pathed }, on("iam:GetRole", role)).kind).toBe("inside");
    expect(verdict({ statements: pathed }, on("iam:GetRole", "arn:aws:iam::111122223333:role/x")).kind).toBe("outside");
    expect(verdict({ statements: pathed }, on("sts:AssumeRole", role)).kind).toBe("outside");
  });

  it("find secrets by their name without its random end", () => {
    const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:bot/db";
    const suffixed = [allow("secretsmanager:GetSecretValue", `${secret}-??????`)];
    expect(verdict({ statements: suffixed }, on("secretsmanager:GetSecretValue", secret)).kind).toBe("inside");
    expect(verdict({ statements: suffixed }, on("secretsmanager:GetSecretValue", `${secret}2`)).kind).toBe("outside");
  });
});

describe("grants", () => {
  const archive = on("s3:GetObject", "arn:aws:s3:::archive/a");
  const statements = [allow("s3:GetObject", "arn:aws:s3:::docs/*")];

  it("add to the envelope while they hold", () => {
    expect(verdict({ statements }, archive, [grant()])).toEqual({ kind: "inside", by: "grant" });
    expect(verdict({ statements }, on("s3:GetObject", "arn:aws:s3:::docs/a"), [grant()])).toEqual({
      kind: "inside",
      by: "envelope",
    });
  });

  it("hold from their first moment and no longer at their last", () => {
    const judge = envelopeOf({ statements }, [grant()]);
    expect(judge.judge(archive, at("2026-11-20T00:00:00Z")).kind).toBe("inside");
    expect(judge.judge(archive, at("2026-11-20T23:59:59Z")).kind).toBe("inside");
    for (const when of ["2026-11-19T23:59:59Z", "2026-11-21T00:00:00Z"])
      expect(judge.judge(archive, at(when))).toEqual({
        kind: "outside",
        breaches: [{ kind: "grant-not-in-force", action: "s3:GetObject", grant: grant() }],
      });
  });

  it("are drift before and after also where the envelope declares no actions", () => {
    expect(breaches({}, archive, [grant()], at("2026-11-22T00:00:00Z"))).toMatchObject([
      { kind: "grant-not-in-force" },
    ]);
    expect(verdict({}, on("s3:PutObject", "arn:aws:s3:::x/y"), [grant()]).kind).toBe("not-judged");
  });

  it("name the one that ended last", () => {
    const older = grant({ id: "reindex-41", from: at("2026-11-01T00:00:00Z"), until: at("2026-11-02T00:00:00Z") });
    expect(breaches({ statements }, archive, [older, grant()], at("2026-11-30T00:00:00Z"))).toMatchObject([
      { grant: { id: "reindex-42" } },
    ]);
  });

  it("never lift what the envelope denies", () => {
    const closed = [...statements, { Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::archive/*" }];
    expect(verdict({ statements: closed }, archive, [grant()]).kind).toBe("outside");
  });

  it("speak of models and secrets too, but not of Regions", () => {
    const secret = "arn:aws:secretsmanager:us-east-1:111122223333:secret:migrate/db";
    const read: Conduct = { ...on("secretsmanager:GetSecretValue", secret), secrets: [secret] };
    const lent = grant({ statements: [allow("secretsmanager:GetSecretValue", `${secret}*`)] });
    const envelope = { statements, secrets: [], regions: ["us-east-1"] };
    expect(verdict(envelope, read, [lent])).toEqual({ kind: "inside", by: "grant" });
    expect(verdict({ secrets: [] }, read, [lent])).toEqual({ kind: "inside", by: "grant" });
    expect(breaches(envelope, { ...read, region: "eu-west-1" }, [lent])).toMatchObject([{ kind: "region" }]);
    expect(breaches(envelope, read, [lent], at("2026-12-01T00:00:00Z"))).toMatchObject([
      { kind: "grant-not-in-force", action: "secretsmanager:GetSecretValue" },
    ]);
  });
});

describe("limits", () => {
  it("hold Regions, and leave services that have none alone", () => {
    const there = conduct("ec2:RunInstances", { region: "ap-southeast-2" });
    expect(breaches({ regions: ["us-east-1"] }, there)).toEqual([
      { kind: "region", region: "ap-southeast-2", declared: ["us-east-1"] },
    ]);
    expect(breaches({ regions: [] }, conduct("ec2:RunInstances"))).toHaveLength(1);
    for (const action of ["iam:CreateUser", "sts:AssumeRole", "organizations:ListAccounts", "s3:ListAllMyBuckets"])
      expect(breaches({ regions: ["eu-west-1"] }, conduct(action)), action).toEqual([]);
  });

  it("hold models by id, through profiles and ARNs, and say nothing where no model is named", () => {
    const models = ["anthropic.claude-*"];
    const asked = (model: string): Conduct => conduct("bedrock:InvokeModel", { model });
    for (const inside of [
      "anthropic.claude-3-haiku-20240307-v1:0",
      "us.anthropic.claude-sonnet-4-20250514-v1:0",
      "arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-3-haiku-20240307-v1:0",
      "arn:aws:bedrock:us-east-1:111122223333:inference-profile/eu.anthropic.claude-3-haiku-20240307-v1:0",
    ])
      expect(verdict({ models }, asked(inside)), inside).toEqual({ kind: "inside", by: "envelope" });
    for (const outside of ["meta.llama3-70b-instruct-v1:0", "us.meta.llama3-70b-instruct-v1:0"])
      expect(breaches({ models }, asked(outside)), outside).toMatchObject([{ kind: "model", model: outside }]);
    const opaque = "arn:aws:bedrock:us-east-1:111122223333:application-inference-profile/a1b2c3";
    expect(verdict({ models }, asked(opaque)).kind).toBe("not-judged");
    expect(breaches({ models: [] }, asked("meta.llama3-70b-instruct-v1:0"))).toHaveLength(1);
  });

  it("hold secrets by ARN, whatever their random end", () => {
    const arn = (name: string): string => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`;
    const read = (name: string): Conduct => conduct("secretsmanager:GetSecretValue", { secrets: [arn(name)] });
    const cases: readonly (readonly [declared: string, secret: string, kind: string])[] = [
      ["bot/*", "bot/db", "inside"],
      ["bot/*", "payroll/db", "outside"],
      ["bot-db", "bot-db", "inside"],
      ["bot-db-AbCdEf", "bot-db", "inside"],
      ["bot-db-*", "bot-db", "inside"],
      ["bot-db", "bot-db2", "outside"],
    ];
    for (const [declared, secret, kind] of cases)
      expect(verdict({ secrets: [arn(declared)] }, read(secret)).kind, `${declared} ${secret}`).toBe(kind);
  });

  it("hold origins: an endpoint or a block, while services come from where they are", () => {
    const origin = { vpcEndpoints: ["vpce-0abc"], cidrs: ["192.0.2.0/24"] };
    const from = (one: NonNullable<Conduct["origin"]>): Conduct => conduct("s3:ListBucket", { origin: one });
    expect(breaches({ origin }, from({ kind: "address", address: "192.0.2.7" }))).toEqual([]);
    expect(breaches({ origin }, from({ kind: "vpc-endpoint", id: "vpce-0abc" }))).toEqual([]);
    expect(breaches({ origin }, from({ kind: "service", name: "lambda.amazonaws.com" }))).toEqual([]);
    expect(breaches({ origin }, conduct("s3:ListBucket"))).toEqual([]);
    expect(breaches({ origin }, from({ kind: "address", address: "198.51.100.1" }))).toEqual([
      { kind: "origin", origin: "198.51.100.1", declared: ["vpce-0abc", "192.0.2.0/24"] },
    ]);
    expect(breaches({ origin }, from({ kind: "vpc-endpoint", id: "vpce-0bad" }))).toHaveLength(1);
  });

  it("hold the length of sessions", () => {
    const asked = (sessionSeconds: number): Conduct => conduct("sts:AssumeRole", { sessionSeconds });
    expect(breaches({ session: { maxSeconds: 3_600 } }, asked(3_600))).toEqual([]);
    expect(breaches({ session: { maxSeconds: 3_600 } }, asked(43_200))).toEqual([
      { kind: "session", seconds: 43_200, limit: 3_600 },
    ]);
  });

  it("are all told at once", () => {
    const wild = conduct("s3:PutObject", { region: "eu-west-1", origin: { kind: "address", address: "198.51.100.1" } });
    const envelope = {
      statements: [allow("s3:GetObject")],
      regions: ["us-east-1"],
      origin: { cidrs: ["192.0.2.0/24"] },
    };
    expect(breaches(envelope, wild).map((one) => Reflect.get(one, "kind"))).toEqual(["action", "region", "origin"]);
  });
});

it("judges one conduct again when a condition reads the time", () => {
  const until = [allow("s3:GetObject", "*", { DateLessThan: { "aws:CurrentTime": "2026-11-20T12:00:00Z" } })];
  const judge = envelopeOf({ statements: until });
  const call = on("s3:GetObject", "arn:aws:s3:::docs/a");
  expect(judge.judge(call, at("2026-11-20T11:59:59Z")).kind).toBe("inside");
  expect(judge.judge(call, noon).kind).toBe("outside");
  expect(judge.judge(call, at("2026-11-20T11:59:59Z")).kind).toBe("inside");
});

it("agrees with the evaluator wherever a record tells all", () => {
  const actions = ["s3:GetObject", "s3:PutObject", "sqs:SendMessage"];
  const resources = ["arn:aws:s3:::docs/a", "arn:aws:s3:::docs/b", "arn:aws:sqs:us-east-1:111122223333:jobs"];
  const one = fc.record({
    Effect: fc.constantFrom("Allow", "Allow", "Deny"),
    Action: fc.subarray([...actions, "s3:*", "s3:Get*", "*"], { minLength: 1 }),
    Resource: fc.subarray([...resources, "arn:aws:s3:::docs/*", "*"], { minLength: 1 }),
  });
  fc.assert(
    fc.property(
      fc.array(one, { minLength: 1, maxLength: 5 }),
      fc.constantFrom(...actions),
      fc.constantFrom(...resources),
      (statements, action, resource) => {
        const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements });
        if (!parsed.ok) throw new Error(parsed.because);
        const { decision } = evaluate(
          {
            action,
            resource,
            resourceAccount: "111122223333",
            principal: "arn:aws:iam::111122223333:role/bot",
            context: contextOf({}),
            wildcardOnly: false,
          },
          { identityPolicies: compilePolicies([parsed.document]) },
        );
        expect(verdict({ statements }, on(action, resource)).kind).toBe(decision === "Allowed" ? "inside" : "outside");
      },
    ),
  );
});
