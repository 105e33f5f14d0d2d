import { apiOf, outcomeOf } from "../event/decode.ts";
import { hash32 } from "../event/hash.ts";
import type { Head } from "../event/head.ts";
import { text } from "../event/json.ts";
import { packedTable } from "../event/packed-table.ts";
import { memorySpool, type Spool } from "../event/spool.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import { type Horizon, within } from "./horizon.ts";
import { noteOf, type UsageNote } from "./usage-note.ts";

/** What one batch of records used: distinct pairs of a caller and a call, and what is remembered record by record. */
export interface UsageTrace {
  /** Names of calls, numbered in this batch. */
  readonly apis: readonly string[];
  /** Three words a pair: the principal's local number, the call's number, the last second. */
  readonly pairs: Uint32Array;
  readonly notes: readonly { readonly record: number; readonly json: string }[];
}

/** Counts usage while a tracer reads. Calls that were denied use nothing. */
export interface UsageCounter {
  add(head: Head, principal: number, record: number): void;
  take(): UsageTrace;
}

export function usageCounter(horizon: Horizon): UsageCounter {
  let apis = new Map<string, number>();
  let pairs = new Map<number, number>();
  let notes: { record: number; json: string }[] = [];
  return {
    add(head, principal, record) {
      const second = Math.floor(head.at / 1_000);
      const note = noteOf(head);
      // What began before the window is still told: it is about the identity, not about its use.
      if (note !== undefined && (note.kind !== "secret" || within(horizon, second)))
        notes.push({ record, json: JSON.stringify(note) });
      if (head.form === "envelope" || principal === noPrincipal || !within(horizon, second)) return;
      const error = text(head.body["errorCode"]);
      if (error !== "" && outcomeOf(head.body, error) === "denied") return;
      const name = apiOf(head.source, head.name);
      const api = apis.get(name) ?? apis.size;
      if (api === apis.size) apis.set(name, api);
      const pair = principal * mostInBatch + api;
      const last = pairs.get(pair);
      if (last === undefined || last < second) pairs.set(pair, second);
    },
    take() {
      const words = new Uint32Array(pairs.size * 3);
      let at = 0;
      for (const [pair, last] of pairs) {
        words.set([Math.floor(pair / mostInBatch), pair % mostInBatch, last], at);
        at += 3;
      }
      const taken = { apis: [...apis.keys()], pairs: words, notes };
      apis = new Map();
      pairs = new Map();
      notes = [];
      return taken;
    },
  };
}

/** A batch has far fewer records than this, so no two pairs share a number. */
const mostInBatch = 2 ** 21;

/**
 * Usage of all records: 16 bytes for each distinct pair of a principal and a call, and a text for each note. A join: order
 * and repetition do not matter.
 */
export interface Usage {
  join(trace: UsageTrace, numbers: readonly number[]): void;
  /** Remembers a note of a record, under the record's entry. */
  note(entry: Uint32Array, principal: number, json: string): void;
  /** Calls back with every distinct pair, in no promised order; `last` in whole seconds. */
  each(visit: (principal: number, api: number, last: number) => void): void;
  /** How many pairs there are. */
  readonly size: number;
  /** The call with this number, as `service:Name`. */
  api(number: number): string;
  /** Every note whose record stayed, in no promised order. */
  notes(stayed: (entry: Uint32Array) => boolean): Generator<{ readonly principal: number; readonly note: UsageNote }>;
}

export function emptyUsage(spool: Spool = memorySpool()): Usage {
  const pairs = packedTable(4, 3);
  const numbers = new Map<string, number>();
  const names: string[] = [];
  const key = new Uint32Array(4);
  const numberOf = (name: string): number => {
    const known = numbers.get(name);
    if (known !== undefined) return known;
    if (names.length >= mostNames) return numberOf(otherNames);
    numbers.set(name, names.length);
    return names.push(name) - 1;
  };
  numberOf(otherNames);
  return {
    join(trace, locals) {
      const own = trace.apis.map(numberOf);
      for (let at = 0; at < trace.pairs.length; at += 3) {
        const principal = locals[trace.pairs[at] ?? 0] ?? noPrincipal;
        const api = own[trace.pairs[at + 1] ?? 0] ?? 0;
        const last = trace.pairs[at + 2] ?? 0;
        key[0] = mixed(principal, api);
        key[1] = principal;
        key[2] = api;
        key[3] = last;
        const handle = pairs.find(key);
        if (handle < 0) pairs.add(key);
        else if (pairs.word(handle, 3) < last) pairs.setWord(handle, 3, last);
      }
    },
    note: (entry, principal, json) => void spool.add(JSON.stringify([[...entry], principal, json])),
    each(visit) {
      for (const handle of pairs.handles()) visit(pairs.word(handle, 1), pairs.word(handle, 2), pairs.word(handle, 3));
    },
    get size() {
      return pairs.size;
    },
    api: (number) => names[number] ?? otherNames,
    *notes(stayed) {
      for (let number = 0; number < spool.count; number++) {
        const [entry, principal, json] = JSON.parse(spool.read(number)) as [number[], number, string];
        if (stayed(Uint32Array.from(entry))) yield { principal, note: JSON.parse(json) as UsageNote };
      }
    },
  };
}

/** AWS has some twenty thousand calls; what comes behind so many names is somebody's invention and counts as one. */
const mostNames = 50_000;
const otherNames = "-:other";

/** Two small numbers spread over 32 bits. */
const mixed = (principal: number, api: number): number =>
  hash32("", Math.imul(principal, 0x9e3779b1) ^ Math.imul(api + 1, 0x85ebca6b)) || 1;
