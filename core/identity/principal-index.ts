import type { Instant } from "../event/instant.ts";
import { packedTable } from "../event/packed-table.ts";
import type { Principal } from "../event/principal.ts";
import type { Spool } from "../event/spool.ts";
import type { NumberedPrincipal } from "./principal-cache.ts";

/** The number that stands for "no caller". */
export const noPrincipal = 0xffffffff;

/** Every distinct principal once, by number: 20 bytes in memory, its JSON in a spool. */
export interface PrincipalIndex {
  readonly count: number;
  /** The number of a principal, given out when it is new. Equal principals have equal numbers. */
  join(principal: NumberedPrincipal): number;
  read(number: number): Principal;
  json(number: number): string;
  /** Notes a record of this principal; the earliest by (time, id) is remembered. */
  saw(number: number, at: Instant, eventID: string): void;
  first(number: number): { readonly at: Instant; readonly eventID: string } | undefined;
  /** A tie-break between two principals that does not depend on the order they came in. */
  outranks(number: number, other: number): boolean;
}

export function principalIndex(spool: Spool): PrincipalIndex {
  const table = packedTable(5, 4);
  const firstAt: Instant[] = [];
  const firstId: string[] = [];
  let digests = new Uint32Array(1024);
  const entry = new Uint32Array(5);
  const json = (number: number): string => spool.read(number);
  return {
    get count() {
      return spool.count;
    },
    join(principal) {
      const handle = table.find(principal.digest);
      if (handle >= 0) return table.word(handle, 4);
      const number = spool.add(principal.json);
      entry.set(principal.digest.subarray(0, 4));
      entry[4] = number;
      table.add(entry);
      if (number >= digests.length) {
        const wider = new Uint32Array(Math.ceil(digests.length * 1.5));
        wider.set(digests);
        digests = wider;
      }
      digests[number] = principal.digest[1] ?? 0;
      return number;
    },
    json,
    read: (number) => JSON.parse(json(number)) as Principal,
    saw(number, at, eventID) {
      const known = firstAt[number];
      if (known !== undefined && (known < at || (known === at && (firstId[number] ?? "") <= eventID))) return;
      firstAt[number] = at;
      firstId[number] = eventID;
    },
    first(number) {
      const [at, eventID] = [firstAt[number], firstId[number]];
      return at === undefined || eventID === undefined ? undefined : { at, eventID };
    },
    outranks(number, other) {
      const [mine, theirs] = [digests[number] ?? 0, digests[other] ?? 0];
      return mine === theirs
        ? number !== noPrincipal && other !== noPrincipal && json(number) > json(other)
        : mine > theirs;
    },
  };
}
