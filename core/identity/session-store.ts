import type { EventId } from "../event/event.ts";
import { type Instant, instant } from "../event/instant.ts";
import type { Principal } from "../event/principal.ts";
import type { AccessKeyId } from "../iam/identifiers.ts";

/** One issued credential: which call made it, who asked for it, and with what. One link of the lineage. */
export interface Issuance {
  readonly schema: 1;
  /** The credential that was issued. */
  readonly child: AccessKeyId;
  /** The credential that signed the issuing call; absent where it was signed by none (web identity, SAML, a service). */
  readonly parent?: AccessKeyId;
  /** Who signed the issuing call, as that record says. */
  readonly principal: Principal;
  readonly eventID: EventId;
  /** The path of the field that holds the new key id. */
  readonly field: string;
  readonly at: Instant;
  /** When the credential stops working; absent for a long-term key. */
  readonly expiry?: Instant;
  /** The id that both copies share when the call was recorded in two accounts. */
  readonly sharedEventID?: string;
}

/** Which credential begot which, by the key id that was issued. Commutative and idempotent: order and repetition change nothing. */
export interface SessionStore {
  /** Remembers a link, at most one write per new credential. `known` says that nothing was written. */
  put(issuance: Issuance): Promise<"written" | "known">;
  find(child: AccessKeyId): Promise<Issuance | undefined>;
  /** Forgets the links that nothing at or after `horizon` (event time) can need; returns how many. Replay never calls it. */
  evict(horizon: Instant): Promise<number>;
}

/** The longest a session lives (a user's session token), and so the shortest a link is kept. */
export const longestSession = 36 * 3_600_000;

/** Until when, by event time, a link is kept: 36 h after its call, or 36 h after its expiry when that is later. */
export const keptUntil = (issuance: Issuance): Instant =>
  instant(Math.max(issuance.at, issuance.expiry ?? issuance.at) + longestSession);

/**
 * Orders two records of the same issuing call; the smaller text is kept. The caller's copy names its signer, the copy in
 * the role's own account names an account only, so the former comes first; then the earlier, then the smaller event id.
 */
export function issuanceRank({ principal, at, eventID }: Issuance): string {
  const vague = principal.kind === "aws-account" || principal.kind === "unknown" ? "1" : "0";
  return `${vague} ${String(at).padStart(16, "0")} ${eventID}`;
}
