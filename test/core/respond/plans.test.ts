import { describe, expect, it } from "vitest";
import type { Action, ActionKind } from "../../../core/decide/decision.ts";
import { compilePolicies, verdictOf } from "../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../core/iam/context.ts";
import { parsePolicy } from "../../../core/iam/policy.ts";
import { planners } from "../../../core/respond/catalog.ts";
import { denyAllArn, gradeDigest, gradePolicyArn } from "../../../core/respond/deny-policies.ts";
import type { Plan } from "../../../core/respond/plan.ts";
import type { Planned } from "../../../core/respond/planned.ts";
import type { Slot, Value } from "../../../core/respond/slot.ts";
import { account, type Held, role, shapes, user } from "./requests.ts";

const holder = { kind: "role", arn: role } as const;
const spend = gradePolicyArn("deny-spend", { partition: "aws", account });
const spendDocument: Slot = { kind: "policy-document", policy: spend };

interface Given {
  readonly action?: Partial<Action>;
  readonly held?: readonly Held[];
  readonly quotas?: Readonly<Record<string, number>>;
  readonly jobs?: number;
}

function planned(kind: ActionKind, { action = {}, held = [], quotas = {}, jobs = 0 }: Given = {}): Planned {
  const planner = planners.find((one) => one.action === kind);
  const shape = shapes[kind];
  if (planner === undefined) throw new Error(`no planner for ${kind}`);
  return planner.plan({
    action: { kind, target: shape.target.arn, tier: 1, ...shape.action, ...action },
    caseId: "case-1",
    snapshot: { schema: 1, target: { ...shape.target, account }, held, quotas },
    blast: { sessions: 1, instances: 0, functions: 0, jobs, workloads: ["support-bot"] },
  });
}

function planOf(kind: ActionKind, given?: Given): Plan {
  const found = planned(kind, given);
  if (found.kind !== "plan") throw new Error(found.because);
  return found.plan;
}

/** IAM's way to say a policy variable. */
const variable = ["$", "{aws:username}"].join("");

const first = (plan: Plan) => plan.steps[0];
const held = (slot: Slot, value: Value): Held => ({ slot, value });
const attachments = (count: number): readonly Held[] =>
  Array.from({ length: count }, (_, at) =>
    held({ kind: "attached-policy", holder, policy: `arn:aws:iam::${account}:policy/p${at}` }, "attached"),
  );

/** What the one document of a plan does to a session of the role. */
function denies(document: Value, action: string, context: Readonly<Record<string, string>>, resource = "*"): boolean {
  const parsed = parsePolicy(document);
  if (!parsed.ok) throw new Error(parsed.because);
  const target = { resource, wildcardOnly: false, context: contextOf(context) };
  return verdictOf(compilePolicies([parsed.document]), action, target) === "denied";
}

describe("a role", () => {
  it("is denied everything by AWS's own policy, with the boundary's slot in hand", () => {
    const plan = planOf("contain-role", { held: attachments(9) });
    expect(plan.tier).toBe(1);
    expect(first(plan)).toMatchObject({
      change: { slot: { kind: "attached-policy", policy: denyAllArn("aws") }, before: null, after: "attached" },
      instead: { slot: { kind: "boundary" }, after: denyAllArn("aws") },
    });
  });

  it("is bounded where no attachment is free, keeping the boundary that it had for the way back", () => {
    const own = `arn:aws:iam::${account}:policy/bound`;
    const bound = held({ kind: "boundary", holder }, own);
    const plan = planOf("contain-role", { held: [...attachments(10), bound] });
    expect(first(plan).change).toEqual({ slot: bound.slot, before: own, after: denyAllArn("aws") });
    expect(
      first(planOf("contain-role", { held: attachments(10), quotas: { AttachedPoliciesPerRoleQuota: 20 } })).change,
    ).toMatchObject({ slot: { kind: "attached-policy" } });
  });

  it("is denied a grade only where the policy is the stack's own, and again at the call", () => {
    const intact = planOf("contain-role", {
      action: { grade: "deny-spend" },
      held: [held(spendDocument, gradeDigest("deny-spend"))],
    });
    expect(intact.tier).toBe(1);
    expect(first(intact)).toMatchObject({
      change: { slot: { policy: spend }, after: "attached" },
      requires: { slot: spendDocument, value: gradeDigest("deny-spend") },
    });
    expect(first(intact).instead).toBeUndefined();
    expect(intact.sideEffects.join()).toContain("launches");
  });

  it.each([
    ["was edited", "0".repeat(64)],
    ["is not there", null],
  ])("is denied everything, by a person's word, where the grade's policy %s", (_, digest) => {
    const plan = planOf("contain-role", { action: { grade: "deny-spend" }, held: [held(spendDocument, digest)] });
    expect(plan.tier).toBe(2);
    expect(first(plan)).toMatchObject({ tier: 2, change: { slot: { policy: denyAllArn("aws") } } });
    expect(first(plan).requires).toBeUndefined();
  });

  it("never has a grade for its boundary, where it would deny more than was decided", () => {
    const plan = planOf("contain-role", {
      action: { grade: "deny-spend" },
      held: [...attachments(10), held(spendDocument, gradeDigest("deny-spend"))],
    });
    expect(first(plan)).toMatchObject({ tier: 2, change: { slot: { kind: "boundary" }, after: denyAllArn("aws") } });
  });
});

