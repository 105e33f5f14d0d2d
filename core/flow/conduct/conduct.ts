import { type Instant, instant } from "../../event/instant.ts";
import type { Authorise } from "../../iam/authorisation.ts";
import type { Conduct } from "../../identity/conduct.ts";
import { conductOf, type RecordedConduct } from "../../identity/conduct-of.ts";
import type { Horizon } from "../horizon.ts";
import type { State } from "../state.ts";
import { conductDays, idsBehind, type RowDay, rowDayName, type SeenId } from "./conduct-days.ts";

export { type RowDay, rowDayName, type SeenId };

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

/** The recorded conduct of this number, and what AWS checks for it. */
export const conductNumbered = ({ conduct }: State, number: number, authorise: Authorise): Conduct =>
  conductOf(JSON.parse(conduct.json(number)) as RecordedConduct, authorise);

/**
 * Every conduct of every principal by day, of the records within the horizon; rows of equal conduct follow each other, so
 * that one conduct at a time is held. In no promised order otherwise.
 */
export function* conductRows(state: State, horizon: Horizon, authorise: Authorise): Generator<ConductRow> {
  if (state.conduct.size === 0) return;
  const days = conductDays(state, { horizon });
  const numberAt = (handle: number): number => state.conduct.conduct(days.row(handle));
  // A conduct's number and a handle, both below 2^26 in a run that fits into memory, sort as one number.
  const order = Float64Array.from(days.handles, (handle) => numberAt(handle) * 2 ** 27 + handle).sort();
  let last: { readonly number: number; readonly conduct: Conduct } | undefined;
  for (const one of order) {
    const handle = one % 2 ** 27;
    const number = numberAt(handle);
    if (last?.number !== number) last = { number, conduct: conductNumbered(state, number, authorise) };
    const row = days.row(handle);
    yield {
      principal: state.conduct.principal(row),
      day: days.day(handle),
      conduct: last.conduct,
      count: days.count(handle),
      first: instant(days.first(handle) * 1_000),
      last: instant(days.last(handle) * 1_000),
      row,
    };
  }
}

/** The earliest ids, at most 50, of the records behind each of these rows, oldest first; by `rowDayName`. */
export const conductEvents = (
  state: State,
  rows: readonly RowDay[],
  horizon: Horizon,
): ReadonlyMap<string, readonly SeenId[]> => idsBehind(state, rows, { horizon });
