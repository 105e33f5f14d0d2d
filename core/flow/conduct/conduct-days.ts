import type { EventId } from "../../event/event.ts";
import { hash32, hashInto, type Lanes } from "../../event/hash.ts";
import { type Instant, instant } from "../../event/instant.ts";
import { packedTable } from "../../event/packed-table.ts";
import { type Horizon, within } from "../horizon.ts";
import { rowAt, type State } from "../state.ts";

/** One row of the state's conduct on one UTC day, or in one part of it. */
export interface RowDay {
  readonly row: number;
  /** Whole UTC days since 1970. */
  readonly day: number;
  /** Which part of the day, as `Parting` says; absent is 0. */
  readonly part?: number;
}

export const rowDayName = ({ row, day, part = 0 }: RowDay): string => `${row} ${day} ${part}`;

/** Parts a day of a conduct: calls before and after a moment, or of one hour and another, are then counted apart. */
export type Parting = (conduct: number, second: number) => number;

export interface DayQuestion {
  readonly horizon: Horizon;
  /** Without it a day is one part. */
  readonly parting?: Parting;
}

/** How often, and when, each row was at work on each part of a day; read by handle. */
export interface ConductDays {
  readonly handles: Uint32Array;
  row(handle: number): number;
  day(handle: number): number;
  part(handle: number): number;
  /** Distinct records. */
  count(handle: number): number;
  /** Seconds. */
  first(handle: number): number;
  last(handle: number): number;
}

const whole: Parting = () => 0;
const daySeconds = 86_400;

/** Counts from the distinct records themselves: neither order nor repetition matters. 28 bytes for each row and day. */
export function conductDays(state: State, { horizon, parting = whole }: DayQuestion): ConductDays {
  const days = packedTable(7, 4);
  const entry = new Uint32Array(7);
  state.records.each((pointer, flags, second) => {
    const row = rowAt(state, pointer, flags);
    if (row === undefined || !within(horizon, second)) return;
    entry[1] = row;
    entry[2] = Math.floor(second / daySeconds);
    entry[3] = parting(state.conduct.conduct(row), second);
    entry[0] = hash32("", Math.imul(row, 0x9e3779b1) ^ Math.imul(entry[2] * 64 + entry[3] + 1, 0x85ebca6b)) || 1;
    const handle = days.find(entry);
    if (handle >= 0) {
      days.setWord(handle, 4, days.word(handle, 4) + 1);
      days.setWord(handle, 5, Math.min(days.word(handle, 5), second));
      days.setWord(handle, 6, Math.max(days.word(handle, 6), second));
      return;
    }
    entry[4] = 1;
    entry[5] = second;
    entry[6] = second;
    days.add(entry);
  });
  return {
    handles: Uint32Array.from(days.handles()),
    row: (handle) => days.word(handle, 1),
    day: (handle) => days.word(handle, 2),
    part: (handle) => days.word(handle, 3),
    count: (handle) => days.word(handle, 4),
    first: (handle) => days.word(handle, 5),
    last: (handle) => days.word(handle, 6),
  };
}

/** A record by its id, and when it was. */
export interface SeenId {
  readonly eventID: EventId;
  readonly at: Instant;
  readonly row: number;
}

/** How many ids a finding names. */
export const mostIds = 50;

/** The earliest ids, at most `mostIds`, of the records behind each of these rows, oldest first; by `rowDayName`. */
export function idsBehind(
  state: State,
  rows: Iterable<RowDay>,
  { horizon, parting = whole }: DayQuestion,
): ReadonlyMap<string, readonly SeenId[]> {
  const found = new Map<string, Map<string, SeenId>>();
  for (const one of rows) found.set(rowDayName(one), new Map());
  if (found.size === 0) return new Map();
  const asked = new Set(Array.from(found.keys(), (name) => Number(name.slice(0, name.indexOf(" ")))));
  const lanes: Lanes = { high: 0, low: 0 };
  for (const id of state.conduct.noted()) {
    hashInto(id, lanes);
    for (const words of state.records.under(lanes.high || 1, lanes.low)) {
      const [second = 0, flags = 0, pointer = 0] = [words[2], words[4], words[5]];
      const row = rowAt(state, pointer, flags);
      if (row === undefined || !asked.has(row) || !within(horizon, second)) continue;
      const part = parting(state.conduct.conduct(row), second);
      const ids = found.get(rowDayName({ row, day: Math.floor(second / daySeconds), part }));
      if (ids === undefined) continue;
      const eventID = `${id}${state.records.suffix(words)}` as EventId;
      ids.set(eventID, { eventID, at: instant(second * 1_000), row });
      if (ids.size >= 4 * mostIds) forgetLatest(ids);
    }
  }
  return new Map([...found].map(([name, ids]) => [name, [...ids.values()].sort(byTime).slice(0, mostIds)]));
}

function forgetLatest(ids: Map<string, SeenId>): void {
  for (const { eventID } of [...ids.values()].sort(byTime).slice(mostIds)) ids.delete(eventID);
}

export const byTime = (a: SeenId, b: SeenId): number => a.at - b.at || (a.eventID < b.eventID ? -1 : 1);
