import { hashInto, type Lanes } from "../event/hash.ts";
import type { Instant } from "../event/instant.ts";
import { type Cause, type CauseKind, causeKinds, type Subject } from "../identity/lineage/cause.ts";
import { causeOf } from "../identity/lineage/cause-catalog.ts";
import { keptEvent } from "./kept-record.ts";
import { purpose } from "./purpose.ts";
import type { State } from "./state.ts";

/** A cause that the state kept, the subject it was found under, and the number of its record. */
export interface KeptCause {
  readonly cause: Cause;
  readonly subject: Subject;
  readonly number: number;
}

/** Between which moments, both included, a cause of which kinds is asked for. */
export interface Span {
  readonly kinds: readonly CauseKind[];
  readonly since?: Instant;
  readonly until: Instant;
}

/** The calls that changed a capacity, as the state's records show them. */
export interface Causes {
  /** The causes under a key, the newest first; of one moment, the greater event id first. */
  under(key: string, span: Span): Generator<KeptCause>;
}

/**
 * Finds causes by key and time. One pass over the kept causes makes a sorted table of numbers, 20 bytes a subject, at the
 * first question: without scaling events nothing is made. A look-up is a binary search; nothing depends on arrival.
 */
export function causesIn(state: State): Causes {
  let table: Table | undefined;
  return {
    *under(key, span) {
      table ??= tableOf(state);
      const read = table;
      yield* newestOf(span.kinds.map((kind) => ofKind(state, read, key, kind, span)));
    },
  };
}

/** Hash of the key in two words, place of the kind, second, number of the kept record. */
const columns = 5;

interface Table {
  readonly rows: Uint32Array;
  readonly order: Uint32Array;
}

function tableOf(state: State): Table {
  let rows = new Uint32Array(64 * columns);
  let count = 0;
  for (let number = 0; number < state.kept.count; number++) {
    if ((state.kept.purposes(number) & purpose.cause) === 0) continue;
    const cause = causeAt(state, number);
    if (cause === undefined) continue;
    const [kind, second] = [causeKinds.indexOf(cause.kind), Math.floor(cause.at / 1_000)];
    for (const { key } of cause.subjects) {
      if ((count + 1) * columns > rows.length) {
        const wider = new Uint32Array(rows.length * 2);
        wider.set(rows);
        rows = wider;
      }
      hashInto(key, lanes);
      rows.set([lanes.high, lanes.low, kind, second, number], count * columns);
      count++;
    }
  }
  const order = Uint32Array.from({ length: count }, (_, place) => place);
  return { rows, order: order.sort((a, b) => compared(rows, a, wordsOf(rows, b))) };
}

const lanes: Lanes = { high: 0, low: 0 };

type Words = readonly [high: number, low: number, kind: number, second: number];

const word = (rows: Uint32Array, row: number, column: number): number => rows[row * columns + column] ?? 0;

const wordsOf = (rows: Uint32Array, row: number): Words => [
  word(rows, row, 0),
  word(rows, row, 1),
  word(rows, row, 2),
  word(rows, row, 3),
];

const compared = (rows: Uint32Array, row: number, [high, low, kind, second]: Words): number =>
  word(rows, row, 0) - high || word(rows, row, 1) - low || word(rows, row, 2) - kind || word(rows, row, 3) - second;

/** The newest of several kinds, one after the other. */
function* newestOf(kinds: readonly Generator<KeptCause>[]): Generator<KeptCause> {
  const heads = kinds.map((rest) => ({ rest, head: rest.next() }));
  for (;;) {
    let next: { readonly place: number; readonly value: KeptCause } | undefined;
    for (const [place, { head }] of heads.entries())
      if (head.done !== true && (next === undefined || newer(head.value, next.value) < 0))
        next = { place, value: head.value };
    if (next === undefined) return;
    yield next.value;
    const taken = heads[next.place];
    if (taken !== undefined) taken.head = taken.rest.next();
  }
}

const newer = ({ cause: a }: KeptCause, { cause: b }: KeptCause): number =>
  b.at - a.at || (a.eventID > b.eventID ? -1 : a.eventID < b.eventID ? 1 : 0);

/** The causes of one kind, second by second: within one, the records themselves say which is newer. */
function* ofKind(state: State, { rows, order }: Table, key: string, kind: CauseKind, span: Span): Generator<KeptCause> {
  const { since = 0, until } = span;
  hashInto(key, lanes);
  const [high, low, place] = [lanes.high, lanes.low, causeKinds.indexOf(kind)];
  let here = lastBefore({ rows, order }, [high, low, place, Math.floor(until / 1_000)]);
  const secondAt = (): number => {
    const row = order[here] ?? 0;
    const same = here >= 0 && compared(rows, row, [high, low, place, word(rows, row, 3)]) === 0;
    return same ? word(rows, row, 3) : -1;
  };
  for (let second = secondAt(); second >= Math.floor(since / 1_000); second = secondAt()) {
    const found: KeptCause[] = [];
    for (; secondAt() === second; here--) found.push(...keptUnder(state, key, word(rows, order[here] ?? 0, 4)));
    yield* found.filter(({ cause }) => cause.at <= until && cause.at >= since).toSorted(newer);
  }
}

/** The last place whose row does not come after these words; -1 when all do. */
function lastBefore({ rows, order }: Table, words: Words): number {
  let [from, to] = [0, order.length];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if (compared(rows, order[middle] ?? 0, words) <= 0) from = middle + 1;
    else to = middle;
  }
  return from - 1;
}

/** Hashes can collide, so the key itself is compared. */
function keptUnder(state: State, key: string, number: number): readonly KeptCause[] {
  const cause = causeAt(state, number);
  const subject = cause?.subjects.find((one) => one.key === key);
  return cause === undefined || subject === undefined ? [] : [{ cause, subject, number }];
}

function causeAt(state: State, number: number): Cause | undefined {
  const event = keptEvent(state, number);
  return event?.kind === "api-call" ? causeOf(event) : undefined;
}
