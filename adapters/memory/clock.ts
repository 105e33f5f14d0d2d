import { type Instant, instant } from "../../core/event/instant.ts";
import type { Clock } from "../../core/flow/clock.ts";

/** A clock that stands still. */
export const fixedClock = (at: Instant): Clock => ({ now: () => at });

/** A clock that moves when it is told to, and never by itself. */
export function virtualClock(from: Instant): Clock & { advance(milliseconds: number): void } {
  let at = from;
  return {
    now: () => at,
    advance(milliseconds) {
      at = instant(at + milliseconds);
    },
  };
}
