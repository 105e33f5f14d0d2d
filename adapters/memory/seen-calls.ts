import type { ApiCall } from "../../core/event/event.ts";
import type { SeenCalls } from "../../core/respond/seen-calls.ts";
import { isOn, isTarget } from "../../core/respond/slot-writers.ts";

/** Recorded calls that live as long as their process; a record that comes again is the same record. */
export function memorySeenCalls(): SeenCalls & { saw(...calls: readonly ApiCall[]): void } {
  const seen = new Map<string, ApiCall>();
  const since = (at: number, wanted: (call: ApiCall) => boolean): readonly ApiCall[] =>
    [...seen.values()]
      .filter((call) => call.at >= at && wanted(call))
      .sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1));
  return {
    saw(...calls) {
      for (const call of calls) seen.set(call.id, call);
    },
    by: async (target, at) => since(at, ({ principal }) => isTarget(principal, target)),
    on: async (slot, at) => since(at, (call) => call.outcome === "done" && isOn(call, slot)),
  };
}
