import { hash } from "node:crypto";
import type { Instant } from "../../event/instant.ts";
import type { Links } from "../kept-log.ts";

/** A kept record as it lies in a state: masked, with who made it, so that it can be observed again. */
export interface KeptRow {
  /** The record's words in the table, without the pointer. */
  readonly words: readonly number[];
  /** The principal's JSON; absent where the record names no caller. */
  readonly principal?: string;
  /** Why it was kept, as `purpose.ts` says. */
  readonly purposes: number;
  readonly json: string;
  readonly links: Links;
}

/** A record that something was found in, and that a later issuing call may tell more about. */
export interface WaitingRecord {
  readonly schema: 1;
  /** Names the record: the same record, the same id. */
  readonly id: string;
  readonly at: Instant;
  /** The link keys that its attribution asked for, sorted: a link under any of them may change who acted. */
  readonly keys: readonly string[];
  /** Every case that its findings were put into, sorted. Written before the ledger is, so the ledger says which of them hold. */
  readonly cases: readonly string[];
  readonly row: KeptRow;
  /** Writes of IAM state that its findings were judged by. */
  readonly context: readonly KeptRow[];
}

/** What waits for its issuing call. Commutative and idempotent: keys and cases are only ever added. */
export interface WaitingStore {
  /** Joins records in, in one write call. Answers with the ids of those that found a key full. */
  put(records: readonly WaitingRecord[]): Promise<readonly string[]>;
  /** The records of these ids: one read call. */
  read(ids: readonly string[]): Promise<readonly WaitingRecord[]>;
  /** The records that wait under any of these keys, each once, sorted by (at, id): one read call. */
  under(keys: readonly string[]): Promise<readonly WaitingRecord[]>;
  /** Forgets the records that waited `longestSession` or longer at `horizon` (event time); returns how many. Replay never calls it. */
  evict(horizon: Instant): Promise<number>;
}

/** So many records wait under one key: a finding beyond them keeps the attribution that it has, and is counted. */
export const mostWaiting = 1_000;

/** Names a record by its words: id, second, and a hash of the rest; never by which copy of it was seen. */
export const waitingId = (words: Iterable<number>): string =>
  hash("sha256", JSON.stringify([...words].slice(0, 4)), "hex").slice(0, 32);

/** What joining a record in comes to. `short` names it when a key was full: it waits under fewer keys, or not at all. */
export interface Admitted {
  readonly write?: WaitingRecord;
  readonly short: boolean;
}

/** Joins a record with what is known of it: keys and cases add up, of two copies the longer stays. Full keys take no more. */
export function admitted(
  known: WaitingRecord | undefined,
  seen: WaitingRecord,
  isFull: (key: string) => boolean,
): Admitted {
  const before = known?.keys ?? [];
  const open = seen.keys.filter((key) => before.includes(key) || !isFull(key));
  const short = open.length < seen.keys.length;
  if (known === undefined) return open.length === 0 ? { short } : { write: { ...seen, keys: open }, short };
  const write: WaitingRecord = {
    ...known,
    keys: union(before, open),
    cases: union(known.cases, seen.cases),
    row: longer(known.row, seen.row),
    context: longer(known.context, seen.context),
  };
  return JSON.stringify(write) === JSON.stringify(known) ? { short } : { write, short };
}

function longer<Value>(one: Value, other: Value): Value {
  const [mine, theirs] = [JSON.stringify(one), JSON.stringify(other)];
  return theirs.length > mine.length || (theirs.length === mine.length && theirs > mine) ? other : one;
}

export const byTime = (a: WaitingRecord, b: WaitingRecord): number => a.at - b.at || (a.id < b.id ? -1 : 1);

const union = (some: readonly string[], others: readonly string[]): readonly string[] =>
  [...new Set([...some, ...others])].sort();
