import { packedTable } from "./packed-table.ts";
import { scattered } from "./scattered.ts";

/**
 * Which records were seen: 24 bytes each, so that millions fit. A record is known by its `eventID`, and by a hash of
 * account, Region, name and time beside it; of two copies the one with the longer canonical JSON stays.
 */
export interface RecordTable {
  /** Distinct records. */
  readonly size: number;
  /** Records that share an `eventID` with a different record, beyond the first of each. */
  readonly conflicts: number;
  /**
   * Joins one record in. "new": first copy. "fuller": this copy replaces a poorer one. "known": nothing changed.
   * The order of calls does not matter for what is kept in the end.
   */
  join(entry: Uint32Array): "new" | "fuller" | "known";
  /** True when this very copy is the one that stayed. */
  stayed(entry: Uint32Array): boolean;
  /** The suffix that tells a record from an earlier one with the same `eventID`; empty for the first. */
  suffix(entry: Uint32Array): string;
  /** Calls back with what each distinct record points at, its flags, and the second it happened. */
  each(visit: (pointer: number, flags: number, second: number) => void): void;
  /** The words of every record whose id has this hash. */
  under(high: number, low: number): Generator<Uint32Array>;
  /** The words of the copy of this record that stayed; undefined when the record is not known. */
  standing(entry: Uint32Array): Uint32Array | undefined;
  /** Marks the copy that stayed; true the first time. */
  markOnce(entry: Uint32Array): boolean;
  dump(): Uint32Array;
  restore(entries: Uint32Array): void;
}

/** Words of an entry: two of the id's hash, the second it happened, a hash of the rest, length and flags, a pointer. */
export const entryWords = 6;
/** The pointer is a kept record's number rather than a principal's. */
export const keptFlag = 1 << 21;
export const markFlag = 1 << 22;
const lengthMask = keptFlag - 1;
/** Eight bits of what a copy says beyond its principal: a last tie-break, for copies that differ in little else. */
const contentShift = 23;
const contentMask = 0xff << contentShift;
/** The pointer, or the kept record, tells what was done as well as who did it. */
export const conductFlag = 0x8000_0000;

/** Packs a hash of a copy's content beside its flags. */
export const contentBits = (digest: number): number => (digest & 0xff) << contentShift;

/** `outranks` breaks ties between two different copies of one length and kind, whatever order they came in. */
export function recordTable(outranks: (pointer: number, other: number, flags: number) => boolean): RecordTable {
  const table = packedTable(entryWords, 2);
  let conflicts = 0;

  const handleOf = (entry: Uint32Array): number => {
    for (let handle = table.find(entry); handle >= 0; handle = table.next(handle, entry))
      if (table.word(handle, 2) === entry[2] && table.word(handle, 3) === entry[3]) return handle;
    return -1;
  };

  const wordsAt = (handle: number): Uint32Array =>
    Uint32Array.from({ length: entryWords }, (_, word) => table.word(handle, word));

  const isFuller = (entry: Uint32Array, handle: number): boolean => {
    const [mine, theirs] = [entry[4] ?? 0, table.word(handle, 4)];
    const byLength = (mine & lengthMask) - (theirs & lengthMask);
    if (byLength !== 0) return byLength > 0;
    const byKept = (mine & keptFlag) - (theirs & keptFlag);
    if (byKept !== 0) return byKept > 0;
    if (((mine ^ theirs) & conductFlag) !== 0) return (mine & conductFlag) !== 0;
    const [pointer, other] = [entry[5] ?? 0, table.word(handle, 5)];
    return pointer === other ? (mine & contentMask) > (theirs & contentMask) : outranks(pointer, other, mine);
  };

  return {
    get size() {
      return table.size;
    },
    get conflicts() {
      return conflicts;
    },
    join(entry) {
      let same = table.find(entry);
      const conflicting = same >= 0;
      while (same >= 0 && (table.word(same, 2) !== entry[2] || table.word(same, 3) !== entry[3]))
        same = table.next(same, entry);
      if (same < 0) {
        table.add(entry);
        if (conflicting) conflicts++;
        return "new";
      }
      if (!isFuller(entry, same)) return "known";
      table.setWord(same, 4, entry[4] ?? 0);
      table.setWord(same, 5, entry[5] ?? 0);
      return "fuller";
    },
    stayed(entry) {
      const handle = handleOf(entry);
      return (
        handle >= 0 &&
        table.word(handle, 5) === entry[5] &&
        ((table.word(handle, 4) ^ (entry[4] ?? 0)) & ~markFlag) === 0
      );
    },
    suffix(entry) {
      for (let handle = table.find(entry); handle >= 0; handle = table.next(handle, entry)) {
        const earlier = table.word(handle, 2) - (entry[2] ?? 0) || table.word(handle, 3) - (entry[3] ?? 0);
        if (earlier < 0) return `#${suffixOf(entry)}`;
      }
      return "";
    },
    *under(high, low) {
      const key = Uint32Array.of(high, low);
      for (let handle = table.find(key); handle >= 0; handle = table.next(handle, key)) yield wordsAt(handle);
    },
    standing(entry) {
      const handle = handleOf(entry);
      return handle < 0 ? undefined : wordsAt(handle);
    },
    each(visit) {
      for (const handle of table.handles()) visit(table.word(handle, 5), table.word(handle, 4), table.word(handle, 2));
    },
    markOnce(entry) {
      const handle = handleOf(entry);
      const flags = table.word(handle, 4);
      if (handle < 0 || (flags & markFlag) !== 0) return false;
      table.setWord(handle, 4, flags | markFlag);
      return true;
    },
    dump: () => table.dump(),
    restore(entries) {
      for (const place of scattered(entries.length / entryWords)) {
        const entry = entries.slice(place * entryWords, (place + 1) * entryWords);
        entry[4] = (entry[4] ?? 0) & ~markFlag;
        if (table.find(entry) >= 0) conflicts++;
        table.add(entry);
      }
    },
  };
}

/** Eight hex digits of everything but the id that tells records apart: the second, and the hash of the rest. */
const suffixOf = (entry: Uint32Array): string =>
  (((entry[3] ?? 0) ^ Math.imul(entry[2] ?? 0, 0x9e3779b1)) >>> 0).toString(16).padStart(8, "0");
