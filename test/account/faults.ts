import type { Random } from "../../bench/corpus-random.ts";
import type { Change } from "../../core/respond/change.ts";
import type { RefusalCode } from "../../core/respond/control-plane.ts";

/** What goes wrong with one call. */
export type CallFault =
  | "none"
  | "throttled"
  | "conflict"
  | "error-before"
  | "error-after"
  | "reset-after"
  /** It answers OK and does nothing. */
  | "nothing"
  | { readonly refused: RefusalCode };

/** Asked once for each call; a read has no change. */
export type Faults = (change: Change | undefined) => CallFault;

export const noFaults: Faults = () => "none";

/** Shares of calls, each from 0 to 1; reads are throttled only. */
export interface FaultShares {
  readonly throttled: number;
  readonly conflict: number;
  readonly errorBefore: number;
  readonly errorAfter: number;
  readonly resetAfter: number;
}

/** Draws each call's fault by its share. */
export const drawnFaults =
  (random: Random, shares: FaultShares): Faults =>
  (change) => {
    if (random.chance(shares.throttled)) return "throttled";
    if (change === undefined) return "none";
    if (random.chance(shares.conflict)) return "conflict";
    if (random.chance(shares.errorBefore)) return "error-before";
    if (random.chance(shares.errorAfter)) return "error-after";
    return random.chance(shares.resetAfter) ? "reset-after" : "none";
  };
