import { Fault } from "../fault.ts";

/**
 * A table of fixed-width entries in one typed array: a few dozen bytes an entry where a Map of strings costs hundreds. The
 * first `keyWords` 32-bit words are the key, the first of them a hash; several entries may share a key.
 *
 * Entries lie sorted by their first word, each at the place its hash points to or behind the entries before it (ordered
 * linear probing). So a look-up stops early, and growing spreads the entries in place: there is never a second copy.
 */
export interface PackedTable {
  readonly size: number;
  /** The first entry whose key words equal `key`, as a handle; -1 when there is none. Handles hold until the next `add`. */
  find(key: Uint32Array): number;
  /** The next entry with the same key behind a handle; -1 when there is none. */
  next(handle: number, key: Uint32Array): number;
  /** Adds an entry, whether or not its key is present. Throws Fault "full" when no more fit. */
  add(entry: Uint32Array): void;
  word(handle: number, index: number): number;
  setWord(handle: number, index: number, value: number): void;
  /** Handles of all entries, in no promised order. */
  handles(): Iterable<number>;
  /** Every entry, `width` words each, for storing. */
  dump(): Uint32Array;
}

const fullest = 0.85;
const growth = 1.35;
/** Room behind the last place that a hash points to, for entries that were pushed there. */
const tail = 256;
/** From this size on the table grows within address space that it reserved, without being copied. */
const reserving = 1_048_576;
const most = 2 ** 32;

export function packedTable(width: number, keyWords: number): PackedTable {
  let capacity = 64;
  let slots = capacity + tail;
  let words = new Uint32Array(new ArrayBuffer(slots * width * 4));
  let size = 0;

  // A slot is free when its first word is 0; a real 0 is stored as 1.
  const lead = (word: number | undefined): number => (word === undefined || word === 0 ? 1 : word);
  const firstAt = (slot: number): number => (slot < slots ? (words[slot * width] ?? 0) : 0);

  const sameFrom = (from: number, key: Uint32Array): number => {
    const first = lead(key[0]);
    for (let slot = from; firstAt(slot) === first; slot++) {
      let same = true;
      for (let i = 1; i < keyWords; i++) if (words[slot * width + i] !== key[i]) same = false;
      if (same) return slot;
    }
    return -1;
  };

  const widen = (wanted: number): void => {
    slots = wanted;
    const bytes = slots * width * 4;
    if (bytes > most)
      throw new Fault("full", "there are more records than one run can hold: replay fewer files at a time");
    if (words.buffer.resizable) {
      words.buffer.resize(bytes);
      return;
    }
    const wider = bytes < reserving ? new ArrayBuffer(bytes) : new ArrayBuffer(bytes, { maxByteLength: most });
    const copy = new Uint32Array(wider);
    copy.set(words);
    words = copy;
  };

  const grow = (): void => {
    pack(words, width, slots);
    capacity = Math.ceil(capacity * growth);
    const places = placesOf(words, { width, count: size, capacity });
    widen(Math.max(capacity, places.behind) + tail);
    spread(words, { width, count: size, capacity }, places);
  };

  return {
    get size() {
      return size;
    },
    find(key) {
      const first = lead(key[0]);
      let slot = homeOf(first, capacity);
      for (let here = firstAt(slot); here !== 0 && here < first; here = firstAt(slot)) slot++;
      return sameFrom(slot, key);
    },
    next: (handle, key) => sameFrom(handle + 1, key),
    add(entry) {
      if (size + 1 > capacity * fullest) grow();
      if (firstAt(slots - 1) !== 0) widen(slots + Math.max(tail, slots >> 4));
      const first = lead(entry[0]);
      let slot = homeOf(first, capacity);
      for (let here = firstAt(slot); here !== 0 && here <= first; here = firstAt(slot)) slot++;
      let free = slot;
      while (firstAt(free) !== 0) free++;
      if (free > slot) words.copyWithin((slot + 1) * width, slot * width, free * width);
      for (let i = 0; i < width; i++) words[slot * width + i] = entry[i] ?? 0;
      words[slot * width] = first;
      size++;
    },
    word: (handle, index) => words[handle * width + index] ?? 0,
    setWord(handle, index, value) {
      words[handle * width + index] = value;
    },
    *handles() {
      for (let slot = 0; slot < slots; slot++) if (firstAt(slot) !== 0) yield slot;
    },
    dump() {
      const all = new Uint32Array(size * width);
      let to = 0;
      for (let slot = 0; slot < slots; slot++)
        if (firstAt(slot) !== 0) all.set(words.subarray(slot * width, (slot + 1) * width), width * to++);
      return all;
    },
  };
}

/** Where a first word points to: monotone, so that sorted entries have sorted homes. */
const homeOf = (first: number, capacity: number): number => Math.floor((first / 4_294_967_296) * capacity);

/** Moves all entries to the front, in their order, and frees what lies behind them. */
function pack(words: Uint32Array, width: number, slots: number): void {
  let packed = 0;
  for (let slot = 0; slot < slots; slot++) {
    if (words[slot * width] === 0) continue;
    if (packed !== slot) for (let i = 0; i < width; i++) words[packed * width + i] = words[slot * width + i] ?? 0;
    packed++;
  }
  for (let slot = packed; slot < slots; slot++) words[slot * width] = 0;
}

/** How many places are worked out at a time. */
const stride = 4_096;

/** Where packed entries go: the place before every few thousandth entry, and the first place behind the last one. */
interface Places {
  readonly starts: readonly number[];
  readonly behind: number;
}

interface Packed {
  readonly width: number;
  readonly count: number;
  readonly capacity: number;
}

function placesOf(words: Uint32Array, { width, count, capacity }: Packed): Places {
  const starts: number[] = [];
  let place = -1;
  for (let entry = 0; entry < count; entry++) {
    if (entry % stride === 0) starts.push(place);
    place = Math.max(homeOf(words[entry * width] ?? 0, capacity), place + 1);
  }
  return { starts, behind: place + 1 };
}

/**
 * Spreads packed entries to their places. Places follow from front to back, but entries must move from back to front, so
 * they are worked out again a few thousand at a time.
 */
function spread(words: Uint32Array, { width, count, capacity }: Packed, { starts, behind: end }: Places): void {
  const places = new Uint32Array(stride);
  let behind = end;
  for (let block = starts.length - 1; block >= 0; block--) {
    const from = block * stride;
    const until = Math.min(count, from + stride);
    let place = starts[block] ?? -1;
    for (let entry = from; entry < until; entry++) {
      place = Math.max(homeOf(words[entry * width] ?? 0, capacity), place + 1);
      places[entry - from] = place;
    }
    for (let entry = until - 1; entry >= from; entry--) {
      const to = places[entry - from] ?? 0;
      for (let i = 0; i < width; i++) words[to * width + i] = words[entry * width + i] ?? 0;
      for (let slot = to + 1; slot < behind; slot++) words[slot * width] = 0;
      behind = to;
    }
  }
  for (let slot = 0; slot < behind; slot++) words[slot * width] = 0;
}
