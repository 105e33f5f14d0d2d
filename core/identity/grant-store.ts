import type { Instant } from "../event/instant.ts";
import type { JsonObject } from "../event/json.ts";
import { Fault } from "../fault.ts";

/** A task-scoped permission for one workload, approved at run time and merged over its manifest. Never changed once approved. */
export interface Grant {
  readonly schema: 1;
  readonly workload: string;
  /** Unique within the workload. */
  readonly id: string;
  readonly statements: readonly JsonObject[];
  readonly from: Instant;
  /** Half-open: use at or after this instant is drift. */
  readonly until: Instant;
  readonly approvedBy: string;
  readonly ticket?: string;
}

/** The run-time grants. Expired ones stay: a call after `until` is judged against the grant it outlived. */
export interface GrantStore {
  /** Remembers a grant. Throws Fault "conflict" when the same id was approved with other content. */
  put(grant: Grant): Promise<"written" | "known">;
  /** Every grant of a workload, past and future, sorted by (from, id). */
  ofWorkload(workload: string): Promise<readonly Grant[]>;
}

/** True while the grant holds. */
export const holds = (grant: Grant, at: Instant): boolean => grant.from <= at && at < grant.until;

/** The order in which grants are listed. */
export const byStart = (a: Grant, b: Grant): number => a.from - b.from || (a.id < b.id ? -1 : 1);

/** Refuses a grant that could never hold. */
export function checkGrant(grant: Grant): void {
  if (grant.from < grant.until) return;
  throw new Fault(
    "misconfigured",
    `grant ${grant.id} of ${grant.workload} ends at or before its start; approve one whose "until" is after its "from"`,
  );
}

/** Says which grant was approved twice with different content. */
export const grantConflict = (grant: Grant): Fault =>
  new Fault(
    "conflict",
    `grant ${grant.id} of ${grant.workload} was approved before with other content; a grant is never changed: approve one with a new id`,
  );
