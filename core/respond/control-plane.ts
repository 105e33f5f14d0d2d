import type { Change } from "./change.ts";
import type { Slot, Value } from "./slot.ts";
import type { Snapshot } from "./snapshot.ts";

/** Which change of which run a call belongs to: it is in the call's session name, so that AWS's own record says it. */
export interface CallMark {
  readonly caseId: string;
  /** Deterministic: the same step has the same token in every attempt. */
  readonly token: string;
}

/** What the account answered to a write. */
export type Written =
  | { readonly kind: "accepted" }
  /** The account says no for good: a full quota, a principal that is gone, a right that is missing, something that cannot be changed. */
  | { readonly kind: "refused"; readonly code: RefusalCode; readonly because: string }
  /** Nobody knows: a time-out, a reset, a server error. The slot must be read. */
  | { readonly kind: "ambiguous"; readonly because: string };

export type RefusalCode = "denied" | "limit" | "gone" | "unmodifiable" | "malformed";

/** The account that is changed. Throws Fault when it could not be asked at all. */
export interface ControlPlane {
  /** The principal's state with its immutable id; undefined when there is no such principal. */
  snapshot(arn: string): Promise<Snapshot | undefined>;
  read(slot: Slot): Promise<Value>;
  /** Makes the one call that the change needs. Never reads, never retries: the executor does both. */
  write(change: Change, mark: CallMark): Promise<Written>;
}
