import { describe, expect, it } from "vitest";
import { problemsOf, workload } from "./manifest-examples.ts";

const alone = (selector: string) => problemsOf(workload("bot", `- ${selector}`));

describe("a selector is accepted", () => {
  it.each([
    "roleArn: arn:aws-us-gov:iam::111122223333:role/path/bot-*",
    "roleArn: arn:aws-iso-b:iam::111122223333:role/bot",
    'roles: { accounts: ["000000000001"], path: / }',
    'roles: { accounts: ["111122223333"], path: /* }',
    'roles: { accounts: ["111122223333"], path: /a/b/* }',
    'oidc: { issuer: token.actions.githubusercontent.com, subject: "repo:acme/*" }',
    'oidc: { issuer: idp.example.com/realm, subject: "job-*" }',
    "eksServiceAccount: { oidcIssuer: oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE, namespace: bots, name: bot-* }",
    "lambdaFunction: arn:aws-cn:lambda:cn-north-1:111122223333:function:bot-*",
    'thirdParty: { accountId: "012345678901" }',
    "sagemaker: { trainingJobPrefix: nightly- }",
    "ecsTaskRole: bot-task",
    "identityCenterUser: arn:aws:identitystore::111122223333:identitystore/d-1/u",
  ])("%s", (selector) => expect(alone(selector)).toEqual([]));
});

describe("a selector is refused", () => {
  it.each([
    ["roleArn: arn:aws:iam::*:role/bot", "the account is twelve digits, never a pattern"],
    ["roleArn: arn:aws:iam::11112222333*:role/bot", "the account is twelve digits, never a pattern"],
    ["roleArn: arn:*:iam::111122223333:role/bot", "the partition is exact, never a pattern"],
    ["roleArn: arn:aws:iam:us-east-1:111122223333:role/bot", "this service's ARNs have no Region"],
    ["roleArn: arn:aws:iam::111122223333:role/b*t", "* may stand at the end of a name only"],
    ["roleArn: arn:aws:iam::111122223333:role/bo?", "? and control characters are no part of a name"],
    ["roleArn: arn:aws:iam::111122223333:role/", "its last field does not begin with role/ and a name"],
    ["roleArn: arn:aws:iam::111122223333:user/bot", "its last field does not begin with role/ and a name"],
    ["roleArn: bot", "it has not the six fields of an ARN"],
    ["lambdaFunction: arn:aws:lambda:*:111122223333:function:bot", "the Region is exact, never a pattern"],
    ["lambdaFunction: arn:aws:lambda::111122223333:function:bot", "the Region is missing"],
    ["lambdaFunction: arn:aws:lambda:us-east-1:111122223333:function:bot:prod", "without version or alias"],
    ["lambdaFunction: arn:aws:s3:us-east-1:111122223333:function:bot", "the service is s3"],
    ['oidc: { issuer: "*.example.com", subject: x }', "write host and path, exact"],
    [
      "oidc: { issuer: https://idp.example.com, subject: x }",
      "write it without https://, as IAM does: idp.example.com",
    ],
    ['oidc: { issuer: idp.example.com, subject: "*" }', "also names strangers"],
    ['oidc: { issuer: token.actions.githubusercontent.com, subject: "repo:ac*" }', "also names strangers"],
    ["eksServiceAccount: { namespace: bots, name: bot }", "needs clusterArn (Pod Identity) or oidcIssuer (IRSA)"],
    ['eksServiceAccount: { oidcIssuer: "oidc.eks.*", namespace: bots, name: bot }', "write host and path, exact"],
    ["sagemaker: { endpoint: a, trainingJobPrefix: b }", "sagemaker needs one of"],
    ["sagemaker: {}", "sagemaker needs one of"],
    ['roles: { accounts: ["1111*"], path: /ai/ }', "an account is exact, never a pattern"],
    ["roles: { accounts: [], path: /ai/ }", "the list is empty"],
    ['roles: { accounts: ["111122223333"], path: ai/ }', "end it with / for the roles directly in it"],
    ['roles: { accounts: ["111122223333"], path: /ai/bot }', "end it with / for the roles directly in it"],
    ["accessKeyId: AKIA*", "write it whole"],
    ["arn:aws:iam::111122223333:role/bot", "expected a selector"],
  ])("%s: %s", (selector, because) => {
    const problems = alone(selector);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(because);
  });
});

describe("an account id that YAML read as a number", () => {
  it.each([
    ["thirdParty: { accountId: 111122223333 }", "a.yaml:6:32: ", '"111122223333"'],
    ["thirdParty: { accountId: 012345678901 }", "a.yaml:6:32: ", '"012345678901"'],
    ["thirdParty: { accountId: 12345678901 }", "a.yaml:6:32: ", '"012345678901"'],
    ['roles: { accounts: ["111122223333", 444455556666], path: /ai/ }', "a.yaml:6:43: ", '"444455556666"'],
    ["roles: { accounts: [000000000001], path: /ai/ }", "a.yaml:6:27: ", '"000000000001"'],
    ["roles: { accounts: [1.11122223333e11], path: /ai/ }", "a.yaml:6:27: ", "twelve digits in quotes"],
    ["accessKeyId: 12345678901234567890", "a.yaml:6:20: ", '"12345678901234567890"'],
  ])("is refused with what to write: %s", (selector, place, written) => {
    const problems = alone(selector);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(place);
    expect(problems[0]).toContain(written);
  });
  it("is refused in a condition too, where a small number is IAM's own", () => {
    const condition = (value: string) =>
      problemsOf(
        `${workload("bot", "- accessKeyId: AKIAIOSFODNN7EXAMPLE")}  envelope: { statements: [ { Effect: Allow, Action: "*", Resource: "*", Condition: { NumericEquals: { "a:b": ${value} } } } ] }\n`,
      );
    expect([condition("7"), condition("[true, x, 8.5]")]).toEqual([[], []]);
    expect(condition("111122223333")[0]).toContain('as text it is "111122223333", in quotes');
    expect(condition("012")[0]).toContain('as text it is "012", in quotes');
  });
});

it("two selectors in one item are told apart by a dash", () =>
  expect(alone("roleArn: arn:aws:iam::111122223333:role/bot\n  userArn: arn:aws:iam::111122223333:user/bot")).toEqual([
    'a.yaml:7:7: one selector an item: begin "userArn" with a dash of its own',
  ]));

it("foreign text in a message is escaped and cut", () => {
  const [problem] = alone(`"x\\u001b[31m${"y".repeat(400)}": 1`);
  expect(problem).toContain("\\u001b[31m");
  expect(problem?.length).toBeLessThan(900);
});
