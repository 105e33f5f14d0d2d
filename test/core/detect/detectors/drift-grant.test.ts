import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { driftGrant } from "../../../../core/detect/detectors/drift-grant.ts";
import { aboutOf } from "../../../../core/detect/facts/fact.ts";
import type { Finding } from "../../../../core/detect/finding.ts";
import { runDetector } from "../../../../core/detect/run.ts";
import type { Change } from "../../../../core/identity/manifest/manifest-change.ts";
import { eventOf, type Fixture, seenOf } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workloads } from "../../../fixtures/workloads.ts";

const detector = driftGrant(tables.iam);
const account = "111122223333";
const role = (name: string) => `arn:aws:iam::${account}:role/${name}`;
const policyArn = (name: string) => `arn:aws:iam::${account}:policy/${name}`;
const policy = (actions: readonly string[], resource = "*", over: Record<string, unknown> = {}) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: actions, Resource: resource, ...over }],
});

const record = (eventName: string, requestParameters: unknown, over: Record<string, unknown> = {}) => ({
  eventVersion: "1.11",
  eventID: "11111111-1111-4111-8111-000000000900",
  eventTime: "2026-11-20T10:15:00Z",
  eventSource: "iam.amazonaws.com",
  eventName,
  awsRegion: "us-east-1",
  userIdentity: {
    type: "IAMUser",
    principalId: "AIDACKCEVSQ6C2EXAMPLE",
    arn: `arn:aws:iam::${account}:user/ops-ana`,
    accountId: account,
    accessKeyId: "AKIAIOSFODNN7EXAMPLE",
    userName: "ops-ana",
  },
  requestParameters,
  recipientAccountId: account,
  ...over,
});

const found = (fixture: Omit<Fixture, "name">): readonly Finding[] => runDetector(detector, seenOf(fixture, workloads));
const put = (roleName: string, document: unknown, rest: Partial<Fixture> = {}) =>
  found({
    record: record("PutRolePolicy", { roleName, policyName: "more", policyDocument: JSON.stringify(document) }),
    ...rest,
  });
const identity = (arn: string, policies: Record<string, unknown> = {}, rest: Record<string, unknown> = {}) =>
  ({ kind: "identity", arn, policies, ...rest }) as const;
const grants = (finding: Finding | undefined) =>
  finding?.evidence.flatMap((one) => (one.kind === "grant" ? [`${one.action} ${one.resource}`] : []));
const counts = (finding: Finding | undefined) =>
  finding?.evidence.flatMap((one) => (one.kind === "count" ? [`${one.what}: ${one.count}`] : []));

