import { createHash } from "node:crypto";
import type { EventId } from "../../event/event.ts";
import { dayOf, type Instant } from "../../event/instant.ts";

/** One call of one identity, as a baseline sees it. `identity` is a workload or a role, never a session. */
export interface Sighting {
  readonly identity: string;
  readonly action: string;
  readonly eventID: EventId;
  readonly at: Instant;
}

/** What one identity did with one action on one UTC day. */
export interface Activity {
  readonly schema: 1;
  readonly identity: string;
  readonly action: string;
  /** `YYYY-MM-DD`. */
  readonly day: string;
  readonly first: Instant;
  readonly last: Instant;
  /** The smallest 48-bit digests of the event ids, ascending, at most `sketchSize`: a count that repetition cannot raise. */
  readonly sketch: readonly number[];
}

/** Several days as one: since when, until when, how often, on how many days. */
export interface History {
  readonly first: Instant;
  readonly last: Instant;
  readonly days: number;
  readonly count: number;
  /** False when `count` is an estimate (standard error about 13 % per day). */
  readonly exact: boolean;
}

/** Who does what, by day of event time. Commutative and idempotent: an event seen again, in any order, changes nothing. */
export interface ActivityStore {
  /** Folds a batch in and returns the days that changed: one write for each of them, none for the others. */
  add(batch: readonly Sighting[]): Promise<readonly Activity[]>;
  /** The days on which the identity used the action, oldest first. */
  read(identity: string, action: string): Promise<readonly Activity[]>;
  /** Forgets the days before the day of `horizon` (event time); returns how many rows. Replay never calls it. */
  evict(horizon: Instant): Promise<number>;
}

/** How many digests a day keeps: counts below it are exact. */
export const sketchSize = 64;

/** The key of the day that a sighting falls on. */
export const activityName = (seen: Sighting): string => JSON.stringify([seen.identity, seen.action, dayOf(seen.at)]);

/** The day with the sightings folded in, or undefined when they change nothing. All must be of one identity, action and day. */
export function foldActivity(
  known: Activity | undefined,
  seen: readonly [Sighting, ...Sighting[]],
): Activity | undefined {
  const [{ identity, action, at }] = seen;
  const times = [...seen.map((one) => one.at), ...(known ? [known.first, known.last] : [])];
  const digests = new Set([...(known?.sketch ?? []), ...seen.map((one) => digestOf(one.eventID))]);
  const next: Activity = {
    schema: 1,
    identity,
    action,
    day: known?.day ?? dayOf(at),
    first: times.reduce(earlier),
    last: times.reduce(later),
    sketch: [...digests].sort((a, b) => a - b).slice(0, sketchSize),
  };
  return known !== undefined && same(known, next) ? undefined : next;
}

/** Sums days up; undefined when there are none. Days are counted apart, so the sum is as exact as its parts. */
export function historyOf(days: readonly Activity[]): History | undefined {
  if (days.length === 0) return undefined;
  return {
    first: days.map((day) => day.first).reduce(earlier),
    last: days.map((day) => day.last).reduce(later),
    days: days.length,
    count: days.reduce((sum, day) => sum + countOf(day), 0),
    exact: days.every((day) => day.sketch.length < sketchSize),
  };
}

const earlier = (a: Instant, b: Instant): Instant => (a <= b ? a : b);
const later = (a: Instant, b: Instant): Instant => (a >= b ? a : b);
const space = 2 ** 48;

/** Below the limit the digests are all there; at the limit their density tells how many there were ("k minimum values"). */
function countOf({ sketch }: Activity): number {
  const largest = sketch.at(-1) ?? 0;
  return sketch.length < sketchSize ? sketch.length : Math.round(((sketchSize - 1) * space) / (largest + 1));
}

const digestOf = (id: EventId): number => createHash("sha256").update(id).digest().readUIntBE(0, 6);

const same = (a: Activity, b: Activity): boolean =>
  a.first === b.first &&
  a.last === b.last &&
  a.sketch.length === b.sketch.length &&
  a.sketch.every((digest, place) => digest === b.sketch[place]);
