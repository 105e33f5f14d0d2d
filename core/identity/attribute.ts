import type { Principal } from "../event/principal.ts";
import { isUserArn, parseArn } from "../iam/arn.ts";
import type { Attribution, ClaimClass, Confidence, Hop, Root } from "./attribution.ts";
import { resolvers } from "./catalog.ts";
import { askedBy, type Named } from "./lineage/asked-by.ts";
import { chainOf, endOf, holderText, hopsOf, type Known } from "./lineage/chain.ts";
import { serviceIn } from "./lineage/issuing-service.ts";
import type { Claim, Holder } from "./resolver.ts";
import { issuerOf } from "./web-subject.ts";

/**
 * Who is behind a principal: follows the chain of issued credentials to its far end and takes the strongest claim on the
 * way. Two different claims of one class on one hop leave the answer contested, never guessed.
 */
export function attribute(principal: Principal, known: Known): Attribution {
  const chain = chainOf(principal, known);
  const found = verdictOf(principal, chain);
  const { asks, registry } = known;
  if (asks === undefined) return found;
  const nameOf = (asker: Principal): Named => {
    const behind = chainOf(asker, known);
    const named = verdictOf(asker, behind);
    return { id: ("id" in named ? named.id : undefined) ?? holderText(asker), chain: behind };
  };
  const askers = askedBy(chain, { asks, registry, nameOf });
  return askers.length === 0 ? found : { ...found, askedBy: askers };
}

function verdictOf(principal: Principal, chain: readonly Holder[]): Attribution {
  const claims = standing(chain.map(claimsAbout));
  const hops = hopsOf(chain);
  const shared = { root: rootOf(chain, claims), hops };
  for (const wanted of strongestFirst) {
    for (const [hop, found] of claims.entries()) {
      const [first, ...others] = found.filter((claim) => claim.class === wanted);
      if (first === undefined) continue;
      const rivals = [...new Set([first, ...others].map((claim) => claim.id))].sort();
      if (rivals.length > 1)
        return {
          kind: "contested",
          ...shared,
          claims: rivals,
          confidence: "low",
          because: `${rivals.length} ${wanted} claims disagree about the same credential: ${rivals.join(" and ")}`,
        };
      return {
        kind: first.kind,
        id: first.id,
        declared: first.declared,
        class: first.class,
        ...shared,
        confidence: confidenceOf(first, hop),
        because: [first.because, ...circumstances(first, principal, hops)].join("; "),
      };
    }
  }
  const id = stableKey(principal);
  return {
    kind: "unattributed",
    ...(id ? { id } : {}),
    ...shared,
    confidence: "low",
    because: silence(principal, chain),
  };
}

const strongestFirst: readonly ClaimClass[] = ["asserted", "linked", "indexed", "inferred"];

/** A service or provider that issued the session hands credentials to what runs; it is not what runs, so it claims nothing. */
const claimsAbout = (holder: Holder, hop: number): readonly Claim[] =>
  hop > 0 && isIssuer(holder.principal) ? [] : resolvers.flatMap((one) => raised(one.resolve(holder), hop));

/** Behind an issuing call, what AWS asserted about the caller is linked to this record, no longer asserted of it. */
function raised(claim: Claim | undefined, hop: number): readonly Claim[] {
  if (claim === undefined) return [];
  return [hop > 0 && claim.class === "asserted" ? { ...claim, class: "linked" } : claim];
}

/**
 * A workload that acts for a person is what ran; the person is said beside it. A service acts for whoever it acts for, and
 * a role that nobody is known by runs nothing that could be named: there the person is the answer.
 */
function standing(all: readonly (readonly Claim[])[]): readonly (readonly Claim[])[] {
  const claims = all.map(insteadOf);
  if (claims.every((found) => found.every((one) => one.behalf === undefined))) return claims;
  const ran = claims.some((found) =>
    found.some((one) => one.behalf === undefined && one.class !== "inferred" && runners.has(one.kind)),
  );
  return claims.map((found) => {
    if (ran) return found.filter((one) => one.behalf === undefined);
    return found.some((one) => one.behalf) ? found.filter((one) => one.kind !== "service") : found;
  });
}

/** Whoever acts with delegated access acts in the holder's place: what the credential says is about who delegated it. */
const insteadOf = (found: readonly Claim[]): readonly Claim[] =>
  found.some((one) => one.instead) ? found.filter((one) => one.instead) : found;

const runners: ReadonlySet<Claim["kind"]> = new Set(["workload", "external"]);

