import { hash } from "node:crypto";
import { entryWords } from "../../event/record-table.ts";
import { memorySpool } from "../../event/spool.ts";
import { noPrincipal } from "../../identity/principal-index.ts";
import { spreadCounter } from "../spread.ts";
import { emptyState, observe, type State } from "../state.ts";
import type { Trace } from "../trace.ts";
import type { KeptRow } from "./waiting-store.ts";

/** A kept record of a state, as it can be stored and observed again. */
export function rowOf({ kept, principals }: State, number: number): KeptRow {
  const principal = kept.principal(number);
  return {
    words: [...kept.entry(number)].slice(0, entryWords - 1),
    ...(principal === noPrincipal ? {} : { principal: principals.json(principal) }),
    purposes: kept.purposes(number),
    json: kept.json(number),
    links: kept.links(number),
  };
}

/** The state that these records alone come to: the replay's own fold over them. */
export function stateOf(rows: readonly KeptRow[]): State {
  const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
  observe(state, traceOf(rows), []);
  return state;
}

function traceOf(rows: readonly KeptRow[]): Trace {
  const words = new Uint32Array(rows.length * entryWords);
  const numbers = new Map<string, number>();
  const numberOf = (json: string): number => {
    const number = numbers.get(json) ?? numbers.size;
    numbers.set(json, number);
    return number;
  };
  for (const [place, row] of rows.entries()) {
    words.set(row.words, place * entryWords);
    words[(place + 1) * entryWords - 1] = row.principal === undefined ? noPrincipal : numberOf(row.principal);
  }
  return {
    count: rows.length,
    words,
    principals: [...numbers.keys()].map((json) => ({
      json,
      digest: new Uint32Array(hash("sha256", json, "buffer").buffer.slice(0, 16)),
    })),
    kept: rows.map(({ purposes, json, links }, record) => ({ record, purposes, json, links })),
    firsts: [],
    rows: [],
    spread: spreadCounter().total,
    ignored: 0,
    parked: [],
  };
}