describe("a user", () => {
  const keys = [
    held({ kind: "access-key", user, accessKeyId: "AKIAIOSFODNN7EXAMPLE" }, "Active"),
    held({ kind: "access-key", user, accessKeyId: "AKIAI44QH8DHBEXAMPLE" }, "Inactive"),
    held({ kind: "service-credential", user, credentialId: "ACCAEXAMPLE000000001" }, "Active"),
  ];

  it("is denied first, since tokens outlive keys; then what is active of its credentials is switched off", () => {
    const { steps, tier } = planOf("contain-user", { held: keys });
    expect(tier).toBe(1);
    expect(steps.map(({ change }) => change.slot.kind)).toEqual([
      "attached-policy",
      "access-key",
      "service-credential",
      "tag",
      "tag",
    ]);
  });

  it("keeps its keys under a grade", () => {
    const plan = planOf("contain-user", {
      action: { grade: "deny-spend" },
      held: [...keys, held(spendDocument, gradeDigest("deny-spend"))],
    });
    expect(plan.steps.map(({ change }) => change.slot.kind)).toEqual(["attached-policy", "tag", "tag"]);
    expect(plan.notStopped).toContain("its keys stay active");
  });

  it("loses one key where only the key is meant", () => {
    const plan = planOf("deactivate-key", { held: keys });
    expect(plan.steps).toHaveLength(1);
    expect(first(plan).change).toMatchObject({ slot: { accessKeyId: "AKIAIOSFODNN7EXAMPLE" }, after: "Inactive" });
    expect(planned("deactivate-key", { held: keys.slice(1) })).toMatchObject({ kind: "refused" });
  });
});

describe("a part of a role's sessions", () => {
  const id = "AROAEXAMPLEBOT000001";

  it("is denied by the session's name, and no other session is", () => {
    const { after } = first(planOf("contain-session")).change;
    expect(denies(after, "s3:GetObject", { "aws:userid": `${id}:run-1` })).toBe(true);
    expect(denies(after, "s3:GetObject", { "aws:userid": `${id}:run-2` })).toBe(false);
  });

  it("is refused where it does not say which, or where the name would be a variable", () => {
    expect(planned("contain-session", { action: { only: [variable] } })).toMatchObject({ kind: "refused" });
    expect(
      planned("contain-ci-subject", {
        action: { only: [`token.actions.githubusercontent.com/repo:${variable}`] },
        held: [held({ kind: "trust", role }, { Statement: [] })],
      }),
    ).toMatchObject({ kind: "refused" });
    expect(
      planned("contain-ci-subject", { action: { only: ["token.actions.githubusercontent.com/repo:acme/*"] } }),
    ).toMatchObject({
      kind: "refused",
    });
  });

  it("is one instance of a fleet, and one function of several", () => {
    const profile: Slot = { kind: "instance-profile", instance: "i-0123456789abcdef0", account, region: "us-east-1" };
    const plan = planOf("contain-instance", {
      held: [held(profile, `arn:aws:iam::${account}:instance-profile/fleet`)],
    });
    expect(denies(first(plan).change.after, "s3:GetObject", { "aws:userid": `${id}:i-0123456789abcdef0` })).toBe(true);
    expect(denies(first(plan).change.after, "s3:GetObject", { "aws:userid": `${id}:i-0fedcba9876543210` })).toBe(false);
    expect(plan.steps[1]).toMatchObject({ change: { slot: profile, after: null }, optional: true });
    const functionArn = `arn:aws:lambda:us-east-1:${account}:function:support-bot`;
    const halt = planOf("contain-function", { held: [held({ kind: "function-concurrency", functionArn }, null)] });
    expect(halt.steps[1]?.change).toMatchObject({ before: null, after: 0 });
    expect(denies(first(halt).change.after, "s3:GetObject", { "aws:userid": `${id}:support-bot` })).toBe(true);
  });

  it("is the pods of a service account by their tags; without tags the association goes", () => {
    const slot = {
      kind: "pod-identity",
      cluster: `arn:aws:eks:us-east-1:${account}:cluster/gpu-prod`,
      namespace: "bots",
      serviceAccount: "support-bot",
    } as const;
    const tags = {
      "aws:PrincipalTag/eks-cluster-arn": slot.cluster,
      "aws:PrincipalTag/kubernetes-namespace": "bots",
      "aws:PrincipalTag/kubernetes-service-account": "support-bot",
    };
    const { after } = first(planOf("contain-pod", { held: [held(slot, { role, disableSessionTags: false })] })).change;
    expect(denies(after, "s3:GetObject", tags)).toBe(true);
    expect(denies(after, "s3:GetObject", { ...tags, "aws:PrincipalTag/kubernetes-namespace": "shop" })).toBe(false);
    const untagged = planOf("contain-pod", { held: [held(slot, { role, disableSessionTags: true })] });
    expect(first(untagged).change).toMatchObject({ slot, after: null });
    const other = held(slot, { role: `${role}-other`, disableSessionTags: false });
    expect(planned("contain-pod", { held: [other] })).toMatchObject({ kind: "refused" });
  });

  it("is one subject of an issuer, at the door and inside; what the trust said stays", () => {
    const statement = { Effect: "Allow", Principal: { Service: "ec2.amazonaws.com" }, Action: "sts:AssumeRole" };
    const trust = held({ kind: "trust", role }, { Version: "2012-10-17", Statement: statement });
    const { steps } = planOf("contain-service-account", { held: [trust] });
    const subject = {
      "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D:sub": "system:serviceaccount:bots:support-bot",
    };
    expect(steps[0].change.after).toMatchObject({
      Statement: [
        statement,
        {
          Effect: "Deny",
          Action: ["sts:AssumeRoleWithWebIdentity"],
          Principal: {
            Federated: `arn:aws:iam::${account}:oidc-provider/oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D`,
          },
          Condition: { StringEquals: subject },
        },
      ],
    });
    expect(denies(steps[1]?.change.after ?? null, "s3:GetObject", subject)).toBe(true);
    expect(denies(steps[1]?.change.after ?? null, "s3:GetObject", {})).toBe(false);
  });
});

