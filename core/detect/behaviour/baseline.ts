import { isGlobal } from "../../iam/global-services.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { Done, EarlierDays, Span } from "./conduct-detector.ts";

/**
 * When a baseline may speak and how long it remembers, in whole UTC days: an identity must have been known for `warmUp` days
 * and at work on `activeDays` of the last `memory` days; what it did not do for `memory` days counts as new again.
 */
export const baselineTimes = { warmUp: 14, activeDays: 5, memory: 90 } as const;

/** What a baseline learns from something done: which actions, and in which Region where the service has any. */
export interface Habit {
  readonly actions: readonly string[];
  readonly region?: string;
}

/** Nothing where the call did not come to pass, or was not the identity's own: a service's new ways are not its habits. */
export function habitOf({ conduct, by }: Pick<Done, "conduct" | "by">): Habit | undefined {
  if (conduct.outcome !== "done" || conduct.origin?.kind === "service" || by === "subject") return undefined;
  return { actions: actionsOf(conduct), ...(isGlobal(conduct.api) ? {} : { region: conduct.region }) };
}

/** IAM's names where they are known, else the call's own: a baseline asks what is new, not what is checked. */
const actionsOf = ({ api, checks = [] }: Conduct): readonly string[] =>
  checks.length === 0 ? [api] : [...new Set(checks.map(({ action }) => action))];

/** The days on which an identity did things, as they are gathered. */
export interface Baseline {
  saw(day: number, action: string, region: string | undefined): void;
  /** Whether the identity is known well enough on this day for anything to be new. */
  warmOn(day: number): boolean;
  /** Whether it did not do this in the days that are remembered before this one. */
  isNewAction(day: number, action: string): boolean;
  isNewRegion(day: number, region: string): boolean;
}

/** Whether an identity is known for long enough for anything to be new at all. */
export const mayWarm = ({ firstDay, lastDay }: Span, earlier?: EarlierDays): boolean =>
  lastDay - Math.min(firstDay, ...(earlier?.active ?? [])) >= baselineTimes.warmUp;

export function baseline(earlier?: EarlierDays): Baseline {
  const active = new Set(earlier?.active);
  const byAction = copied(earlier?.byAction);
  const byRegion = copied(earlier?.byRegion);
  const { warmUp, activeDays, memory } = baselineTimes;
  const within = (days: ReadonlySet<number> | undefined, day: number): number => {
    let count = 0;
    for (const one of days ?? []) if (one < day && one >= day - memory) count++;
    return count;
  };
  return {
    saw(day, action, region) {
      active.add(day);
      put(byAction, action, day);
      if (region !== undefined) put(byRegion, region, day);
    },
    warmOn: (day) => Math.min(...active) <= day - warmUp && within(active, day) >= activeDays,
    isNewAction: (day, action) => within(byAction.get(action), day) === 0,
    isNewRegion: (day, region) => within(byRegion.get(region), day) === 0,
  };
}

const copied = (days: ReadonlyMap<string, ReadonlySet<number>> = new Map()): Map<string, Set<number>> =>
  new Map([...days].map(([name, set]) => [name, new Set(set)]));

function put(into: Map<string, Set<number>>, name: string, day: number): void {
  const known = into.get(name);
  if (known === undefined) into.set(name, new Set([day]));
  else known.add(day);
}
