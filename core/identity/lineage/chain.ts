import { excerpt } from "../../event/excerpt.ts";
import type { Principal } from "../../event/principal.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import type { Hop } from "../attribution.ts";
import { isStaticToken } from "../iam-user.ts";
import { personBehind } from "../identity-center.ts";
import type { Placements } from "../placement.ts";
import type { Holder } from "../resolver.ts";
import type { Registry } from "../workload.ts";
import type { Asks } from "./delegation.ts";
import type { Issuance, IssuingApi } from "./issuance.ts";
import type { FindIssuance } from "./lineage.ts";

/** All that an attribution is made from, beside the principal itself. */
export interface Known {
  readonly registry: Registry;
  readonly issuance: FindIssuance;
  readonly placements: Placements;
  /** Absent where nobody asks who began it. */
  readonly asks?: Asks;
}

/** Longer chains are cut and end as "not-seen": IAM itself sets no bound, an attacker could. */
export const maxHops = 16;

/** The credentials of the chain, nearest first; an issuing call that comes back ends it. */
export function chainOf(principal: Principal, { issuance, registry, placements }: Known): readonly Holder[] {
  const chain: Holder[] = [];
  const seen = new Set<string>();
  let holder: Principal | undefined = principal;
  while (holder !== undefined && chain.length <= maxHops) {
    const found: Issuance | undefined = chain.length === maxHops ? undefined : issuance(holder);
    const issuedBy: Issuance | undefined = found === undefined || seen.has(found.eventID) ? undefined : found;
    if (issuedBy !== undefined) seen.add(issuedBy.eventID);
    chain.push({ principal: holder, registry, placements, ...(issuedBy === undefined ? {} : { issuedBy }) });
    holder = issuedBy?.caller;
  }
  return chain;
}

/** The chain as it is printed: who held each credential, and the record and field that issued it. */
export const hopsOf = (chain: readonly Holder[]): readonly Hop[] =>
  chain.map(({ principal, issuedBy }, place): Hop => {
    const who = {
      principal: holderText(principal),
      accessKeyId: principal.accessKeyId ?? null,
      ...carried(principal, issuedBy),
    };
    if (issuedBy === undefined)
      return { ...who, eventID: null, end: endOf(principal, chain[place - 1]?.issuedBy?.api) };
    const { sharedEventID } = issuedBy;
    return {
      ...who,
      eventID: issuedBy.eventID,
      field: issuedBy.field,
      ...(sharedEventID === undefined ? {} : { sharedEventID }),
    };
  });

/** What stays with the session for whoever judges it later: its source identity, its tags, the policies that narrow it. */
function carried(
  principal: Principal,
  issuedBy: Issuance | undefined,
): Pick<Hop, "sourceIdentity" | "tags" | "narrowedBy" | "actedFor" | "client"> {
  const recorded = "session" in principal ? principal.session.sourceIdentity : undefined;
  const sourceIdentity = recorded ?? issuedBy?.session.sourceIdentity;
  const tags = { ...issuedBy?.session.inherited, ...issuedBy?.session.tags };
  const narrowedBy = [
    ...(issuedBy?.session.policy === undefined ? [] : ["inline"]),
    ...(issuedBy?.session.policyArns ?? []),
  ];
  return {
    ...(sourceIdentity === undefined ? {} : { sourceIdentity }),
    ...(Object.keys(tags).length === 0 ? {} : { tags }),
    ...(narrowedBy.length === 0 ? {} : { narrowedBy }),
    ...(principal.onBehalfOf === undefined ? {} : { actedFor: personBehind(principal.onBehalfOf) }),
    ...(issuedBy?.session.client === undefined ? {} : { client: excerpt(issuedBy.session.client) }),
  };
}

/** How a chain ends whose last credential nothing that was seen has issued; `issuing` is the call that this holder made. */
export function endOf(principal: Principal, issuing?: IssuingApi): NonNullable<Hop["end"]> {
  if (issuing === "rolesanywhere:CreateSession") return "federation";
  if (issuing?.startsWith("signin:")) return "sign-in";
  switch (principal.kind) {
    case "aws-service":
      return "service";
    case "web-identity-user":
    case "saml-user":
      return "federation";
    case "identity-center-user":
      return "sign-in";
    case "assumed-role":
    case "federated-user":
    case "iam-user":
    case "root":
    case "role":
    case "directory":
    case "aws-account":
    case "unknown":
      if (principal.accessKeyId !== undefined && isLongTerm(principal.accessKeyId)) return "long-term-key";
      if (principal.kind === "iam-user" && isStaticToken(principal)) return "long-term-key";
      return principal.console || principal.signInSession !== undefined ? "sign-in" : "not-seen";
  }
}

/** What a holder is called: its ARN, else its service, id or account. */
export const holderText = (principal: Principal): string =>
  principal.arn ??
  (principal.kind === "aws-service" && principal.service ? principal.service : undefined) ??
  principal.id ??
  principal.account ??
  principal.kind;