describe("documents", () => {
  const wide = { Effect: "Allow", Principal: { AWS: "x".repeat(2_000) }, Action: "sts:AssumeRole" };
  const trust = held({ kind: "trust", role }, { Version: "2012-10-17", Statement: [wide] });

  it("replace a trust without room where the Deny alone says as much, and are a ticket where it does not", () => {
    const locked = planOf("lock-trust", { held: [trust] });
    expect(first(locked).change.after).toMatchObject({ Statement: [{ Effect: "Deny", Principal: "*" }] });
    expect(first(locked).change.before).toEqual(trust.value);
    expect(planned("contain-service-account", { held: [trust] })).toMatchObject({ kind: "ticket" });
  });

  it("are not written where the role has no room, or has a policy of that name", () => {
    const full = held({ kind: "inline-policy", holder, name: "large" }, { Statement: "x".repeat(10_200) });
    expect(planned("contain-session", { held: [full] })).toMatchObject({ kind: "ticket" });
    const same = held({ kind: "inline-policy", holder, name: "cordon-case-1-session" }, { Statement: [] });
    expect(planned("contain-session", { held: [same] })).toMatchObject({ kind: "refused" });
  });

  it("leave training its own bucket and logs, unless everything was asked for", () => {
    const { after } = first(planOf("contain-training")).change;
    const [own, other] = [{ "aws:ResourceAccount": account }, { "aws:ResourceAccount": "444455556666" }];
    expect(["s3:PutObject", "logs:PutLogEvents", "kms:Decrypt"].map((one) => denies(after, one, own))).toEqual([
      false,
      false,
      false,
    ]);
    expect(denies(after, "s3:PutObject", other)).toBe(true);
    for (const one of [
      "sts:AssumeRole",
      "iam:PassRole",
      "secretsmanager:GetSecretValue",
      "sagemaker:CreateTrainingJob",
    ])
      expect(denies(after, one, own), one).toBe(true);
    const full = planOf("contain-training", { action: { grade: "deny-all" } });
    expect(first(full)).toMatchObject({ tier: 2, change: { slot: { policy: denyAllArn("aws") } } });
  });
});

describe("things", () => {
  it("are frozen without an instance being launched or lost", () => {
    const group = shapes["freeze-fleet"].target.arn;
    const plan = planOf("freeze-fleet", {
      held: [
        held({ kind: "scaling-processes", group }, ["AddToLoadBalancer"]),
        held({ kind: "scaling-size", group }, { min: 1, max: 8, desired: 4 }),
      ],
    });
    expect(first(plan).change.after).toEqual(expect.arrayContaining(["AddToLoadBalancer", "Launch", "Terminate"]));
    expect(plan.steps[1]?.change.after).toEqual({ min: 1, max: 4, desired: 4 });
  });

  it("are paused with the routing that they have", () => {
    const arn = shapes["pause-agent-alias"].target.arn;
    const before = { routingConfiguration: [{ agentVersion: "3" }] };
    const plan = planOf("pause-agent-alias", { held: [held({ kind: "agent-alias", arn }, before)] });
    expect(first(plan).change).toMatchObject({
      before,
      after: { ...before, aliasInvocationState: "REJECT_INVOCATIONS" },
    });
  });

  it("say where vended tokens are revoked", () => {
    const [arn = ""] = shapes["deny-credential-provider"].action?.only ?? [];
    const known = held({ kind: "credential-provider", arn }, { credentialProviderVendor: "SlackOauth2" });
    const plan = planOf("deny-credential-provider", { held: [known] });
    expect(plan.notStopped.join()).toContain("at Slack");
    expect(denies(first(plan).change.after, "bedrock-agentcore:GetResourceOauth2Token", {}, arn)).toBe(true);
    expect(denies(first(plan).change.after, "bedrock-agentcore:GetResourceOauth2Token", {}, `${arn}-other`)).toBe(
      false,
    );
  });
});
