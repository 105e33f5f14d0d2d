import type { ClaimClass } from "./attribution.ts";
import type { Holder } from "./resolver.ts";

/** The subject of an OpenID Connect token behind a credential, and how it is known. */
export interface WebSubject {
  /** As IAM names it: host and path, without `https://`; the provider's text where that is no provider's ARN. */
  readonly issuer: string;
  readonly subject: string;
  readonly class: ClaimClass;
  readonly because: string;
}

/**
 * Whom an OpenID Connect provider proved, on the issuing record itself, on a later record of the session where AWS adds the
 * subject, or by the issuing record behind it. A token's own claim that no answer confirms is the caller's text.
 */
export function webSubjectOf({ principal, issuedBy }: Holder): WebSubject | undefined {
  if (principal.kind === "web-identity-user")
    return found(principal.provider, principal.subject, {
      class: principal.proven ? "asserted" : "inferred",
      because: principal.proven ? "AWS answered with the token's subject" : unproven,
    });
  if (principal.kind !== "assumed-role") return undefined;
  const { webIdentity } = principal.session;
  if (webIdentity?.subject !== undefined)
    return found(webIdentity.provider, webIdentity.subject, {
      class: "asserted",
      because: "AWS wrote the token's provider and subject into webIdFederationData",
    });
  if (issuedBy?.caller.kind !== "web-identity-user") return undefined;
  const { provider, subject, proven } = issuedBy.caller;
  return found(provider, subject, {
    class: proven ? "linked" : "inferred",
    because: proven ? "the issuing AssumeRoleWithWebIdentity names the subject of the token" : unproven,
  });
}

/** `arn:P:iam::A:oidc-provider/<host and path>` without what stands before the host. */
export const issuerOf = (provider: string): string =>
  provider.replace(/^arn:[^:]+:iam::\d{12}:oidc-provider\//, "").replace(/^https:\/\//, "");

/** The service account that Kubernetes signed a token for: `system:serviceaccount:<namespace>:<name>`. */
export function serviceAccountOf(subject: string): string | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:/]+):([^:/]+)$/.exec(subject) ?? [];
  return namespace === undefined || name === undefined ? undefined : `${namespace}/${name}`;
}

const unproven = "the token says so, and no answer of AWS confirms it";

const found = (
  provider: string,
  subject: string,
  how: Pick<WebSubject, "class" | "because">,
): WebSubject | undefined => (subject ? { issuer: issuerOf(provider), subject, ...how } : undefined);