describe("what a finding rests on", () => {
  it("shows twelve grants at most, gravest first, and counts the rest", () => {
    const [finding] = put("reader", policy(["s3:*", "ec2:Describe*", "secretsmanager:GetSecretValue"]), {
      known: [identity(role("reader"))],
    });
    expect(grants(finding)).toHaveLength(12);
    expect(grants(finding)?.[0]).toBe("secretsmanager:GetSecretValue *");
    expect(counts(finding)?.some((one) => /^further grants: \d{3}/.test(one))).toBe(true);
  });

  it("names every escalation path that opens, with what it needs first", () => {
    const [finding] = put(
      "planner",
      policy(["s3:ListBucket", "lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"]),
      {
        workloads: ["planner"],
        known: [identity(role("planner"))],
      },
    );
    expect(
      grants(finding)
        ?.slice(0, 3)
        .map((one) => one.split(" ")[0]),
    ).toEqual(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"]);
    expect(counts(finding)).toContain("escalation path opened: lambda:CreateFunction+InvokeFunction+iam:PassRole: 1");
    expect(finding?.confidence).toBe("high");
  });

  it("does not name a path that was open before", () => {
    const pass = policy(["lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"]);
    const [finding] = put("planner", policy(["lambda:CreateFunction", "ec2:DescribeInstances"]), {
      workloads: ["planner"],
      known: [identity(role("planner"), { pass })],
    });
    expect(finding).toMatchObject({ severity: "low", title: expect.stringContaining("look at more") });
  });

  it("does not name a path that a boundary keeps shut, though part of what it needs comes through", () => {
    const [finding] = put("planner", policy(["lambda:CreateFunction", "lambda:InvokeFunction", "iam:PassRole"]), {
      workloads: ["planner"],
      known: [identity(role("planner"), {}, { boundary: { arn: policyArn("limit"), document: policy(["lambda:*"]) } })],
    });
    expect(finding).toMatchObject({ severity: "medium", title: expect.stringContaining("change more") });
    expect(counts(finding)).toEqual(["grants that its permissions boundary closes for now: 1"]);
  });

  it("says what is not known, how old a fact is, and is less sure then", () => {
    const [unknown] = put("reader", policy(["s3:GetObject"]));
    expect(unknown?.confidence).toBe("medium");
    expect(counts(unknown)).toContain("not known: what it had before is not known, so all of it counts as new: 1");
    const [part] = put("reader", policy(["s3:GetObject"]), {
      known: [
        identity(
          role("reader"),
          {},
          {
            extent: "part",
            missing: [policyArn("other")],
            because: "IAM itself",
            readAt: Date.parse("2026-11-20T10:15:40Z"),
          },
        ),
      ],
    });
    expect(part?.confidence).toBe("medium");
    expect(counts(part)).toEqual([
      "not known: only some writes to it were seen, so it may have had this already: 1",
      "not known: the text of 1 of its policies is not known: 1",
    ]);
    expect(part?.evidence.filter(({ kind }) => kind === "fact")).toEqual([
      { kind: "fact", about: role("reader"), because: "IAM itself, read 40 s after the event" },
    ]);
  });

  it("names the identity with its path where it is known, so that it can be contained", () => {
    const holder = { arn: role("teams/batch"), policies: { [policyArn("team")]: policy(["sqs:SendMessage"]) } };
    const version = record("CreatePolicyVersion", {
      policyArn: policyArn("team"),
      policyDocument: JSON.stringify(policy(["sqs:*"])),
      setAsDefault: true,
    });
    const known = [{ kind: "holders", policy: policyArn("team"), holders: [holder], more: 2 }] as const;
    const [finding] = found({ record: version, known });
    expect(finding?.resource).toBe(role("teams/batch"));
    expect(counts(finding)).toContain("further holders of the policy: 2");
  });
});

describe("whom it is about", () => {
  it("finds each holder of a policy on its own, by what that one gains", () => {
    const team = policyArn("team");
    const version = record("CreatePolicyVersion", {
      policyArn: team,
      policyDocument: JSON.stringify(policy(["sqs:*", "ssm:GetParameter"])),
      setAsDefault: true,
    });
    const old = { [team]: policy(["sqs:*"]) };
    const findings = found({
      record: version,
      workloads: ["planner"],
      known: [
        {
          kind: "holders",
          policy: team,
          holders: [
            { arn: role("planner"), policies: old },
            { arn: role("batch"), policies: old },
            { arn: role("knew-it"), policies: { ...old, own: policy(["ssm:*"]) } },
          ],
        },
      ],
    });
    expect(findings.map(({ resource, severity }) => [resource, severity])).toEqual([
      [role("planner"), "high"],
      [role("batch"), "low"],
    ]);
    expect(new Set(findings.map(({ id }) => id)).size).toBe(2);
  });

  it("leaves a policy alone that only bounds somebody and got narrower", () => {
    const limit = policyArn("limit");
    const version = record("CreatePolicyVersion", {
      policyArn: limit,
      policyDocument: JSON.stringify(policy(["s3:GetObject"])),
      setAsDefault: true,
    });
    const holder = {
      arn: role("batch"),
      policies: { all: policy(["*"]) },
      boundary: { arn: limit, document: policy(["s3:*"]) },
    };
    expect(found({ record: version, known: [{ kind: "holders", policy: limit, holders: [holder] }] })).toEqual([]);
  });

  it("takes an inline policy of a group for the group's, also where a user has one of that name", () => {
    const deleted = record("DeleteUserPolicy", { userName: "eve", policyName: "wall" });
    const wall = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
    const own = policy(["s3:GetObject"]);
    const eve = `arn:aws:iam::${account}:user/eve`;
    expect(found({ record: deleted, known: [identity(eve, { own, wall })] })).toMatchObject([{ severity: "medium" }]);
    // The group's own of that name still shuts everything.
    expect(found({ record: deleted, known: [identity(eve, { own, wall }, { inherited: { wall } })] })).toEqual([]);
  });
});

describe("an announced change", () => {
  const attribution = {
    kind: "workload",
    id: "platform-deployer",
    declared: true,
    class: "linked",
    confidence: "high",
    because: "linked",
    root: { kind: "workload", id: "platform-deployer" },
    hops: [],
  } as const;
  const change = (statements: readonly Record<string, string>[]): Change => ({
    name: "add-reader",
    workload: "platform-deployer",
    plan: "0".repeat(64),
    posted: Date.parse("2026-11-20T09:00:00Z") as Change["posted"],
    from: Date.parse("2026-11-20T10:00:00Z") as Change["from"],
    until: Date.parse("2026-11-20T11:00:00Z") as Change["until"],
    ticket: "OPS-7",
    grants: [{ principal: role("reader"), statements }],
    where: "workloads/change.yaml:1",
  });
  const by = { type: "AssumedRole", principalId: "AROADBQP57FF2AEXAMPLE:run", accountId: account };
  const arn = `arn:aws:sts::${account}:assumed-role/platform-deployer/run`;
  const sessionContext = { sessionIssuer: { type: "Role", arn: role("platform-deployer"), accountId: account } };
  const written = (document: unknown, announced: Change) => {
    const request = { roleName: "reader", policyName: "more", policyDocument: JSON.stringify(document) };
    const userIdentity = { ...by, arn, sessionContext };
    const seen = seenOf(
      {
        record: record("PutRolePolicy", request, { userIdentity }),
        attribution,
        workloads: ["platform-deployer"],
        known: [identity(role("reader"))],
      },
      workloads,
    );
    return runDetector(detector, { ...seen, registry: { ...seen.registry, changes: [announced] } });
  };

  it("is info where it does what was announced, and high where it does more", () => {
    const allow = { Effect: "Allow", Action: "sqs:SendMessage", Resource: "*" };
    expect(written(policy(["sqs:SendMessage"]), change([allow]))).toMatchObject([
      { severity: "info", title: expect.stringContaining("announced as add-reader (OPS-7)") },
    ]);
    expect(written(policy(["sqs:SendMessage", "sqs:DeleteQueue"]), change([allow]))).toMatchObject([
      { severity: "high", title: expect.stringContaining("announced less than this") },
    ]);
    expect(written(policy(["*"]), change([allow]))).toMatchObject([{ severity: "critical" }]);
  });
});

describe("what is asked", () => {
  const asked = (name: string, request: unknown) =>
    detector.wants(eventOf(record(name, request))).map((fact) => `${fact.kind} ${aboutOf(fact)}`);

  it("is the identity, the text of customers' policies, the holders of what changes, and the account's limits", () => {
    expect(asked("AttachRolePolicy", { roleName: "reader", policyArn: policyArn("team") })).toEqual([
      `identity ${role("reader")}`,
      `managed-policy ${policyArn("team")}`,
      `controls ${account}`,
    ]);
    expect(
      asked("AttachRolePolicy", { roleName: "reader", policyArn: "arn:aws:iam::aws:policy/IAMFullAccess" }),
    ).toEqual([`identity ${role("reader")}`, `controls ${account}`]);
    expect(asked("SetDefaultPolicyVersion", { policyArn: policyArn("team"), versionId: "v1" })[0]).toBe(
      `holders ${policyArn("team")}`,
    );
    expect(asked("AddUserToGroup", { userName: "eve", groupName: "staff" })).toEqual([
      `identity arn:aws:iam::${account}:user/eve`,
      `identity arn:aws:iam::${account}:group/staff`,
      `controls ${account}`,
    ]);
    expect(asked("PutRolePolicy", null)).toEqual([]);
    expect(asked("CreatePolicy", { policyName: "x", policyDocument: "{}" })).toEqual([]);
  });
});

it("lets no secret of a policy's text into a grant, however it is spelled", () => {
  const token = `ghp_${"a1B2".repeat(9)}`;
  const text = JSON.stringify(policy(["s3:GetObject"], `arn:aws:s3:::${token}/*`)).replace("ghp_", "gh\\u0070_");
  const request = { roleName: "reader", policyName: "more", policyDocument: text };
  const findings = found({ record: record("PutRolePolicy", request) });
  expect(grants(findings[0])).toEqual(["s3:GetObject arn:aws:s3:::[masked]/*"]);
  expect(JSON.stringify(findings)).not.toContain(token);
});

it("measures a gain against a boundary whose text changes with the same version", () => {
  const both = policyArn("both");
  const holder = (version: unknown) => ({
    arn: role("batch"),
    policies: { [both]: version },
    boundary: { arn: both, document: version },
  });
  const version = (document: unknown) =>
    record("CreatePolicyVersion", { policyArn: both, policyDocument: JSON.stringify(document), setAsDefault: true });
  const known = [{ kind: "holders", policy: both, holders: [holder(policy(["sqs:*"]))] }] as const;
  expect(found({ record: version(policy(["sqs:*", "ssm:GetParameter"])), known })).toMatchObject([{ severity: "low" }]);
});

describe("for any policy", () => {
  const pattern = fc.constantFrom("*", "s3:*", "s3:GetObject", "iam:PassRole", "iam:Put*", "sts:AssumeRole", "x:y", "");
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
  const place = fc.constantFrom("*", "arn:aws:s3:::a/*", role("app-*"), "arn:aws:iam::*:user/${aws:username}");
  const conditions = fc.constantFrom(undefined, { StringEquals: { "aws:PrincipalTag/team": "a" } });
  const statement = fc.record({
    Effect: fc.constantFrom("Allow", "Deny"),
    Action: fc.array(pattern, { minLength: 1, maxLength: 3 }),
    Resource: fc.array(place, { minLength: 1, maxLength: 2 }),
    Condition: conditions,
  });
  const document = fc
    .array(statement, { minLength: 1, maxLength: 3 })
    .map((all) => ({ Version: "2012-10-17", Statement: all.map((one) => JSON.parse(JSON.stringify(one))) }));
  const boundary = fc.option(
    document.map((text) => ({ arn: policyArn("limit"), document: text })),
    { nil: undefined },
  );

  it("is quiet where it was there already, and finds one thing at most where it was not", () => {
    fc.assert(
      fc.property(document, document, boundary, (old, now, limit) => {
        const known = [identity(role("planner"), { more: old }, limit === undefined ? {} : { boundary: limit })];
        expect(put("planner", old, { known, workloads: ["planner"] })).toEqual([]);
        expect(put("planner", now, { known, workloads: ["planner"] }).length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });

  it("never finds more outside an envelope than without one", () => {
    fc.assert(
      fc.property(document, (now) => {
        const known = [identity(role("planner"))];
        const [outside] = [put("planner", now, { known, workloads: ["planner"] })];
        if (outside.length > 0) expect(put("planner", now, { known })).toHaveLength(1);
      }),
      { numRuns: 40 },
    );
  });
});
