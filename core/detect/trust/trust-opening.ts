import type { ApiCall } from "../../event/event.ts";
import { accountOf, parseArn } from "../../iam/arn.ts";
import type { TrustRow } from "../../iam/compare/trust-difference.ts";
import type { Registry } from "../../identity/workload.ts";
import type { Severity } from "../finding.ts";
import { isOneself } from "../oneself.ts";
import { accountOfRegistry } from "./declared-account.ts";
import { issuerNamed, tenancyOf } from "./oidc-tenancy.ts";
import { boundsOf } from "./trust-bounds.ts";

/** Whom a change of trust lets in, by how bad that is. */
export type OpeningKind =
  | "everybody"
  | "everybody-on-a-condition"
  | "everybody-of-ours"
  | "foreign-account"
  | "foreign-account-on-a-condition"
  | "known-account"
  | "provider-for-strangers"
  | "provider-loosely"
  | "provider"
  | "service"
  | "oneself"
  | "in-house";

/** One row of the difference, judged. */
export interface Opening {
  readonly kind: OpeningKind;
  readonly row: TrustRow;
  /** Whom, for a title: "anybody with an AWS account". */
  readonly who: string;
}

/** What the rows are about. */
export interface OpenedRole {
  readonly account: string;
  /** The call that changes it; absent while the change is only planned. */
  readonly call?: ApiCall;
  readonly registry: Registry;
}

/** The rows that let somebody assume the role; tags and source identities alone let nobody in. */
export const openingsOf = (rows: readonly TrustRow[], role: OpenedRole): readonly Opening[] =>
  rows.filter(isUsable).map((row) => openingOf(row, role));

/** `sts:*` names every way in for everybody; a provider's users have theirs, and nobody else has it. */
function isUsable({ action, principal }: TrustRow): boolean {
  if (!/^sts:AssumeRole/i.test(action)) return false;
  if (principal === "*") return true;
  return /With(?:SAML|WebIdentity)$/i.test(action) === isProvider(principal);
}

const isProvider = (principal: string): boolean =>
  /:(?:saml|oidc)-provider\//.test(principal) || consumers.has(principal.toLowerCase());

/** Providers that IAM knows without an ARN (IAM User Guide, "Principal", web identity sessions). */
const consumers: ReadonlySet<string> = new Set([
  "accounts.google.com",
  "cognito-identity.amazonaws.com",
  "graph.facebook.com",
  "www.amazon.com",
]);

/** Gravest first: whom nobody knows before whom the account knows. */
export const openingKinds: readonly OpeningKind[] = [
  "everybody",
  "foreign-account",
  "provider-for-strangers",
  "everybody-on-a-condition",
  "oneself",
  "provider-loosely",
  "foreign-account-on-a-condition",
  "everybody-of-ours",
  "known-account",
  "in-house",
  "provider",
  "service",
];

/** How grave an opening is by whose role it is: nobody's that is declared, or a declared workload's that does not expect it. */
export const gravity: Readonly<Record<OpeningKind, { readonly undeclared: Severity; readonly declared: Severity }>> = {
  everybody: { undeclared: "high", declared: "critical" },
  "foreign-account": { undeclared: "high", declared: "critical" },
  "provider-for-strangers": { undeclared: "high", declared: "critical" },
  "everybody-on-a-condition": { undeclared: "medium", declared: "high" },
  oneself: { undeclared: "medium", declared: "high" },
  "provider-loosely": { undeclared: "medium", declared: "high" },
  "foreign-account-on-a-condition": { undeclared: "low", declared: "high" },
  "everybody-of-ours": { undeclared: "low", declared: "high" },
  "known-account": { undeclared: "low", declared: "high" },
  "in-house": { undeclared: "low", declared: "high" },
  provider: { undeclared: "low", declared: "high" },
  service: { undeclared: "low", declared: "medium" },
};

/** What is bad whatever the trust policy said before, and whoever wrote it: no envelope excuses it below `medium`. */
export const isBadByItself = (kind: OpeningKind): boolean => gravity[kind].undeclared !== "low";

function openingOf(row: TrustRow, role: OpenedRole): Opening {
  const { principal, condition } = row;
  if (principal === "*") return { row, ...everybody(row, role) };
  if (/WithWebIdentity$/i.test(row.action)) {
    const tenancy = tenancyOf(principal, condition);
    switch (tenancy.kind) {
      case "strangers":
        return { row, kind: "provider-for-strangers", who: `strangers: ${tenancy.because}` };
      case "loose":
        return { row, kind: "provider-loosely", who: `more than was meant: ${tenancy.because}` };
      case "bound":
        return { row, kind: "provider", who: `subjects of ${issuerNamed(principal)}` };
    }
  }
  const account = accountOf(principal);
  if (account === undefined) return { row, kind: "service", who: principal };
  if (account !== role.account) return { row, ...foreign(account, row, role) };
  if (principal.includes(":saml-provider/")) return { row, kind: "provider", who: `whoever ${principal} vouches for` };
  if (role.call !== undefined && isOneself(principal, role.call))
    return { row, kind: "oneself", who: "the very identity that made the change" };
  const rest = parseArn(principal)?.resource === "root" ? "whomever its own account lets in" : principal;
  return { row, kind: "in-house", who: rest };
}

type Judged = Pick<Opening, "kind" | "who">;

function everybody({ condition }: TrustRow, { account, registry }: OpenedRole): Judged {
  const bounds = boundsOf(condition);
  switch (bounds.kind) {
    case "none":
      return { kind: "everybody", who: "anybody with an AWS account" };
    case "accounts": {
      const strange = bounds.accounts.filter(
        (one) => one !== account && accountOfRegistry(one, registry) === undefined,
      );
      const [first] = strange;
      return first === undefined
        ? { kind: "everybody-of-ours", who: `anybody in account ${bounds.accounts.join(" or ")}` }
        : { kind: "everybody-on-a-condition", who: `anybody in account ${first}` };
    }
    case "organization":
      return { kind: "everybody-on-a-condition", who: `anybody in organization ${bounds.ids.join(" or ")}` };
    case "other":
      return { kind: "everybody-on-a-condition", who: `anybody who meets ${bounds.keys.join(" and ")}` };
  }
}

function foreign(account: string, { condition }: TrustRow, { registry }: OpenedRole): Judged {
  const known = accountOfRegistry(account, registry);
  if (known !== undefined) return { kind: "known-account", who: `account ${account} (${known})` };
  const bounds = boundsOf(condition);
  return bounds.kind === "none"
    ? { kind: "foreign-account", who: `account ${account}, without a condition` }
    : { kind: "foreign-account-on-a-condition", who: `account ${account}, on a condition` };
}
