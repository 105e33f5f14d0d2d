import type { Instant } from "../../event/instant.ts";
import { Fault } from "../../fault.ts";
import type { Grant } from "../workload.ts";

/** A grant that was approved at run time for one workload, merged over its manifest. Never changed once approved. */
export interface ApprovedGrant extends Grant {
  readonly schema: 1;
  /** The manifest's name; `id` is unique within it. */
  readonly workload: string;
}

/** The run-time grants. Expired ones stay: a call after `until` is judged against the grant it outlived. */
export interface GrantStore {
  /** Remembers a grant. Throws Fault "conflict" when the same id was approved with other content. */
  put(grant: ApprovedGrant): Promise<"written" | "known">;
  /** Every grant of a workload, past and future, sorted by (from, id). */
  ofWorkload(workload: string): Promise<readonly ApprovedGrant[]>;
}

/** True while the grant holds, whether it was approved at run time or stands in a manifest. */
export const holds = (grant: Grant, at: Instant): boolean => grant.from <= at && at < grant.until;

/** The order in which grants are listed. */
export const byStart = (a: ApprovedGrant, b: ApprovedGrant): number => a.from - b.from || (a.id < b.id ? -1 : 1);

/** Refuses a grant that could never hold. */
export function checkGrant(grant: ApprovedGrant): void {
  if (grant.from < grant.until) return;
  throw new Fault(
    "misconfigured",
    `grant ${grant.id} of ${grant.workload} ends at or before its start; approve one whose "until" is after its "from"`,
  );
}

/** Says which grant was approved twice with different content. */
export const grantConflict = (grant: ApprovedGrant): Fault =>
  new Fault(
    "conflict",
    `grant ${grant.id} of ${grant.workload} was approved before with other content; a grant is never changed: approve one with a new id`,
  );
