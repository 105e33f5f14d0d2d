import type { Instant } from "../core/event/instant.ts";
import { conductFlag, entryWords, keptFlag, markFlag } from "../core/event/record-table.ts";
import type { Spool } from "../core/event/spool.ts";
import { type Horizon, within } from "../core/flow/horizon.ts";
import type { Settlement } from "../core/flow/settle.ts";
import { type Numbers, type State, signerAt } from "../core/flow/state.ts";
import type { Trace } from "../core/flow/trace.ts";
import type { ApiName } from "../core/iam/identifiers.ts";
import { noPrincipal } from "../core/identity/principal-index.ts";
import type { Attributed } from "../core/record/line.ts";

/** A record that was read, with the words the record table knows it by. */
interface Row {
  readonly entry: Uint32Array;
  readonly principal: number;
  /** Event id, time, account, Region and API, as JSON. */
  readonly text: string;
}

/** What the lines are made from: the state's own rows and, where a store knew records before, the rows of those. */
interface Read {
  readonly state: State;
  readonly settlement: Settlement;
  readonly repeats?: Spool;
}

/** Each attribution line's parts, for every distinct record that was read, in no promised order. */
export function* attributedRecords(read: Read, horizon: Horizon): Generator<Attributed> {
  const { state, settlement } = read;
  for (const { entry, principal, text } of rowsOf(read)) {
    if (!within(horizon, entry[2] ?? 0) || !state.records.stayed(entry) || !state.records.markOnce(entry)) continue;
    const [id, at, account, region, api] = JSON.parse(text) as [string, Instant, string, string, ApiName];
    yield {
      eventID: `${id}${state.records.suffix(entry)}`,
      at,
      account,
      region,
      api,
      ...(principal === noPrincipal ? {} : { principal: state.principals.read(principal) }),
      attribution: settlement.attributionOf(principal, entry[5]),
    };
  }
}

/** Writes down the rows of one trace: the state drops those of records that it knew from an earlier run. */
export function repeat(into: Spool, trace: Trace, numbers: Numbers): void {
  for (const [record, text] of trace.rows.entries()) {
    const words = trace.words.subarray(record * entryWords, (record + 1) * entryWords);
    const local = words[entryWords - 1] ?? noPrincipal;
    const principal = local === noPrincipal ? noPrincipal : (numbers[local] ?? noPrincipal);
    into.add(JSON.stringify([[...words], principal, text]));
  }
}

function* rowsOf({ state, repeats }: Read): Generator<Row> {
  for (let number = 0; number < state.rows.count; number++) yield parsed(state.rows.read(number));
  if (repeats === undefined || repeats.count === 0) return;
  const kept = keptByRecord(state);
  for (let number = 0; number < repeats.count; number++) {
    const row = parsed(repeats.read(number));
    const { entry, principal } = row;
    if (((entry[4] ?? 0) & keptFlag) === 0) stand(state, entry, principal);
    else {
      const same = kept.get(keyOf(entry))?.find((other) => state.kept.principal(other) === principal);
      if (same === undefined) continue;
      entry[4] = ((entry[4] ?? 0) & ~conductFlag) | ((state.kept.entry(same)[4] ?? 0) & conductFlag);
      entry[5] = same;
    }
    yield row;
  }
}

/** Points to what the state's own copy points to, which may be what the record did, where both say the same. */
function stand(state: State, entry: Uint32Array, principal: number): void {
  const standing = state.records.standing(entry);
  const [flags = 0, pointer = 0] = [standing?.[4], standing?.[5]];
  entry[5] = principal;
  if (((flags ^ (entry[4] ?? 0)) & ~(conductFlag | markFlag)) !== 0 || signerAt(state, pointer, flags) !== principal)
    return;
  entry[4] = flags;
  entry[5] = pointer;
}

function parsed(stored: string): Row {
  const [words, principal, text] = JSON.parse(stored) as [number[], number, string];
  return { entry: Uint32Array.from(words), principal, text };
}

/** The kept records that stayed, by the words that tell records apart. */
function keptByRecord(state: State): ReadonlyMap<string, readonly number[]> {
  const found = new Map<string, number[]>();
  for (let number = 0; number < state.kept.count; number++) {
    const entry = state.kept.entry(number);
    if (!state.records.stayed(entry)) continue;
    const key = keyOf(entry);
    found.set(key, [...(found.get(key) ?? []), number]);
  }
  return found;
}

const keyOf = (entry: Uint32Array): string => entry.subarray(0, 4).join(" ");
