import { entryWords } from "../event/record-table.ts";
import type { Spool } from "../event/spool.ts";

/** The kept records by number: their JSON in a spool, and in memory only what ties and look-ups need. */
export interface KeptLog {
  readonly count: number;
  /** Offers a record; returns the number it will have if it is accepted next. */
  propose(digest: number, principal: number): number;
  /** Accepts the record offered last, under the entry that the record table holds. */
  accept(entry: Uint32Array, json: string): number;
  digest(number: number): number;
  principal(number: number): number;
  /** The record's words in the table. */
  entry(number: number): Uint32Array;
  json(number: number): string;
}

const columns = entryWords + 2;

export function keptLog(spool: Spool): KeptLog {
  let rows = new Uint32Array(256 * columns);
  const room = (number: number): void => {
    if ((number + 1) * columns <= rows.length) return;
    const wider = new Uint32Array(Math.ceil(rows.length * 1.5));
    wider.set(rows);
    rows = wider;
  };
  return {
    get count() {
      return spool.count;
    },
    propose(digest, principal) {
      const number = spool.count;
      room(number);
      rows[number * columns + entryWords] = digest;
      rows[number * columns + entryWords + 1] = principal;
      return number;
    },
    accept(entry, json) {
      const number = spool.add(json);
      rows.set(entry.subarray(0, entryWords), number * columns);
      return number;
    },
    digest: (number) => rows[number * columns + entryWords] ?? 0,
    principal: (number) => rows[number * columns + entryWords + 1] ?? 0,
    entry: (number) => rows.slice(number * columns, number * columns + entryWords),
    json: (number) => spool.read(number),
  };
}
