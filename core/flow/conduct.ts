import type { EventId } from "../event/event.ts";
import { hash32, hashInto, type Lanes } from "../event/hash.ts";
import { type Instant, instant } from "../event/instant.ts";
import { packedTable } from "../event/packed-table.ts";
import type { Authorise } from "../iam/authorisation.ts";
import type { Conduct } from "../identity/conduct.ts";
import { conductOf, type RecordedConduct } from "../identity/conduct-of.ts";
import { type Horizon, within } from "./horizon.ts";
import { rowAt, type State } from "./state.ts";

/** What one principal did on one UTC day, as often as it did it. */
export interface ConductRow {
  /** By number, as the state's principals are. */
  readonly principal: number;
  /** Whole UTC days since 1970. */
  readonly day: number;
  /** The same object for equal conduct of rows that follow each other. */
  readonly conduct: Conduct;
  /** Distinct records. */
  readonly count: number;
  /** Whole seconds, as CloudTrail writes them. */
  readonly first: Instant;
  readonly last: Instant;
  /** Names the pair of principal and conduct in this state. */
  readonly row: number;
}

/** How many ids a finding names. */
export const mostIds = 50;

/**
 * Every conduct of every principal by day, of the records within the horizon; rows of equal conduct follow each other, so
 * that one conduct at a time is held. Counted from the distinct records themselves: neither order nor repetition matters.
 */
export function* conductRows(state: State, horizon: Horizon, authorise: Authorise): Generator<ConductRow> {
  if (state.conduct.size === 0) return;
  const days = byDay(state, horizon);
  const handles = Uint32Array.from(days.handles());
  const conductAt = (handle: number): number => state.conduct.conduct(days.word(handle, 1));
  handles.sort(
    (a, b) => conductAt(a) - conductAt(b) || days.word(a, 1) - days.word(b, 1) || days.word(a, 2) - days.word(b, 2),
  );
  let last: { readonly number: number; readonly conduct: Conduct } | undefined;
  for (const handle of handles) {
    const row = days.word(handle, 1);
    const number = state.conduct.conduct(row);
    if (last?.number !== number)
      last = { number, conduct: conductOf(JSON.parse(state.conduct.json(number)) as RecordedConduct, authorise) };
    yield {
      principal: state.conduct.principal(row),
      day: days.word(handle, 2),
      conduct: last.conduct,
      count: days.word(handle, 3),
      first: instant(days.word(handle, 4) * 1_000),
      last: instant(days.word(handle, 5) * 1_000),
      row,
    };
  }
}

/** Six words an entry: a hash, the row, the day, how often, the first and the last second. */
function byDay(state: State, horizon: Horizon) {
  const days = packedTable(6, 3);
  const entry = new Uint32Array(6);
  state.records.each((pointer, flags, second) => {
    const row = rowAt(state, pointer, flags);
    if (row === undefined || !within(horizon, second)) return;
    entry[1] = row;
    entry[2] = Math.floor(second / daySeconds);
    entry[0] = hash32("", Math.imul(row, 0x9e3779b1) ^ Math.imul(entry[2] + 1, 0x85ebca6b)) || 1;
    const handle = days.find(entry);
    if (handle >= 0) {
      days.setWord(handle, 3, days.word(handle, 3) + 1);
      days.setWord(handle, 4, Math.min(days.word(handle, 4), second));
      days.setWord(handle, 5, Math.max(days.word(handle, 5), second));
      return;
    }
    entry[3] = 1;
    entry[4] = second;
    entry[5] = second;
    days.add(entry);
  });
  return days;
}

const daySeconds = 86_400;

/** The part of a row that says which records it stands for. */
export type RowDay = Pick<ConductRow, "row" | "day">;

export const rowDayName = ({ row, day }: RowDay): string => `${row} ${day}`;

/** The earliest ids, at most `mostIds`, of the records behind each of these rows, oldest first; by `rowDayName`. */
export function conductEvents(
  state: State,
  rows: readonly RowDay[],
  horizon: Horizon,
): ReadonlyMap<string, readonly SeenId[]> {
  const found = new Map<string, Map<string, SeenId>>(rows.map((one) => [rowDayName(one), new Map()]));
  if (found.size === 0) return new Map();
  const lanes: Lanes = { high: 0, low: 0 };
  for (const id of state.conduct.noted()) {
    hashInto(id, lanes);
    for (const words of state.records.under(lanes.high || 1, lanes.low)) {
      const [second = 0, flags = 0, pointer = 0] = [words[2], words[4], words[5]];
      const row = rowAt(state, pointer, flags);
      if (row === undefined || !within(horizon, second)) continue;
      const ids = found.get(rowDayName({ row, day: Math.floor(second / daySeconds) }));
      if (ids === undefined) continue;
      const eventID = `${id}${state.records.suffix(words)}` as EventId;
      ids.set(eventID, { eventID, at: instant(second * 1_000) });
      if (ids.size >= 4 * mostIds) forgetLatest(ids);
    }
  }
  return new Map([...found].map(([name, ids]) => [name, [...ids.values()].sort(byTime).slice(0, mostIds)]));
}

export interface SeenId {
  readonly eventID: EventId;
  readonly at: Instant;
}

function forgetLatest(ids: Map<string, SeenId>): void {
  for (const { eventID } of [...ids.values()].sort(byTime).slice(mostIds)) ids.delete(eventID);
}

export const byTime = (a: SeenId, b: SeenId): number => a.at - b.at || (a.eventID < b.eventID ? -1 : 1);
