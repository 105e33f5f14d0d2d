import { hash32 } from "../../event/hash.ts";
import { packedTable } from "../../event/packed-table.ts";
import { memorySpool, type Spool } from "../../event/spool.ts";

/** A recorded conduct as JSON, with 128 bits of its SHA-256: callers choose the names of things. */
export interface DigestedConduct {
  readonly json: string;
  readonly digest: Uint32Array;
}

/**
 * Who did what: each distinct conduct once, and each distinct pair of a principal and a conduct as a row, to which the
 * records point. Less than 64 bytes a row in memory; texts lie in spools. A join: rows and conducts are only ever added.
 */
export interface ConductTable {
  /** How many rows there are. */
  readonly size: number;
  /** How many distinct conducts there are. */
  readonly conducts: number;
  /** The number of a conduct, given out when it is new. */
  join(conduct: DigestedConduct): number;
  /** The number of a row, given out when it is new. */
  row(principal: number, conduct: number): number;
  principal(row: number): number;
  conduct(row: number): number;
  /** A recorded conduct as JSON. */
  json(conduct: number): string;
  /** Whether the calls of a conduct were denied. */
  denied(conduct: number): boolean;
  /** A tie-break between two rows' conducts that does not depend on the order they came in. */
  outranks(row: number, other: number): boolean;
  /** Remembers ids of records that point to rows: the record table knows ids by hash only. */
  note(ids: readonly string[]): void;
  /** Every id that was noted; one may come twice. */
  noted(): Generator<string>;
}

/** The number that stands for "no row". */
export const noRow = 0xffffffff;

export interface ConductSpools {
  readonly conducts: Spool;
  readonly ids: Spool;
}

export function conductTable(spools: ConductSpools = { conducts: memorySpool(), ids: memorySpool() }): ConductTable {
  const byDigest = packedTable(5, 4);
  const byPair = packedTable(4, 3);
  let digests = new Uint32Array(64);
  let refused = new Uint8Array(64);
  let rows = new Uint32Array(128);
  let size = 0;
  const digested = new Uint32Array(5);
  const paired = new Uint32Array(4);
  const conduct = (row: number): number => rows[row * 2 + 1] ?? 0;
  return {
    get size() {
      return size;
    },
    get conducts() {
      return spools.conducts.count;
    },
    join({ json, digest }) {
      const handle = byDigest.find(digest);
      if (handle >= 0) return byDigest.word(handle, 4);
      const number = spools.conducts.add(json);
      digested.set(digest.subarray(0, 4));
      digested[4] = number;
      byDigest.add(digested);
      if (number >= digests.length) digests = wider(digests);
      digests[number] = digest[1] ?? 0;
      if (json.includes(denied)) {
        if (number >= refused.length) {
          const more = new Uint8Array(Math.max(number + 1, Math.ceil(refused.length * 1.5)));
          more.set(refused);
          refused = more;
        }
        refused[number] = 1;
      }
      return number;
    },
    row(principal, number) {
      paired[0] = mixed(principal, number);
      paired[1] = principal;
      paired[2] = number;
      const handle = byPair.find(paired);
      if (handle >= 0) return byPair.word(handle, 3);
      paired[3] = size;
      byPair.add(paired);
      if (size * 2 + 1 >= rows.length) rows = wider(rows);
      rows[size * 2] = principal;
      rows[size * 2 + 1] = number;
      return size++;
    },
    principal: (row) => rows[row * 2] ?? 0,
    conduct,
    json: (number) => spools.conducts.read(number),
    denied: (number) => refused[number] === 1,
    outranks(row, other) {
      if (row === other || row === noRow || other === noRow) return row !== noRow && other === noRow;
      const [mine, theirs] = [conduct(row), conduct(other)];
      const [my, their] = [digests[mine] ?? 0, digests[theirs] ?? 0];
      return my === their ? spools.conducts.read(mine) > spools.conducts.read(theirs) : my > their;
    },
    note(ids) {
      if (ids.length > 0) spools.ids.add(JSON.stringify(ids));
    },
    *noted() {
      for (let batch = 0; batch < spools.ids.count; batch++) yield* JSON.parse(spools.ids.read(batch)) as string[];
    },
  };
}

/** As the JSON of a recorded conduct has it; within a text the quotes would be escaped. */
const denied = '"outcome":"denied"';

function wider(words: Uint32Array<ArrayBuffer>): Uint32Array<ArrayBuffer> {
  const more = new Uint32Array(Math.ceil(words.length / 2) * 3);
  more.set(words);
  return more;
}

/** Two small numbers spread over 32 bits. */
const mixed = (principal: number, conduct: number): number =>
  hash32("", Math.imul(principal, 0x9e3779b1) ^ Math.imul(conduct + 1, 0x85ebca6b)) || 1;
