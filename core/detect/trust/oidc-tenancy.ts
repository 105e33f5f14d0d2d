import type { ShownCondition } from "../../iam/compare/condition-shown.ts";
import { positiveValues } from "./trust-bounds.ts";

/** How well a trust policy's conditions keep out those of a web identity provider for whom it is not meant. */
export type Tenancy =
  /** Anybody who can get a token of the provider. */
  | { readonly kind: "strangers"; readonly because: string }
  /** Anybody of one organization, cluster or application, or a token made for another audience. */
  | { readonly kind: "loose"; readonly because: string }
  | { readonly kind: "bound" };

/** Reads the conditions of one provider, named by its ARN or its host and path. */
export function tenancyOf(provider: string, condition: ShownCondition): Tenancy {
  const issuer = issuerNamed(provider);
  const rule = providers.find(({ matches }) => matches(issuer)) ?? ownProvider;
  const valuesOf = (claim: string) => positiveValues(condition, `${issuer}:${claim}`);
  const subjects = valuesOf("sub");
  const named = rule.tenant.some((claim) => claim !== "sub" && valuesOf(claim).some((one) => !isOpen(one)));
  if (rule.tenant.includes("sub") && subjects.length > 0) {
    const wide = subjects.find((one) => namesStrangers(one, rule.shared));
    if (wide !== undefined && !named)
      return rule.shared
        ? { kind: "strangers", because: `the subject ${wide} names everybody at ${issuer}` }
        : { kind: "loose", because: `the subject ${wide} leaves open who it is at ${issuer}` };
  } else if (!named)
    return rule.shared
      ? {
          kind: "strangers",
          because: `nothing says whose tokens of ${issuer} count: ${rule.tenant[0]} is not asked for`,
        }
      : { kind: "loose", because: `nothing says which subject of ${issuer} counts` };
  return rule.audience && valuesOf("aud").length === 0
    ? { kind: "loose", because: `a token of ${issuer} for any audience counts` }
    : { kind: "bound" };
}

/** `arn:P:iam::A:oidc-provider/<host and path>` or the bare name, in lower case as conditions spell it. */
export const issuerNamed = (provider: string): string =>
  provider
    .slice(provider.indexOf("oidc-provider/") + 1)
    .replace(/^idc-provider\//, "")
    .toLowerCase();

interface ProviderRule {
  readonly matches: (issuer: string) => boolean;
  /** True when strangers hold tokens of this very issuer. */
  readonly shared: boolean;
  /** Claims of which one has to say whose tokens count. */
  readonly tenant: readonly string[];
  /** Whether its tokens carry an audience that the trust policy should ask for. */
  readonly audience: boolean;
}

const at =
  (...names: readonly string[]) =>
  (issuer: string): boolean =>
    names.includes(issuer);

/**
 * Issuers that sign for many customers. Each provider's page on AWS says what to ask for: IAM User Guide, "Create a role
 * for OpenID Connect federation"; GitHub "Configuring OpenID Connect in Amazon Web Services"; GitLab "Configure OpenID
 * Connect in AWS"; HCP Terraform "Dynamic credentials with the AWS provider"; Buildkite "OIDC with AWS".
 */
const providers: readonly ProviderRule[] = [
  {
    matches: at("token.actions.githubusercontent.com"),
    shared: true,
    tenant: ["sub", "repository", "repository_owner", "repository_id", "repository_owner_id", "job_workflow_ref"],
    audience: true,
  },
  { matches: at("gitlab.com"), shared: true, tenant: ["sub"], audience: true },
  {
    matches: at("app.terraform.io", "agent.buildkite.com", "token.vercel.com"),
    shared: true,
    tenant: ["sub"],
    audience: true,
  },
  // Apps that anybody may sign in to: the audience is the app, or the pool of its users, and it is what keeps others out.
  {
    matches: at("cognito-identity.amazonaws.com", "accounts.google.com"),
    shared: true,
    tenant: ["aud", "sub"],
    audience: false,
  },
  {
    matches: at("www.amazon.com", "graph.facebook.com"),
    shared: true,
    tenant: ["app_id", "user_id", "id"],
    audience: false,
  },
];

/** A cluster's or a company's own issuer: its tokens are its own, and the subject says which of them. */
const ownProvider: ProviderRule = { matches: () => true, shared: false, tenant: ["sub"], audience: true };

const isOpen = (value: string): boolean => value === "" || /^[*?]+$/.test(value);

/** What stands before the first wildcard has to name an owner (`repo:acme/`), at a cluster a namespace. */
function namesStrangers(subject: string, shared: boolean): boolean {
  const fixed = subject.split(/[*?]/, 1)[0] ?? "";
  if (fixed === subject) return false;
  return shared ? !/^[\w-]+:[^/:]+[/:]/.test(fixed) : fixed === "" || /^system:serviceaccount:[^:]*$/.test(fixed);
}
