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
import {
  type EnvelopePolicy,
  type PolicyKind,
  policyOf,
  sizeLimits,
} from "../../../../core/identity/envelope/envelope-policy.ts";
import type { Envelope, Grant, Workload } from "../../../../core/identity/workload.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";

const at = (written: string): Instant => parseInstant(written) as Instant;
const noon = at("2026-11-20T12:00:00Z");

const bot = (envelope: Partial<Envelope>): Workload => workload("bot", { envelope: { statements: [], ...envelope } });

interface Wanted {
  readonly to?: PolicyKind;
  readonly grants?: readonly Grant[];
  readonly otherFamilies?: readonly string[];
}

const compiled = (envelope: Partial<Envelope>, { to = "boundary", grants = [], otherFamilies = [] }: Wanted = {}) =>
  policyOf(bot(envelope), { to, grants, at: noon, tables: { iam: tables.iam, otherFamilies } });

const statementsIn = (policy: EnvelopePolicy): readonly JsonObject[] =>
  policy.kind === "policy" ? (policy.document["Statement"] as readonly JsonObject[]) : [];

const compiledPolicy = (document: unknown) => {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error(parsed.because);
  return compilePolicies([parsed.document]);
};

const everything = compiledPolicy({
  Version: "2012-10-17",
  Statement: { Effect: "Allow", Action: "*", Resource: "*" },
});

interface Call {
  readonly action: string;
  readonly resource: string;
  readonly region: string;
  readonly origin: NonNullable<Conduct["origin"]>;
  readonly when?: Instant;
  readonly context?: Readonly<Record<string, string>>;
}

const role = "arn:aws:sts::111122223333:assumed-role/bot/i-0abc";

function allows(policy: EnvelopePolicy, to: PolicyKind, call: Call, principal: string = role): boolean {
  if (policy.kind !== "policy") throw new Error(policy.kind);
  const layer = compiledPolicy(policy.document);
  const { origin } = call;
  const context = contextOf({
    "aws:RequestedRegion": call.region,
    "aws:CurrentTime": new Date(call.when ?? noon).toISOString(),
    "aws:ViaAWSService": "false",
    ...(origin.kind === "address" ? { "aws:SourceIp": origin.address } : {}),
    ...(origin.kind === "vpc-endpoint" ? { "aws:SourceVpce": origin.id } : {}),
    ...call.context,
  });
  const request = {
    action: call.action,
    resource: call.resource,
    resourceAccount: "111122223333",
    principal,
    context,
    wildcardOnly: call.resource === "*",
  };
  const layers = {
    identityPolicies: everything,
    ...(to === "boundary" ? { permissionBoundaries: layer } : {}),
    ...(to === "session-policy" ? { sessionPolicy: layer } : {}),
    ...(to === "scp" ? { serviceControlPolicies: [layer] } : {}),
  };
  return evaluate(request, layers).decision === "Allowed";
}

/** The call as a record would show it. */
function conductOf({ action, resource, region, origin }: Call): Conduct {
  const secret = resource.includes(":secret:") ? resource.slice(0, -7) : resource;
  const [, , , , , name = ""] = resource.split(":", 6);
  const whole = resource.slice(resource.indexOf(name));
  return {
    api: action as Conduct["api"],
    partition: "aws",
    region,
    account: "111122223333",
    checks: [{ action, resources: [resource] }],
    outcome: "done",
    origin,
    ...(/GetSecretValue|GetParameter$/.test(action) ? { secrets: [secret] } : {}),
    ...(action === "bedrock:InvokeModel" && /^(?:foundation-model|inference-profile)/.test(name)
      ? { model: whole.slice(whole.indexOf("/") + 1) }
      : {}),
  };
}

const secret = (name: string): string => `arn:aws:secretsmanager:us-east-1:111122223333:secret:${name}`;
const model = (id: string): string => `arn:aws:bedrock:us-east-1::foundation-model/${id}`;
const profile = (id: string): string => `arn:aws:bedrock:us-east-1:111122223333:inference-profile/${id}`;

