import type { EventId, Outcome } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import type { Attribution } from "../../identity/attribution.ts";

/** One window of one detector over one subject. */
export interface WindowKey {
  readonly detector: string;
  readonly subject: string;
  readonly start: Instant;
}

/**
 * One thing seen in a window. `member` is what counts once: the ARN of a secret, a session, or an event id where
 * every event counts.
 */
export interface Mark {
  readonly member: string;
  readonly at: Instant;
  readonly eventID: EventId;
  /** How much the member counts where not every one counts alike; absent is 1. */
  readonly weight?: number;
  /** Who made the event, where a finding may begin with it: the event itself may be gone when the finding is made. */
  readonly by?: MarkedBy;
  /** The key id that signed it, beside `by`: what is learnt of a session's chain holds for all that it signed. */
  readonly signer?: string;
}

/** What a finding says of the event that it begins with. */
export interface MarkedBy {
  readonly attribution: Attribution;
  readonly outcome: Outcome;
  readonly region: string;
  readonly account?: string;
  readonly principal?: string;
  readonly workload?: string;
  readonly client?: string;
  readonly guessed: boolean;
}

/** The distinct members of a window, each with its earliest event. Bounded: beyond the limit the earliest stay. */
export interface Window extends WindowKey {
  readonly schema: 1;
  /** Sorted by (at, eventID, member), at most `windowLimit`. */
  readonly marks: readonly Mark[];
  /** True when there were more distinct members than are kept: the count is then a lower bound. */
  readonly more: boolean;
}

/** Windows by event time. Commutative and idempotent: a mark seen again, in any order, changes nothing. */
export interface WindowStore {
  /** Folds a batch in and returns the windows that changed: one write for each of them, none for the others. */
  add(batch: readonly (WindowKey & Mark)[]): Promise<readonly Window[]>;
  read(key: WindowKey): Promise<Window | undefined>;
  /** Forgets the windows that start before `horizon` (event time); returns how many. Replay never calls it. */
  evict(horizon: Instant): Promise<number>;
}

/** The most distinct members that a window keeps; every threshold is below it. */
export const windowLimit = 256;

/** A key as one text, for maps and for batches. */
export const windowName = (key: WindowKey): string => JSON.stringify([key.detector, key.subject, key.start]);

/** The window with the marks folded in, or undefined when they change nothing. */
export function foldWindow(known: Window | undefined, key: WindowKey, seen: readonly Mark[]): Window | undefined {
  const earliest = new Map<string, Mark>();
  for (const one of [...(known?.marks ?? []), ...seen]) {
    const before = earliest.get(one.member);
    if (before === undefined || order(one, before) < 0 || (order(one, before) === 0 && knowsMore(one, before)))
      earliest.set(one.member, markOf(one));
  }
  const marks = [...earliest.values()].sort(order);
  const next: Window = {
    schema: 1,
    detector: key.detector,
    subject: key.subject,
    start: key.start,
    marks: marks.slice(0, windowLimit),
    more: known?.more === true || marks.length > windowLimit,
  };
  return known !== undefined && same(known, next) ? undefined : next;
}

/** Groups a batch by window, so that each window is written at most once. */
export const byWindow = <Seen extends WindowKey>(batch: readonly Seen[]): ReadonlyMap<string, readonly Seen[]> =>
  Map.groupBy(batch, windowName);

/** A batch's marks carry their window's key; what is kept of them does not. */
const markOf = ({ member, at, eventID, weight, by, signer }: Mark): Mark => ({
  member,
  at,
  eventID,
  ...(weight === undefined ? {} : { weight }),
  ...(by === undefined ? {} : { by }),
  ...(signer === undefined ? {} : { signer }),
});

/** Of two readings of one event the one with the longer chain stays: links that come later only ever add to it. */
function knowsMore(one: Mark, other: Mark): boolean {
  const links = ({ by }: Mark): number => (by === undefined ? -1 : by.attribution.hops.length);
  if (links(one) !== links(other)) return links(one) > links(other);
  const [mine, theirs] = [written(one), written(other)];
  return mine.length > theirs.length || (mine.length === theirs.length && mine > theirs);
}

const written = ({ weight, by, signer }: Mark): string => JSON.stringify([weight, by, signer]);

const order = (a: Mark, b: Mark): number => a.at - b.at || compare(a.eventID, b.eventID) || compare(a.member, b.member);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const same = (a: Window, b: Window): boolean =>
  a.more === b.more &&
  a.marks.length === b.marks.length &&
  a.marks.every((mark, place) => {
    const other = b.marks[place];
    return other !== undefined && order(mark, other) === 0 && written(mark) === written(other);
  });
