import { describe, expect, it } from "vitest";
import { tenancyOf } from "../../../../core/detect/trust/oidc-tenancy.ts";
import type { ShownCondition } from "../../../../core/iam/compare/condition-shown.ts";

const providerOf = (issuer: string): string => `arn:aws:iam::111122223333:oidc-provider/${issuer}`;
const github = "token.actions.githubusercontent.com";
const cluster = "oidc.eks.us-east-1.amazonaws.com/id/EXAMPLED539D4633E53DE1B71EXAMPLE";

const asking = (issuer: string, claims: Readonly<Record<string, string>>, operator = "StringLike"): ShownCondition => ({
  [operator]: Object.fromEntries(
    Object.entries(claims).map(([claim, value]) => [`${issuer}:${claim}`.toLowerCase(), [value]]),
  ),
});
const kindOf = (issuer: string, claims: Readonly<Record<string, string>>, operator?: string) =>
  tenancyOf(providerOf(issuer), asking(issuer, claims, operator)).kind;

describe("an issuer that signs for everybody", () => {
  it.each([
    ["names everybody without a subject", { aud: "sts.amazonaws.com" }, "strangers"],
    ["names everybody by repo:*", { aud: "sts.amazonaws.com", sub: "repo:*" }, "strangers"],
    ["names everybody by *", { aud: "sts.amazonaws.com", sub: "*" }, "strangers"],
    ["names strangers whose name begins alike", { aud: "sts.amazonaws.com", sub: "repo:acme*" }, "strangers"],
    ["names strangers by a wildcard for the owner", { aud: "sts.amazonaws.com", sub: "repo:*/infra:*" }, "strangers"],
    ["is bound to an owner", { aud: "sts.amazonaws.com", sub: "repo:acme/*" }, "bound"],
    ["is bound to one subject", { aud: "sts.amazonaws.com", sub: "repo:acme/infra:environment:prod" }, "bound"],
    ["is bound by the owner's claim", { aud: "sts.amazonaws.com", sub: "repo:*", repository_owner: "acme" }, "bound"],
    ["takes tokens made for others without an audience", { sub: "repo:acme/infra:*" }, "loose"],
  ])("%s", (_, claims, kind) => expect(kindOf(github, claims as Record<string, string>)).toBe(kind));

  it.each(["StringNotLike", "StringLikeIfExists", "ForAllValues:StringLike"])("is not bound by %s", (operator) =>
    expect(kindOf(github, { aud: "sts.amazonaws.com", sub: "repo:acme/infra:*" }, operator)).toBe("strangers"),
  );

  it("is bound at GitLab and HCP Terraform by project and organization", () => {
    expect(kindOf("gitlab.com", { aud: "x", sub: "project_path:acme/infra:*" })).toBe("bound");
    expect(kindOf("gitlab.com", { aud: "x", sub: "project_path:*" })).toBe("strangers");
    expect(kindOf("app.terraform.io", { aud: "x", sub: "organization:acme:*" })).toBe("bound");
    expect(kindOf("app.terraform.io", { aud: "x", sub: "organization:ac*" })).toBe("strangers");
  });

  it("is bound at an app's provider by the app", () => {
    const cognito = "cognito-identity.amazonaws.com";
    const of = (claims: Record<string, string>) => tenancyOf(cognito, asking(cognito, claims)).kind;
    expect(of({ aud: "us-east-1:00000000-0000-4000-8000-000000000001", amr: "authenticated" })).toBe("bound");
    expect(of({ amr: "authenticated" })).toBe("strangers");
  });
});

describe("an issuer of one's own", () => {
  it.each([
    ["needs a subject", { aud: "sts.amazonaws.com" }, "loose"],
    ["needs a namespace", { aud: "sts.amazonaws.com", sub: "system:serviceaccount:*" }, "loose"],
    ["needs more than a wildcard", { aud: "sts.amazonaws.com", sub: "*" }, "loose"],
    ["needs an audience", { sub: "system:serviceaccount:bots:support-bot" }, "loose"],
    [
      "may leave the account of a namespace open",
      { aud: "sts.amazonaws.com", sub: "system:serviceaccount:bots:*" },
      "bound",
    ],
    ["is bound by both", { aud: "sts.amazonaws.com", sub: "system:serviceaccount:bots:support-bot" }, "bound"],
  ])("%s", (_, claims, kind) => expect(kindOf(cluster, claims as Record<string, string>)).toBe(kind));
});
