import { expect, it } from "vitest";
import { expects } from "../../../../core/detect/trust/trust-expected.ts";
import type { TrustRow } from "../../../../core/iam/compare/trust-difference.ts";
import type { Selector } from "../../../../core/identity/manifest/selector.ts";
import { workload } from "../../../fixtures/workloads.ts";

const cluster = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";
const github = "token.actions.githubusercontent.com";

const row = (principal: string, condition: TrustRow["condition"] = {}): TrustRow => ({
  principal,
  action: "sts:AssumeRole",
  condition,
  witness: { principal, action: "sts:AssumeRole", context: {} },
});
const expected = (selector: Selector, given: TrustRow): boolean =>
  expects(workload("bot", { selectors: [selector] }), given);
const provider = (issuer: string): string => `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const subject = (issuer: string, ...values: readonly string[]) => ({
  StringLike: { [`${issuer}:sub`.toLowerCase()]: values },
});

it("a manifest expects the service that runs what it names", () => {
  const lambda = { kind: "lambdaFunction", value: "arn:aws:lambda:us-east-1:111122223333:function:bot" };
  expect(expected(lambda, row("lambda.amazonaws.com"))).toBe(true);
  expect(expected(lambda, row("ec2.amazonaws.com"))).toBe(false);
  expect(expected({ kind: "agentCoreRuntime", value: "bot" }, row("bedrock-agentcore.amazonaws.com"))).toBe(true);
  expect(expected({ kind: "ec2InstanceProfile", value: "bot" }, row("ec2.amazonaws.com.cn"))).toBe(true);
  expect(expected({ kind: "roleArn", value: "arn:aws:iam::111122223333:role/bot" }, row("lambda.amazonaws.com"))).toBe(
    false,
  );
});

it("a manifest expects the subjects that it names, and no wider pattern", () => {
  const oidc = { kind: "oidc", value: { issuer: github, subject: "repo:acme/bot:*" } };
  const asked = (...values: readonly string[]) => expected(oidc, row(provider(github), subject(github, ...values)));
  expect(asked("repo:acme/bot:environment:prod")).toBe(true);
  expect(asked("repo:acme/bot:*")).toBe(true);
  expect(asked("repo:acme/*")).toBe(false);
  expect(asked("repo:acme/bot:environment:prod", "repo:eve/x:*")).toBe(false);
  expect(expected(oidc, row(provider(github)))).toBe(false);
  expect(expected(oidc, row(provider("gitlab.com"), subject("gitlab.com", "repo:acme/bot:x")))).toBe(false);
});

it("a manifest expects its service account from its own cluster", () => {
  const account = { kind: "eksServiceAccount", value: { oidcIssuer: cluster, namespace: "bots", name: "bot" } };
  const asked = (issuer: string, value: string) => expected(account, row(provider(issuer), subject(issuer, value)));
  expect(asked(cluster, "system:serviceaccount:bots:bot")).toBe(true);
  expect(asked(cluster, "system:serviceaccount:bots:*")).toBe(false);
  expect(asked("oidc.eks.us-east-1.amazonaws.com/id/OTHER", "system:serviceaccount:bots:bot")).toBe(false);
  expect(expected(account, row("pods.eks.amazonaws.com"))).toBe(true);
});

it("a manifest expects its third party's account", () => {
  const vendor = { kind: "thirdParty", value: { accountId: "444455556666" } };
  expect(expected(vendor, row("arn:aws:iam::444455556666:root"))).toBe(true);
  expect(expected(vendor, row("arn:aws:iam::777788889999:root"))).toBe(false);
});
