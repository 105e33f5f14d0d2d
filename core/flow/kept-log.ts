import { canonicalDigest } from "../event/canonical.ts";
import { entryWords } from "../event/record-table.ts";
import type { Spool } from "../event/spool.ts";
import type { Issuance } from "../identity/lineage/issuance.ts";
import { noRow } from "./conduct/conduct-table.ts";

/** Under which keys a kept record is found again, and what it issued: read anew, it need not be decoded for that. */
export interface Links {
  readonly keys: readonly string[];
  readonly issuance?: Issuance;
}

/** What is found by its number alone. */
export const unlinked: Links = { keys: [] };

/** The kept records by number: their JSON in a spool, and in memory only what look-ups need. */
export interface KeptLog {
  readonly count: number;
  /** Offers a record; returns the number it will have if it is accepted next. */
  propose(json: string, principal: number, conductRow?: number): number;
  /** Accepts the record offered last, under the entry that the record table holds. */
  accept(entry: Uint32Array, links: Links, purposes: number): number;
  /** A tie-break between two kept records, one of which may be the offered one. Equal records do not outrank each other. */
  outranks(number: number, other: number): boolean;
  principal(number: number): number;
  /** What was done, as a row of the state's conduct; `noRow` where that is not remembered. */
  conductRow(number: number): number;
  /** Why it was kept, as `purpose.ts` says. */
  purposes(number: number): number;
  /** The record's words in the table. */
  entry(number: number): Uint32Array;
  json(number: number): string;
  links(number: number): Links;
}

const columns = entryWords + 3;

export function keptLog(spool: Spool): KeptLog {
  let rows = new Uint32Array(256 * columns);
  let offered = { json: "", principal: 0, conductRow: noRow };
  const room = (number: number): void => {
    if ((number + 1) * columns <= rows.length) return;
    const wider = new Uint32Array(Math.ceil(rows.length * 1.5));
    wider.set(rows);
    rows = wider;
  };
  const json = (number: number): string => {
    if (number === spool.count) return offered.json;
    const text = spool.read(number);
    return text.slice(text.indexOf("\n") + 1);
  };
  return {
    get count() {
      return spool.count;
    },
    propose(text, principal, conductRow = noRow) {
      offered = { json: text, principal, conductRow };
      return spool.count;
    },
    accept(entry, links, purposes) {
      const number = spool.add(`${links.keys.length === 0 ? "" : JSON.stringify(links)}\n${offered.json}`);
      room(number);
      rows.set(entry.subarray(0, entryWords), number * columns);
      rows[number * columns + entryWords] = offered.principal;
      rows[number * columns + entryWords + 1] = purposes;
      rows[number * columns + entryWords + 2] = offered.conductRow;
      return number;
    },
    outranks(number, other) {
      const [mine, theirs] = [json(number), json(other)];
      return mine !== theirs && canonicalDigest(JSON.parse(mine)) > canonicalDigest(JSON.parse(theirs));
    },
    principal: (number) => rows[number * columns + entryWords] ?? 0,
    conductRow: (number) =>
      number === spool.count ? offered.conductRow : (rows[number * columns + entryWords + 2] ?? noRow),
    purposes: (number) => rows[number * columns + entryWords + 1] ?? 0,
    entry: (number) => rows.slice(number * columns, number * columns + entryWords),
    json,
    links(number) {
      const text = spool.read(number);
      const end = text.indexOf("\n");
      return end <= 0 ? unlinked : (JSON.parse(text.slice(0, end)) as Links);
    },
  };
}