const calls: readonly (readonly [action: string, resource: string])[] = [
  ["s3:GetObject", "arn:aws:s3:::docs/a"],
  ["s3:GetObject", "arn:aws:s3:::payroll/a"],
  ["s3:PutObject", "arn:aws:s3:::docs/a"],
  ["s3:DeleteObject", "arn:aws:s3:::docs/a"],
  ["s3:ListAllMyBuckets", "*"],
  ["iam:GetRole", "arn:aws:iam::111122223333:role/bot"],
  ["sts:AssumeRole", "arn:aws:iam::111122223333:role/other"],
  ["bedrock:InvokeModel", model("anthropic.claude-3-haiku-20240307-v1:0")],
  ["bedrock:InvokeModel", model("meta.llama3-70b-instruct-v1:0")],
  ["bedrock:InvokeModel", profile("us.anthropic.claude-sonnet-4-20250514-v1:0")],
  ["bedrock:InvokeModel", profile("us.meta.llama3-70b-instruct-v1:0")],
  ["bedrock:InvokeModel", "arn:aws:bedrock:us-east-1:111122223333:provisioned-model/a1b2"],
  ["bedrock:ListFoundationModels", "*"],
  ["secretsmanager:GetSecretValue", secret("bot/db-AbCdEf")],
  ["secretsmanager:GetSecretValue", secret("payroll-AbCdEf")],
  ["ssm:GetParameter", "arn:aws:ssm:us-east-1:111122223333:parameter/bot/key"],
  ["ec2:RunInstances", "arn:aws:ec2:us-east-1:111122223333:instance/*"],
];

const statement = fc.record({
  Effect: fc.constantFrom("Allow", "Allow", "Allow", "Deny"),
  Action: fc.subarray(
    ["s3:GetObject", "s3:PutObject", "s3:*", "*", "bedrock:InvokeModel*", "bedrock:*", "secretsmanager:Get*"].concat([
      ...["iam:GetRole", "sts:AssumeRole", "ssm:GetParameter", "ec2:RunInstances", "s3:DeleteObject"],
    ]),
    { minLength: 1, maxLength: 4 },
  ),
  Resource: fc.oneof(
    fc.constant("*"),
    fc.subarray(["arn:aws:s3:::docs/*", "arn:aws:s3:::*", secret("bot/*"), model("*"), "arn:aws:iam::*:role/bot"], {
      minLength: 1,
    }),
  ),
});

/** Everything but: the other half of the grammar. */
const inverted = fc
  .record({
    Effect: fc.constantFrom("Allow", "Deny"),
    NotAction: fc.subarray(["s3:*", "iam:*", "bedrock:InvokeModel", "ec2:RunInstances"], { minLength: 1 }),
    Resource: fc.constant("*"),
    NotResource: fc.option(fc.subarray(["arn:aws:s3:::docs/*", secret("bot/*"), model("*")], { minLength: 1 })),
  })
  .map(({ Resource, NotResource, ...rest }) =>
    NotResource === null ? { ...rest, Resource } : { ...rest, NotResource },
  );

const part = <T>(all: readonly T[]) => fc.option(fc.subarray([...all]), { nil: undefined });

const envelopes = fc
  .record({
    statements: fc.array(fc.oneof({ weight: 3, arbitrary: statement }, inverted), { maxLength: 5 }),
    regions: part(["us-east-1", "eu-west-1"]),
    models: part(["anthropic.claude-*", "us.anthropic.claude-*", "meta.llama3-70b-instruct-v1:0"]),
    secrets: part([secret("bot/*"), secret("bot/db"), "arn:aws:ssm:us-east-1:111122223333:parameter/bot/*"]),
    origin: fc.option(fc.record({ vpcEndpoints: part(["vpce-0abc"]), cidrs: part(["192.0.2.0/24"]) }), {
      nil: undefined,
    }),
  })
  .map((given) => withoutNothing(given) as unknown as Partial<Envelope>);

function withoutNothing(value: unknown): unknown {
  if (Array.isArray(value) || typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, one]) => (one === undefined ? [] : [[key, withoutNothing(one)]])),
  );
}

const anyCall = fc.record({
  call: fc.constantFrom(...calls),
  region: fc.constantFrom("us-east-1", "eu-west-1", "ap-southeast-2"),
  origin: fc.constantFrom<NonNullable<Conduct["origin"]>>(
    { kind: "address", address: "192.0.2.7" },
    { kind: "address", address: "198.51.100.1" },
    { kind: "vpc-endpoint", id: "vpce-0abc" },
  ),
});

