import { describe, expect, it } from "vitest";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import { problemsOf, registryFrom, workload } from "./manifest/manifest-examples.ts";

const role = (name: string, partition = "aws") => `arn:${partition}:iam::111122223333:role/${name}`;
const lambda = (name: string) => `arn:aws:lambda:us-east-1:111122223333:function:${name}`;

describe("byRole", () => {
  const registry = registryFrom(
    workload("exact", `- roleArn: ${role("bot-a")}`),
    workload("short", `- roleArn: ${role("job-*")}`),
    workload("direct", '- roles: { accounts: ["111122223333"], path: /ai/ }'),
    workload("below", '- roles: { accounts: ["111122223333", "444455556666"], path: /data/* }'),
    workload("named", `- roleArn: ${role("ai/bot-*")}`),
    workload(
      "task",
      `- ecsTaskRole: ${role("task")}\n- batchJobRole: ${role("batch")}\n- sagemaker: { roleArn: "${role("notebook")}" }`,
    ),
    workload("china", `- roleArn: ${role("bot-a", "aws-cn")}`),
    workload("draft", `- roleArn: ${role("draft")}`, ", status: draft"),
  );
  it.each([
    [role("bot-a"), "exact"],
    [role("job-b"), "short"],
    [role("job-"), "short"],
    [role("ai/x"), "direct"],
    [role("data/deep/x"), "below"],
    [role("ai/bot-1"), "named"],
    ["arn:aws-us-gov:iam::444455556666:role/data/x", "below"],
    [role("task"), "task"],
    [role("batch"), "task"],
    [role("notebook"), "task"],
    [role("bot-a", "aws-cn"), "china"],
  ])("finds for %s the most specific manifest, %s", (arn, name) => expect(registry.byRole(arn)?.name).toBe(name));
  it.each([
    [role("job"), "a name shorter than the pattern"],
    [role("job-x/other"), "a path where the pattern has a name"],
    [role("x/bot-a"), "the same name in another path"],
    [role("aix/y"), "a path that only begins alike"],
    [role("draft"), "a draft's role"],
    ["arn:aws:iam::444455556666:role/bot-a", "the same name in another account"],
    ["arn:aws:iam::444455556666:role/ai2/x", "another path there"],
    ["arn:aws:iam::111122223333:user/ai/x", "a user"],
    ["arn:aws:sts::111122223333:assumed-role/bot-a/session", "a session's ARN"],
    ["arn:aws:iam::111122223333:role/other", "a role directly under /"],
    [role("/".repeat(1_000_000)), "a million slashes, in no time"],
    ["", "nothing"],
    ["not an arn/ai/", "no ARN"],
  ])("finds nobody for %s: %s", (arn) => expect(registry.byRole(arn)).toBeUndefined());
  it("names drafts, without matching them", () => {
    expect(registry.named("draft")).toMatchObject({ status: "draft" });
    expect(registry.workloads).toHaveLength(8);
    expect(registry.named("nobody")).toBeUndefined();
  });
  it("lists only exact roles as a workload's own", () => {
    expect(registry.named("task")?.roles).toEqual([role("task"), role("batch"), role("notebook")]);
    expect(registry.named("short")?.roles).toEqual([]);
  });
});

describe("byFunction", () => {
  const registry = registryFrom(
    workload("exact", `- lambdaFunction: ${lambda("bot")}`),
    workload("pattern", `- lambdaFunction: ${lambda("bot-*")}`),
  );
  it.each([
    [lambda("bot"), "exact"],
    [lambda("bot:prod"), "exact"],
    [lambda("bot:$LATEST"), "exact"],
    [lambda("bot-1"), "pattern"],
    [lambda("bot-1:7"), "pattern"],
  ])("finds for %s the manifest %s: a version or alias is the function", (arn, name) =>
    expect(registry.byFunction(arn)?.name).toBe(name),
  );
  it.each([lambda("bo"), lambda("other"), lambda("bot").replace("us-east-1", "us-west-2"), "bot", ""])(
    "finds nobody for %s",
    (arn) => expect(registry.byFunction(arn)).toBeUndefined(),
  );
});

