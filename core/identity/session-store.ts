import { type Instant, instant } from "../event/instant.ts";
import type { AccessKeyId } from "../iam/identifiers.ts";
import type { Issuance } from "./issuance.ts";

/** One link of the lineage as it is kept: the issuing call, what it was signed with, and how long its credential lives. */
export interface StoredIssuance extends Issuance {
  readonly schema: 1;
  readonly accessKeyId: AccessKeyId;
  /** The credential that signed the issuing call; absent where it was signed by none (web identity, SAML, a service). */
  readonly parent?: AccessKeyId;
}

/** Which credential begot which, by the key id that was issued. Commutative and idempotent: order and repetition change nothing. */
export interface SessionStore {
  /** Remembers a link, at most one write per new credential. `known` says that nothing was written. */
  put(issuance: StoredIssuance): Promise<"written" | "known">;
  find(accessKeyId: AccessKeyId): Promise<StoredIssuance | undefined>;
  /** Forgets the links that nothing at or after `horizon` (event time) can need; returns how many. Replay never calls it. */
  evict(horizon: Instant): Promise<number>;
}

/** The longest a session lives (a user's session token), and so the shortest a link is kept. */
export const longestSession = 36 * 3_600_000;

/** Until when, by event time, a link is kept: 36 h after its call, or 36 h after its expiry when that is later. */
export const keptUntil = (issuance: StoredIssuance): Instant =>
  instant(Math.max(issuance.at, issuance.expires ?? issuance.at) + longestSession);

/**
 * Orders two records of the same issuing call; the smaller text is kept. The caller's copy names its signer, the copy in
 * the role's own account names an account only, so the former comes first; then the earlier, then the smaller event id.
 */
export function issuanceRank({ caller, at, eventID }: StoredIssuance): string {
  const vague = caller.kind === "aws-account" || caller.kind === "unknown" ? "1" : "0";
  return `${vague} ${String(at).padStart(16, "0")} ${eventID}`;
}
