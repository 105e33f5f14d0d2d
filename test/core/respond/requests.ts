import fc, { type Arbitrary } from "fast-check";
import type { Action, ActionKind, Grade } from "../../../core/decide/decision.ts";
import type { JsonObject } from "../../../core/event/json.ts";
import { gradeDigest, gradePolicyArn, mildGrades } from "../../../core/respond/deny-policies.ts";
import type { PlanRequest } from "../../../core/respond/planned.ts";
import type { Holder, Slot, Value } from "../../../core/respond/slot.ts";
import type { Snapshot } from "../../../core/respond/snapshot.ts";

export const account = "111122223333";
export const role = `arn:aws:iam::${account}:role/ai/support-bot`;
export const user = `arn:aws:iam::${account}:user/ci-legacy`;
const cluster = `arn:aws:eks:us-east-1:${account}:cluster/gpu-prod`;
const functionArn = `arn:aws:lambda:us-east-1:${account}:function:support-bot`;
const instance = `arn:aws:ec2:us-east-1:${account}:instance/i-0123456789abcdef0`;
const group = `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:11111111-1111-4111-8111-111111111111:autoScalingGroupName/gpu`;
const runtime = `arn:aws:bedrock-agentcore:us-east-1:${account}:runtime/support_bot-AbCdEfGhIj`;
const gateway = `arn:aws:bedrock-agentcore:us-east-1:${account}:gateway/tools-abcdefghij`;
const provider = `arn:aws:bedrock-agentcore:us-east-1:${account}:token-vault/default/oauth2credentialprovider/crm`;
const alias = `arn:aws:bedrock:us-east-1:${account}:agent-alias/AGENT12345/ALIAS12345`;
const environment = `arn:aws:batch:us-east-1:${account}:compute-environment/gpu`;

export type Held = Snapshot["held"][number];

const name = fc.stringMatching(/^[a-zA-Z][a-zA-Z0-9-]{0,12}$/);
const document: Arbitrary<JsonObject> = fc
  .array(fc.constantFrom("s3:GetObject", "logs:PutLogEvents", "bedrock:InvokeModel"), { minLength: 1, maxLength: 3 })
  .map((Action) => ({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action, Resource: "*" }] }));

/** Anything that a role or user may have: policies up to a full list, tags up to the last, a boundary or none. */
const belongings = (holder: Holder): Arbitrary<readonly Held[]> =>
  fc
    .record({
      attached: fc.uniqueArray(name, { maxLength: 10 }),
      inline: fc.uniqueArray(fc.tuple(name, document), { maxLength: 3, selector: ([key]) => key }),
      tags: fc.uniqueArray(fc.tuple(name, fc.string({ maxLength: 8 })), { maxLength: 50, selector: ([key]) => key }),
      boundary: fc.option(name),
    })
    .map(({ attached, inline, tags, boundary }) => [
      ...attached.map(
        (one): Held => ({
          slot: { kind: "attached-policy", holder, policy: `arn:aws:iam::${account}:policy/${one}` },
          value: "attached",
        }),
      ),
      ...inline.map(([key, value]): Held => ({ slot: { kind: "inline-policy", holder, name: key }, value })),
      ...tags.map(([key, value]): Held => ({ slot: { kind: "tag", holder, key }, value })),
      {
        slot: { kind: "boundary", holder },
        value: boundary === null ? null : `arn:aws:iam::${account}:policy/${boundary}`,
      },
    ]);

/** The stack's policies as they should be, edited, or not there. */
const policies: Arbitrary<readonly Held[]> = fc
  .tuple(...mildGrades.map((grade) => fc.constantFrom<Value>(gradeDigest(grade), "edited", null)))
  .map((values) =>
    mildGrades.map(
      (grade, at): Held => ({
        slot: { kind: "policy-document", policy: gradePolicyArn(grade, { partition: "aws", account }) },
        value: values[at] ?? null,
      }),
    ),
  );

const trust: Arbitrary<readonly Held[]> = fc
  .record({
    statements: fc.array(
      fc.record({
        Effect: fc.constant("Allow"),
        Principal: fc.constantFrom<JsonObject>(
          { Service: "ec2.amazonaws.com" },
          { AWS: `arn:aws:iam::${account}:root` },
        ),
        Action: fc.constant("sts:AssumeRole"),
      }),
      { minLength: 1, maxLength: 30 },
    ),
    one: fc.boolean(),
  })
  .map(({ statements, one }) => [
    {
      slot: { kind: "trust", role },
      value: { Version: "2012-10-17", Statement: one ? (statements[0] ?? null) : statements },
    },
  ]);

const credentials: Arbitrary<readonly Held[]> = fc
  .tuple(
    fc.constantFrom("Active", "Inactive"),
    fc.constantFrom("Active", "Inactive"),
    fc.constantFrom("Active", "Inactive"),
  )
  .map(([first, second, third]) => [
    { slot: { kind: "access-key", user, accessKeyId: "AKIAIOSFODNN7EXAMPLE" }, value: first },
    { slot: { kind: "access-key", user, accessKeyId: "AKIAI44QH8DHBEXAMPLE" }, value: second },
    { slot: { kind: "service-credential", user, credentialId: "ACCAEXAMPLE000000001" }, value: third },
  ]);

const oneOf = (slot: Slot, ...values: readonly Value[]): Arbitrary<readonly Held[]> =>
  fc.constantFrom(...values).map((value) => [{ slot, value }]);