describe("one selector in two active workloads", () => {
  const twice = (one: string, other = one, metadata = "") =>
    problemsOf(workload("one", one), workload("two", other, metadata));
  it.each([
    [`- roleArn: ${role("x")}`, undefined],
    [`- roleArn: ${role("x-*")}`, undefined],
    [`- roleArn: ${role("x")}`, `- ecsTaskRole: ${role("x")}`],
    [`- sagemaker: { roleArn: "${role("x")}" }`, `- batchJobRole: ${role("x")}`],
    [`- lambdaFunction: ${lambda("x")}`, undefined],
    ["- accessKeyId: AKIAIOSFODNN7EXAMPLE", undefined],
    ["- oidc: { issuer: idp.example.com, subject: s }", "- oidc: { subject: s, issuer: idp.example.com }"],
    [
      '- roles: { accounts: ["111122223333", "444455556666"], path: /ai/* }',
      '- roles: { accounts: ["444455556666"], path: /ai/* }',
    ],
  ])("is an error that names both places: %s", (one, other) =>
    expect(twice(one, other)).toEqual([
      expect.stringMatching(
        /^b\.yaml:6:7: .* already identifies "one" \(a\.yaml:6:7\): remove one, or set status: draft/,
      ),
    ]),
  );
  it.each([
    [`- roleArn: ${role("x")}`, `- roleArn: ${role("x", "aws-cn")}`],
    [`- roleArn: ${role("ai/x")}`, `- roleArn: ${role("a*")}`],
    [`- roleArn: ${role("ai/x")}`, '- roles: { accounts: ["111122223333"], path: /ai/* }'],
    ['- roles: { accounts: ["111122223333"], path: /ai/* }', '- roles: { accounts: ["444455556666"], path: /ai/x/ }'],
  ])("is none where they differ: %s and %s", (one, other) => expect(twice(one, other)).toEqual([]));
  it.each([
    [`- roleArn: ${role("x")}`, `- roleArn: ${role("x*")}`],
    [`- roleArn: ${role("x-*")}`, `- ecsTaskRole: ${role("x-y-*")}`],
    [`- lambdaFunction: ${lambda("bot-*")}`, `- lambdaFunction: ${lambda("bot-1")}`],
    ['- roles: { accounts: ["111122223333"], path: /ai/ }', '- roles: { accounts: ["111122223333"], path: /ai/* }'],
    ["- glueJob: nightly-*", "- glueJob: nightly-load"],
  ])("is an error where a pattern covers the other: %s and %s", (one, other) => {
    expect(twice(one, other)).toEqual([
      expect.stringMatching(/^b\.yaml:6:7: .* also covers .*\(a\.yaml:6:7\): narrow the pattern, or set status: draft/),
    ]);
    expect(twice(other, one)).toHaveLength(1);
    expect(problemsOf(workload("one", `${one}\n${other}`))).toEqual([]);
  });
  it("is none when one of them is a draft, nor within one workload", () => {
    expect(twice(`- roleArn: ${role("x")}`, undefined, ", status: draft")).toEqual([]);
    expect(problemsOf(workload("one", `- roleArn: ${role("x")}\n- ecsTaskRole: ${role("x")}`))).toEqual([]);
  });
});

describe("selecting", () => {
  const registry = registryFrom(
    workload(
      "one",
      [
        "- userArn: arn:aws:iam::111122223333:user/ci",
        "- codeBuildProject: images",
        "- glueJob: nightly-*",
        "- eksServiceAccount: { clusterArn: 'arn:aws:eks:us-east-1:111122223333:cluster/a', oidcIssuer: oidc.example/id/A, namespace: ml, name: bot }",
        "- sagemaker: { trainingJobPrefix: rag- }",
      ].join("\n"),
    ),
  );
  it.each([
    ["userArn", ["arn:aws:iam::111122223333:user/ci"], true],
    ["codeBuildProject", ["arn:aws:codebuild:us-east-1:111122223333:project/images", "images"], false],
    ["glueJob", ["nightly-load"], false],
    ["eksServiceAccount", ["arn:aws:eks:us-east-1:111122223333:cluster/a/ml/bot"], true],
    ["eksServiceAccount", ["oidc.example/id/A/ml/bot"], true],
    ["sagemaker.trainingJobPrefix", ["rag-2026"], false],
  ] as const)("finds by %s %s", (kind, values, exact) =>
    expect(registry.selecting(kind, values)).toMatchObject({ manifest: { name: "one" }, exact }),
  );
  it.each([
    ["userArn", ["arn:aws:iam::111122223333:user/other"]],
    ["glueJob", ["nightly"]],
    ["eksServiceAccount", ["oidc.example/id/A/ml/bots"]],
    ["role", ["arn:aws:iam::111122223333:role/studio"]],
  ] as const)("finds nobody by %s %s", (kind, values) => expect(registry.selecting(kind, values)).toBeUndefined());
});

it("the empty registry knows nobody", () => {
  expect(emptyRegistry).toMatchObject({ workloads: [], exceptions: [], approvers: [], deployments: [] });
  expect([emptyRegistry.named("x"), emptyRegistry.byRole(role("x")), emptyRegistry.byFunction(lambda("x"))]).toEqual([
    undefined,
    undefined,
    undefined,
  ]);
});
