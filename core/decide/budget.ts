import type { Instant } from "../event/instant.ts";
import type { Reason } from "./decision.ts";

/** One automatic containment, as the breakers count it. */
export interface Spend {
  readonly schema: 1;
  /** The run that it was for: the same run is counted once. */
  readonly run: string;
  readonly account: string;
  /** The principal's immutable id. */
  readonly principal: string;
  readonly at: Instant;
}

/** Counts automatic containments durably: restarts and parallel workers share one count. Throws Fault when it cannot be written. */
export interface Budget {
  /** Counts the spend when every breaker allows it, at once: of two workers only one gets the last place. */
  take(spend: Spend): Promise<Allowance>;
}

export type Allowance = { readonly kind: "taken" | "known" } | { readonly kind: "refused"; readonly reason: Reason };

/** So many automatic containments in one account, in ten minutes and in a day. */
export const breakers = { tenMinutes: 5, day: 20 } as const;

const minute = 60_000;
const day = 86_400_000;

/** What the breakers say of one more, with what the account spent before. */
export function allowanceFor(spend: Spend, before: readonly Spend[]): Allowance {
  const own = before.filter((one) => one.account === spend.account);
  if (own.some((one) => one.run === spend.run)) return { kind: "known" };
  const since = (milliseconds: number): readonly Spend[] =>
    own.filter((one) => Math.abs(spend.at - one.at) < milliseconds);
  if (since(day).some((one) => one.principal === spend.principal))
    return refused({ rule: "second-action", target: spend.principal });
  if (since(10 * minute).length >= breakers.tenMinutes)
    return refused({ rule: "breaker", limit: breakers.tenMinutes, minutes: 10 });
  if (since(day).length >= breakers.day) return refused({ rule: "breaker", limit: breakers.day, minutes: 1_440 });
  return { kind: "taken" };
}

const refused = (reason: Reason): Allowance => ({ kind: "refused", reason });