interface Shape {
  readonly target: { readonly arn: string; readonly id: string };
  readonly action?: Partial<Action>;
  readonly held: readonly Arbitrary<readonly Held[]>[];
}

const ofRole = (only?: string, ...held: readonly Arbitrary<readonly Held[]>[]): Shape => ({
  target: { arn: role, id: "AROAEXAMPLEBOT000001" },
  ...(only === undefined ? {} : { action: { only: [only] } }),
  held: [belongings({ kind: "role", arn: role }), ...held],
});
const ofThing = (arn: string, action: Partial<Action>, ...held: readonly Arbitrary<readonly Held[]>[]): Shape => ({
  target: { arn, id: arn },
  action,
  held,
});

/** For each kind of action a target of its kind, with whatever state it may be in. */
export const shapes: Readonly<Record<ActionKind, Shape>> = {
  "contain-role": ofRole(undefined, policies),
  "contain-user": {
    target: { arn: user, id: "AIDAEXAMPLECI0000001" },
    held: [belongings({ kind: "user", arn: user }), policies, credentials],
  },
  "deactivate-key": { target: { arn: user, id: "AKIAIOSFODNN7EXAMPLE" }, held: [credentials] },
  "contain-session": ofRole("run-1"),
  "contain-instance": ofRole(
    instance,
    oneOf(
      { kind: "instance-profile", instance: "i-0123456789abcdef0", account, region: "us-east-1" },
      `arn:aws:iam::${account}:instance-profile/fleet`,
      null,
    ),
  ),
  "contain-function": ofRole(functionArn, oneOf({ kind: "function-concurrency", functionArn }, null, 0, 7)),
  "contain-training": ofRole(),
  "contain-service-account": ofRole("oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D/bots/support-bot", trust),
  "contain-pod": ofRole(
    `${cluster}/bots/support-bot`,
    oneOf(
      { kind: "pod-identity", cluster, namespace: "bots", serviceAccount: "support-bot" },
      { role, disableSessionTags: false },
      { role, disableSessionTags: true },
    ),
  ),
  "contain-ci-subject": ofRole("token.actions.githubusercontent.com/repo:acme/support-bot:environment:prod", trust),
  "lock-trust": ofRole(undefined, trust),
  "remove-cluster-access": ofRole(
    cluster,
    oneOf({ kind: "cluster-access", cluster, principal: role }, { groups: ["masters"], policies: [] }),
  ),
  "stop-agent-sessions": ofThing(
    runtime,
    { only: ["session-1", "session-2"] },
    oneOf({ kind: "run", service: "agentcore", arn: runtime, session: "session-1" }, "running", "stopped"),
    oneOf({ kind: "run", service: "agentcore", arn: runtime, session: "session-2" }, "running"),
  ),
  "remove-gateway-target": ofThing(
    gateway,
    { only: ["TARGET0001"] },
    oneOf({ kind: "gateway-target", gateway, target: "TARGET0001" }, { name: "crm", lambda: functionArn }),
  ),
  "deny-credential-provider": ofRole(
    provider,
    oneOf({ kind: "credential-provider", arn: provider }, { credentialProviderVendor: "SlackOauth2" }, null),
  ),
  "pause-agent-alias": ofThing(
    alias,
    {},
    oneOf(
      { kind: "agent-alias", arn: alias },
      { routingConfiguration: [{ agentVersion: "3" }] },
      { aliasInvocationState: "ACCEPT_INVOCATIONS", routingConfiguration: [{ agentVersion: "3" }] },
      { aliasInvocationState: "REJECT_INVOCATIONS", routingConfiguration: [] },
    ),
  ),
  "disable-compute-environment": ofThing(
    environment,
    {},
    oneOf({ kind: "compute-environment", arn: environment }, "ENABLED", "DISABLED"),
  ),
  "freeze-fleet": ofThing(
    group,
    {},
    oneOf({ kind: "scaling-processes", group }, [], ["AZRebalance"], ["Launch", "Terminate"]),
    oneOf({ kind: "scaling-size", group }, { min: 0, max: 8, desired: 4 }, { min: 2, max: 2, desired: 2 }),
  ),
  "disable-anywhere-profile": ofRole("0123456789"),
  "remove-assignment": ofRole("94482488-3041-7026-18f3-be45837cd0e4"),
  "cut-foreign-principal": ofRole("arn:aws:iam::444455556666:role/vendor"),
  "rotate-secret": ofRole(`arn:aws:secretsmanager:us-east-1:${account}:secret:support-bot/crm-AbCdEf`),
};

const grades: readonly (Grade | undefined)[] = [undefined, "deny-all", ...mildGrades];

/** A request for one kind of action, with a target in any state. */
export function requestsFor(kind: ActionKind): Arbitrary<PlanRequest> {
  const { target, action, held } = shapes[kind];
  return fc.record({ held: fc.tuple(...held), grade: fc.constantFrom(...grades) }).map(({ held: all, grade }) => ({
    action: { kind, target: target.arn, tier: 1, ...(grade === undefined ? {} : { grade }), ...action },
    caseId: "0123456789abcdef0123456789abcdef",
    snapshot: { schema: 1, target: { ...target, account }, held: all.flat(), quotas: {} },
    blast: { sessions: 1, instances: 1, functions: 0, jobs: 0, workloads: ["support-bot"] },
  }));
}