describe.each(["boundary", "session-policy", "scp"] as const)("as %s", (to) => {
  it("allows what the envelope allows and nothing else", () => {
    let answered = 0;
    fc.assert(
      fc.property(envelopes, fc.array(anyCall, { minLength: 4, maxLength: 12 }), (envelope, asked) => {
        const policy = compiled(envelope, { to });
        if (policy.kind === "too-large") return;
        const judge = compileEnvelope(bot(envelope), [], tables.iam);
        for (const {
          call: [action, resource],
          region,
          origin,
        } of asked) {
          const call: Call = { action, resource, region, origin };
          const verdict = judge.judge(conductOf(call), noon);
          answered++;
          expect(allows(policy, to, call), `${JSON.stringify(call)} ${JSON.stringify(verdict)}`).toBe(
            verdict.kind !== "outside",
          );
        }
      }),
      { numRuns: 300 },
    );
    expect(answered).toBeGreaterThan(500);
  });
});

describe("a policy", () => {
  const allow = (Action: string | readonly string[], Resource: string | readonly string[] = "*"): JsonObject => ({
    Effect: "Allow",
    Action,
    Resource,
  });

  it("is as short as it can be without saying something else", () => {
    const { document } = compiled({
      statements: [
        { Sid: "One", ...allow(["s3:GetObject", "s3:getobject"], "arn:aws:s3:::a/*") },
        allow("s3:GetObject", ["arn:aws:s3:::b/*", "arn:aws:s3:::a/x"]),
        allow("s3:PutObject", ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"]),
        allow("s3:PutObject", "arn:aws:s3:::a/y"),
      ],
    }) as Extract<EnvelopePolicy, { kind: "policy" }>;
    expect(document).toEqual({
      Version: "2012-10-17",
      Statement: [
        {
          Effect: "Allow",
          Action: ["s3:GetObject", "s3:PutObject"],
          Resource: ["arn:aws:s3:::a/*", "arn:aws:s3:::b/*"],
        },
      ],
    });
  });

  it("leaves global services out of a Region's denial only where the envelope speaks of them", () => {
    const [, denial] = statementsIn(compiled({ statements: [allow("s3:GetObject")], regions: ["us-east-1"] }));
    expect(denial).toEqual({
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { StringNotEquals: { "aws:RequestedRegion": "us-east-1" } },
    });
    const [, other] = statementsIn(compiled({ statements: [allow(["iam:GetRole", "s3:*"])], regions: [] }));
    expect(other?.["NotAction"]).toContain("iam:*");
    expect(other?.["NotAction"]).toContain("s3:ListAllMyBuckets");
    expect(other?.["NotAction"]).not.toContain("route53:*");
  });

  it("closes other accelerators, and says what it cannot count", () => {
    const policy = compiled(
      { statements: [allow("ec2:*")], accelerators: { families: ["g5"], maxInstances: 4 } },
      { otherFamilies: ["p5", "p4d"] },
    );
    const launch = (type: string): Call => ({
      action: "ec2:RunInstances",
      resource: "arn:aws:ec2:us-east-1:111122223333:instance/*",
      region: "us-east-1",
      origin: { kind: "address", address: "192.0.2.7" },
      context: { "ec2:InstanceType": type },
    });
    expect(allows(policy, "boundary", launch("g5.xlarge"))).toBe(true);
    expect(allows(policy, "boundary", launch("t3.micro"))).toBe(true);
    expect(allows(policy, "boundary", launch("p5.48xlarge"))).toBe(false);
    expect(policy.kind === "policy" && policy.notes.join()).toContain("accelerators.maxInstances");
  });

  it("says that plain parameters are closed, where the envelope lists secrets and may read parameters", () => {
    const notes = (Action: string): string => {
      const policy = compiled({ statements: [allow(Action)], secrets: [secret("bot/*")] });
      return policy.kind === "policy" ? policy.notes.join() : "";
    };
    expect(notes("ssm:GetParameter")).toContain("Parameter Store");
    expect(notes("secretsmanager:GetSecretValue")).not.toContain("Parameter Store");
  });

  it("holds grants in their time when they are asked for", () => {
    const grant: Grant = {
      id: "reindex",
      statements: [allow("s3:GetObject", "arn:aws:s3:::archive/*")],
      from: at("2026-11-20T00:00:00Z"),
      until: at("2026-11-21T00:00:00Z"),
      approvedBy: "lead@example.com",
    };
    const over = { ...grant, id: "old", from: at("2026-10-01T00:00:00Z"), until: at("2026-10-02T00:00:00Z") };
    const policy = compiled({ statements: [allow("s3:PutObject")] }, { grants: [grant, over] });
    expect(statementsIn(policy)).toHaveLength(2);
    const read = (when: string): Call => ({
      action: "s3:GetObject",
      resource: "arn:aws:s3:::archive/a",
      region: "us-east-1",
      origin: { kind: "address", address: "192.0.2.7" },
      when: at(when),
    });
    expect(allows(policy, "boundary", read("2026-11-20T00:00:00Z"))).toBe(true);
    expect(allows(policy, "boundary", read("2026-11-21T00:00:00Z"))).toBe(false);
    const denying = { ...grant, statements: [{ Effect: "Deny", Action: "s3:*", Resource: "*" }] };
    expect(compiled({ statements: [allow("s3:*")] }, { grants: [denying] }).kind).toBe("impossible");
  });

  it("of an organization holds the workload's roles only, and needs one", () => {
    const policy = compiled({ statements: [allow("s3:GetObject")] }, { to: "scp" });
    const call: Call = {
      action: "s3:PutObject",
      resource: "arn:aws:s3:::docs/a",
      region: "us-east-1",
      origin: { kind: "address", address: "192.0.2.7" },
    };
    expect(allows(policy, "scp", call)).toBe(false);
    expect(allows(policy, "scp", call, "arn:aws:sts::111122223333:assumed-role/deployer/x")).toBe(true);
    const nobody = workload("f", {
      selectors: [{ kind: "lambdaFunction", value: "arn:aws:lambda:us-east-1:111122223333:function:f" }],
    });
    const question = { to: "scp", grants: [], at: noon, tables: { iam: tables.iam, otherFamilies: [] } } as const;
    expect(policyOf(nobody, question).kind).toBe("impossible");
  });

  it("writes actions by their beginning when it would not fit otherwise, and no wider than declared", () => {
    const { table } = tables.iam;
    const every = Array.from({ length: table.size }, (_, place) => table.at(place)?.name ?? "");
    const gets = every.filter((name) => name.startsWith("ec2:Describe"));
    const policy = compiled({ statements: [allow([...gets, "ec2:RunInstances"])] }, { to: "session-policy" });
    expect(statementsIn(policy)).toEqual([allow(["ec2:Describe*", "ec2:RunInstances"])]);
    expect(policy.kind === "policy" && policy.notes.join()).toContain("by their beginning");
    const most = gets.slice(1);
    const [first] = statementsIn(compiled({ statements: [allow(most)] }));
    for (const name of gets) {
      const call: Call = { action: name, resource: "*", region: "us-east-1", origin: { kind: "service", name: "x" } };
      const written = compiledPolicy({ Version: "2012-10-17", Statement: [first ?? allow("x:y")] });
      const { decision } = evaluate(
        {
          action: call.action,
          resource: "arn:aws:ec2:us-east-1:111122223333:instance/i-1",
          resourceAccount: undefined,
          principal: role,
          context: contextOf({}),
          wildcardOnly: true,
        },
        { identityPolicies: written },
      );
      expect(decision === "Allowed", name).toBe(most.includes(name));
    }
  });

  it("that is too large says by how much, and what takes most", () => {
    const buckets = Array.from({ length: 200 }, (_, at) => `arn:aws:s3:::bucket-number-${at}/*`);
    const policy = compiled({
      statements: [allow("s3:GetObject", buckets), allow("sqs:SendMessage", "arn:aws:sqs:*:*:jobs")],
    });
    expect(policy).toMatchObject({ kind: "too-large", limit: sizeLimits.boundary });
    if (policy.kind !== "too-large") return;
    expect(policy.characters).toBeGreaterThan(policy.limit);
    expect(policy.statements.map((one) => one.statement["Action"])).toEqual(["s3:GetObject", "sqs:SendMessage"]);
  });
});
