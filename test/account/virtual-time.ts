import { type Instant, instant } from "../../core/event/instant.ts";
import type { Clock } from "../../core/flow/clock.ts";

/** Time that passes only where everybody waits. */
export interface VirtualTime {
  readonly clock: Clock;
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Lets so much time pass with nobody waiting for it. */
  advance(milliseconds: number): void;
  /** Lets time pass until the work is done; returns what it returned. */
  until<Result>(work: Promise<Result>): Promise<Result>;
}

export function virtualTime(from: Instant): VirtualTime {
  let now: number = from;
  let order = 0;
  const waiting: { readonly at: number; readonly order: number; readonly wake: () => void }[] = [];
  return {
    clock: { now: () => instant(now) },
    pause: (milliseconds) =>
      new Promise((wake) => waiting.push({ at: now + Math.max(0, milliseconds), order: order++, wake })),
    advance(milliseconds) {
      now += milliseconds;
    },
    async until(work) {
      let isOver = false;
      const over = () => {
        isOver = true;
      };
      work.then(over, over);
      for (;;) {
        // Lets everything go on that waits for no time: in-memory work is done within one turn of the loop.
        await new Promise((turn) => setImmediate(turn));
        if (isOver) return work;
        waiting.sort((a, b) => a.at - b.at || a.order - b.order);
        const next = waiting.shift();
        if (next === undefined) continue;
        now = Math.max(now, next.at);
        next.wake();
      }
    },
  };
}