/** What a reader must know beside who ran the call: for whom, through which service, and through which client of a person's. */
function circumstances({ id, behalf }: Claim, principal: Principal, hops: readonly Hop[]): readonly string[] {
  const actedFor = hops[0]?.actedFor;
  const through = principal.kind === "aws-service" ? undefined : serviceIn(principal.invokedBy ?? "");
  const client = hops.find((one) => one.client !== undefined)?.client;
  return [
    ...(actedFor === undefined || behalf || actedFor === id ? [] : [`it acted for ${actedFor}`]),
    ...(through === undefined ? [] : [`made by ${through} for it`]),
    ...(client === undefined ? [] : [`asked through OAuth client ${client}`]),
  ];
}

function confidenceOf(claim: Claim, hop: number): Confidence {
  switch (claim.class) {
    case "asserted":
    case "linked":
      return "high";
    case "indexed":
      return claim.exact && hop === 0 ? "high" : "medium";
    case "inferred":
      return "low";
  }
}

/**
 * The far end of the chain that somebody can name. An AWS service that merely issued the session is not who began it;
 * where nobody can name it, the stable key of the farthest holder that is not such a service.
 */
function rootOf(chain: readonly Holder[], claims: readonly (readonly Claim[])[]): Root {
  const delegated = claims.findIndex((found) => found.some((one) => one.instead));
  for (let hop = delegated < 0 ? chain.length - 1 : delegated; hop >= 0; hop--) {
    const holder = chain[hop];
    if (holder === undefined || (hop > 0 && isIssuer(holder.principal))) continue;
    const found = claims[hop] ?? [];
    for (const wanted of strongestFirst) {
      const [claim, ...others] = found.filter(
        (one) => one.class === wanted || (wanted === "asserted" && one.class === "linked"),
      );
      if (claim === undefined || wanted === "inferred") continue;
      if (others.every((one) => one.id === claim.id)) return { kind: claim.kind, id: claim.id };
      break;
    }
    return { kind: "unknown", id: stableKey(holder.principal) ?? holderText(holder.principal) };
  }
  return { kind: "unknown", id: "" };
}

/** Holders that only stand at the far end of a chain and are spoken for by the session they issued. */
const isIssuer = ({ kind }: Principal): boolean =>
  kind === "aws-service" || kind === "web-identity-user" || kind === "saml-user";

/** What stays the same across sessions: the role, the user, the account. */
export function stableKey(principal: Principal): string | undefined {
  switch (principal.kind) {
    case "assumed-role":
      return `role:${principal.role}`;
    case "role":
      return principal.arn === undefined ? undefined : `role:${principal.arn}`;
    case "iam-user":
      return principal.arn === undefined ? undefined : `user:${principal.arn}`;
    case "root":
      return principal.account === undefined ? undefined : `root:${principal.account}`;
    case "aws-account":
      return principal.account === undefined ? undefined : `account:${principal.account}`;
    case "aws-service":
      return `service:${serviceIn(principal.service) ?? "-"}`;
    case "identity-center-user":
      return `sso:${principal.identityStoreArn}/${principal.userId}`;
    case "web-identity-user":
      return `oidc:${issuerOf(principal.provider)}/${principal.subject}`;
    case "federated-user":
      return issuerKey(principal.issuer);
    case "saml-user":
    case "directory":
    case "unknown":
      return undefined;
  }
}

/** A federated session is as lasting as the user, or the root, that asked for it. */
function issuerKey(issuer = ""): string | undefined {
  if (isUserArn(issuer)) return `user:${issuer}`;
  const arn = parseArn(issuer);
  return arn?.resource === "root" ? `root:${arn.account}` : undefined;
}

function silence(principal: Principal, chain: readonly Holder[]): string {
  switch (principal.kind) {
    case "assumed-role":
      return `a bare role: no manifest names it, and ${farEnd(chain.at(-1)?.principal)}`;
    case "iam-user":
      return "a bare key or user: no manifest names it, and nothing tells who holds it";
    case "root":
      return principal.assumedRoot
        ? `AssumeRoot gave out this root session, and ${farEnd(chain.at(-1)?.principal)}`
        : "no resolver knows a root like this";
    case "unknown":
      return principal.type
        ? "userIdentity has a type that is not known"
        : "the record has no userIdentity type and names no service";
    case "federated-user":
    case "saml-user":
    case "web-identity-user":
    case "identity-center-user":
    case "directory":
    case "role":
    case "aws-account":
    case "aws-service":
      return `no resolver knows a ${principal.kind} like this`;
  }
}

/** Why the far end of a role's chain names nobody; few different texts, so that they can be counted. */
function farEnd(end: Principal | undefined): string {
  if (end?.kind === "aws-service") return `${end.service} issued the session without saying what runs in it`;
  if (end === undefined || endOf(end) === "not-seen") return "the call that issued the session is not in these records";
  return `its chain ends at a ${end.kind} that nobody is known by`;
}
