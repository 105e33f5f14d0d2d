import type { Done, Span } from "../../detect/behaviour/conduct-detector.ts";
import { instant } from "../../event/instant.ts";
import type { Authorise } from "../../iam/authorisation.ts";
import type { Conduct } from "../../identity/conduct.ts";
import { conductOf, type RecordedConduct } from "../../identity/conduct-of.ts";
import type { State } from "../state.ts";
import type { ConductDays, Parting, RowDay } from "./conduct-days.ts";
import type { ConductGroups } from "./conduct-groups.ts";

/** What is done, in order: by group, and in a group by conduct, day and part. */
export interface Ordered {
  readonly state: State;
  readonly days: ConductDays;
  readonly parting: Parting;
  /** Handles by group, conduct, day and part. */
  readonly ordered: { readonly handles: Uint32Array; readonly starts: Uint32Array };
  readonly groups: ConductGroups;
}

/** In one pass over all handles: what each group did in sum. */
export function spansOf(state: State, days: ConductDays, groups: ConductGroups): readonly Span[] {
  const { conduct } = state;
  const firstDay = new Uint32Array(groups.all.length).fill(0xffffffff);
  const lastDay = new Uint32Array(groups.all.length);
  const denied = new Uint32Array(groups.all.length);
  for (const handle of days.handles) {
    const row = days.row(handle);
    const group = groups.of(conduct.principal(row));
    if (group < 0) continue;
    firstDay[group] = Math.min(firstDay[group] ?? 0, days.day(handle));
    lastDay[group] = Math.max(lastDay[group] ?? 0, days.day(handle));
    if (conduct.denied(conduct.conduct(row))) denied[group] = (denied[group] ?? 0) + days.count(handle);
  }
  return groups.all.map((_, group) => ({
    firstDay: firstDay[group] ?? 0,
    lastDay: lastDay[group] ?? 0,
    denied: denied[group] ?? 0,
  }));
}

/** Sorts the handles by group, and in a group by conduct: numbers that fit into one double sort fastest. */
export function inOrder({ state, days, parting, groups }: Omit<Ordered, "ordered">): Ordered {
  const { conduct } = state;
  const groupAt = (handle: number): number => groups.of(conduct.principal(days.row(handle)));
  const starts = new Uint32Array(groups.all.length + 1);
  for (const handle of days.handles) {
    const group = groupAt(handle);
    if (group >= 0) starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let group = 0; group < groups.all.length; group++)
    starts[group + 1] = (starts[group + 1] ?? 0) + (starts[group] ?? 0);
  const next = starts.slice();
  const keys = new Float64Array(starts[groups.all.length] ?? 0);
  for (const handle of days.handles) {
    const group = groupAt(handle);
    if (group < 0) continue;
    const place = next[group] ?? 0;
    next[group] = place + 1;
    keys[place] = conduct.conduct(days.row(handle)) * 2 ** 27 + handle;
  }
  for (let group = 0; group < groups.all.length; group++) keys.subarray(starts[group], starts[group + 1]).sort();
  return { state, days, parting, groups, ordered: { handles: Uint32Array.from(keys, (key) => key % 2 ** 27), starts } };
}

export function* doneBy(group: number, known: Ordered, authorise: Authorise): Generator<Done> {
  const { state, days, ordered, groups } = known;
  const { handles, starts } = ordered;
  const until = starts[group + 1] ?? 0;
  let conduct: Conduct | undefined;
  for (let from = starts[group] ?? 0; from < until; ) {
    const number = numberAt(known, from);
    let end = from + 1;
    while (end < until && numberAt(known, end) === number) end++;
    // In place, so that what was done together lies together.
    handles.subarray(from, end).sort((a, b) => days.day(a) - days.day(b) || days.part(a) - days.part(b));
    conduct = conductOf(recorded(state, number), authorise);
    for (let start = from; start < end; ) {
      const same = sameFrom(known, start, end);
      let [count, first, last] = [0, Number.POSITIVE_INFINITY, 0];
      let by: Done["by"] = "subject";
      for (let place = start; place < same; place++) {
        const handle = handles[place] ?? 0;
        count += days.count(handle);
        first = Math.min(first, days.first(handle));
        last = Math.max(last, days.last(handle));
        if (!groups.asksOnly(state.conduct.principal(days.row(handle)))) by = "session";
      }
      const handle = handles[start] ?? 0;
      yield {
        day: days.day(handle),
        conduct,
        count,
        first: instant(first * 1_000),
        last: instant(last * 1_000),
        by,
        handle: start,
      };
      start = same;
    }
    from = end;
  }
}

const numberAt = ({ state, days, ordered }: Ordered, place: number): number =>
  state.conduct.conduct(days.row(ordered.handles[place] ?? 0));

/** Where what was done on the same part of a day ends. */
function sameFrom({ days, ordered: { handles } }: Ordered, start: number, end: number): number {
  const handle = handles[start] ?? 0;
  let place = start + 1;
  while (
    place < end &&
    days.day(handles[place] ?? 0) === days.day(handle) &&
    days.part(handles[place] ?? 0) === days.part(handle)
  )
    place++;
  return place;
}

export function rowsAt(place: number, known: Ordered): readonly RowDay[] {
  const { days, ordered, state, groups } = known;
  const { handles, starts } = ordered;
  const group = groups.of(state.conduct.principal(days.row(handles[place] ?? 0)));
  const number = numberAt(known, place);
  let end = place + 1;
  while (end < (starts[group + 1] ?? 0) && numberAt(known, end) === number) end++;
  return [...handles.subarray(place, sameFrom(known, place, end))].map((handle) => ({
    row: days.row(handle),
    day: days.day(handle),
    part: days.part(handle),
  }));
}

/** A conduct as it was recorded. */
export const recorded = ({ conduct }: State, number: number): RecordedConduct =>
  JSON.parse(conduct.json(number)) as RecordedConduct;
