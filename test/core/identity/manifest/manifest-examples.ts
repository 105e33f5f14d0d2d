import { parseYaml } from "../../../../adapters/local/yaml.ts";
import { type Located, printProblem } from "../../../../core/event/located.ts";
import { readManifests } from "../../../../core/identity/manifest/manifest.ts";
import type { Declarations } from "../../../../core/identity/registry.ts";

/** A manifest that uses every key of kind Workload, with every selector. */
export const everyKey = `apiVersion: cordon/v1
kind: Workload
metadata: { name: support-bot, owner: team-support, oncall: "pagerduty:P123", environment: production, tier: critical, protected: false, status: active }
spec:
  class: agent
  identifiedBy:
    - roleArn: arn:aws:iam::111122223333:role/support-bot
    - eksServiceAccount: { clusterArn: "arn:aws:eks:us-east-1:111122223333:cluster/bots", oidcIssuer: oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE, namespace: bots, name: support-bot }
    - oidc: { issuer: token.actions.githubusercontent.com, subject: "repo:acme/support-bot:environment:prod" }
    - lambdaFunction: arn:aws:lambda:us-east-1:111122223333:function:support-bot
    - userArn: arn:aws:iam::111122223333:user/support-bot
    - accessKeyId: AKIAIOSFODNN7EXAMPLE
    - ec2AutoScalingGroup: support-bot-nodes
    - ec2InstanceProfile: arn:aws:iam::111122223333:instance-profile/support-bot
    - ecsTaskRole: arn:aws:iam::111122223333:role/support-bot-task
    - batchJobRole: arn:aws:iam::111122223333:role/support-bot-batch
    - sagemaker: { endpoint: support-bot }
    - codeBuildProject: arn:aws:codebuild:us-east-1:111122223333:project/support-bot
    - glueJob: support-bot-*
    - agentCoreRuntime: arn:aws:bedrock-agentcore:us-east-1:111122223333:runtime/support_bot-abc
    - bedrockAgent: arn:aws:bedrock:us-east-1:111122223333:agent/ABCDEFGHIJ
    - rolesAnywhereSubject: arn:aws:rolesanywhere:us-east-1:111122223333:subject/3f1c
    - identityCenterUser: arn:aws:identitystore::111122223333:identitystore/d-1234567890/9067a1b2
    - thirdParty: { accountId: "444455556666" }
    - roles: { accounts: ["111122223333"], path: /ai/* }
  sourceIdentities: [support-bot-v1, "ci-*"]
  envelope:
    statements: [ { Sid: Models, Effect: Allow, Action: ["bedrock:InvokeModel*"], Resource: "*", Condition: { StringEquals: { "aws:SourceAccount": "111122223333" }, NumericLessThan: { "s3:max-keys": 10 } } } ]
    regions: [us-east-1]
    models: ["anthropic.claude-*"]
    accelerators: { families: [g5], maxInstances: 8, maxHourlyUsd: 50 }
    secrets: ["arn:aws:secretsmanager:us-east-1:111122223333:secret:support-bot/*"]
    session: { maxSeconds: 3600 }
    chain: { maxHops: 3, maxHours: 12 }
    origin: { vpcEndpoints: [vpce-0abc], cidrs: [192.0.2.0/24, "2001:db8::/32"] }
    mayInvoke: [ "agent:summariser", "gateway:tools" ]
  grants:
    - { id: reindex-42, statements: [ { Effect: Allow, NotAction: "iam:*", NotResource: "arn:aws:s3:::x" } ], from: 2026-11-20T00:00:00Z, until: 2026-11-21T00:00:00Z, approvedBy: security-lead@example.com, ticket: OPS-42 }
  response: { contain: automatic, release: { after: 4h }, approvers: [sec-oncall] }
`;

/** One document of each other kind, in one file. */
export const otherKinds = `apiVersion: cordon/v1
kind: Profile
metadata: { name: base, owner: team-base, oncall: "pagerduty:P1", environment: production, tier: standard, protected: true }
spec:
  class: training
  envelope: { regions: [us-east-1, us-west-2], accelerators: { families: [g5, p4d], maxInstances: 4 } }
  response: { contain: never }
---
apiVersion: cordon/v1
kind: Exception
metadata: { name: weekly-reindex, owner: team-search }
spec: { detector: gpu-new-region, workload: support-bot, principal: "arn:aws:iam::111122223333:role/support-bot", resource: "arn:aws:ec2:us-west-2:111122223333:instance/*", upTo: medium, from: 2026-11-01T00:00:00Z, until: 2026-12-01T00:00:00Z, reason: moving to another Region, approvedBy: security-lead@example.com, ticket: OPS-43 }
---
apiVersion: cordon/v1
kind: Approver
metadata: { name: sec-oncall, owner: team-security }
spec: { identities: [ { issuer: https://idp.example.com, subject: 00u1, email: lead@example.com } ] }
---
apiVersion: cordon/v1
kind: Deployment
metadata: { name: prod, owner: team-platform }
spec: { mode: observe, undeclared: approval, accounts: ["111122223333"], regions: [us-east-1], protected: ["arn:aws:iam::111122223333:role/core-*"], breakGlassRoles: ["arn:aws:iam::111122223333:role/break-glass"] }
`;

/** A small workload around a few lines of `identifiedBy`, and lines for the end of `metadata`. */
export const workload = (name: string, selectors: string, metadata = ""): string =>
  `apiVersion: cordon/v1
kind: Workload
metadata: { name: ${name}, owner: team-test${metadata} }
spec:
  identifiedBy:
${selectors
  .split("\n")
  .map((line) => `    ${line}`)
  .join("\n")}
`;

/** The documents of texts that parse; file names are a.yaml, b.yaml, … */
export const located = (...texts: readonly string[]): readonly Located[] =>
  texts.flatMap((text, index) => {
    const parsed = parseYaml(`${String.fromCharCode(97 + index)}.yaml`, text);
    if (!parsed.ok) throw new Error(parsed.problems.map(printProblem).join("\n"));
    return parsed.documents;
  });

/** What is wrong, as printed lines. */
export function problemsOf(...texts: readonly string[]): readonly string[] {
  const read = readManifests(located(...texts));
  return read.ok ? [] : read.problems.map(printProblem);
}

/** The registry of texts in which nothing is wrong. */
export function registryFrom(...texts: readonly string[]): Declarations {
  const read = readManifests(located(...texts));
  if (!read.ok) throw new Error(read.problems.map(printProblem).join("\n"));
  return read.registry;
}
