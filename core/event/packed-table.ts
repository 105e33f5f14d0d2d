/**
 * An open-addressing table of fixed-width entries in typed arrays: a few dozen bytes an entry where a Map of strings
 * costs hundreds. Keys are the first `keyWords` 32-bit words; several entries may share a key.
 *
 * It grows shard by shard, so that growing never needs twice the memory.
 */
export interface PackedTable {
  readonly size: number;
  /** The first entry whose key words equal `key`, as a handle; -1 when there is none. Handles hold until the next `add`. */
  find(key: Uint32Array): number;
  /** The next entry with the same key behind a handle; -1 when there is none. */
  next(handle: number, key: Uint32Array): number;
  /** Adds an entry, whether or not its key is present. */
  add(entry: Uint32Array): void;
  word(handle: number, index: number): number;
  setWord(handle: number, index: number, value: number): void;
  /** Handles of all entries, in no promised order. */
  handles(): Iterable<number>;
  /** Every entry, `width` words each, for storing. */
  dump(): Uint32Array;
}

const shards = 64;
const first = 16;
const fullest = 0.86;
const growth = 1.3;

export function packedTable(width: number, keyWords: number): PackedTable {
  const slabs: Uint32Array[] = Array.from({ length: shards }, () => new Uint32Array(0));
  const capacities = new Int32Array(shards);
  const used = new Int32Array(shards);
  let size = 0;

  // A slot is free when its first key word is 0; a real 0 is stored as 1 in both `add` and `find`.
  const lead = (word: number): number => (word === 0 ? 1 : word);

  const slotIn = (slab: Uint32Array, capacity: number, key: Uint32Array, from: number): number => {
    const head = lead(key[0] ?? 0);
    for (let slot = from; ; slot = slot + 1 === capacity ? 0 : slot + 1) {
      const base = slot * width;
      const stored = slab[base] ?? 0;
      if (stored === 0) return -1;
      if (stored !== head) continue;
      let same = true;
      for (let i = 1; i < keyWords; i++) if (slab[base + i] !== key[i]) same = false;
      if (same) return slot;
    }
  };

  const home = (word: number, capacity: number): number => Math.floor((word / 4_294_967_296) * capacity);

  const place = (slab: Uint32Array, capacity: number, entry: Uint32Array, offset: number): void => {
    let slot = home(entry[offset + 1] ?? 0, capacity);
    while ((slab[slot * width] ?? 0) !== 0) slot = slot + 1 === capacity ? 0 : slot + 1;
    for (let i = 0; i < width; i++) slab[slot * width + i] = entry[offset + i] ?? 0;
    slab[slot * width] = lead(entry[offset] ?? 0);
  };

  const grow = (shard: number): void => {
    const old = slabs[shard] ?? new Uint32Array(0);
    const capacity = Math.max(first, Math.ceil((capacities[shard] ?? 0) * growth));
    const slab = new Uint32Array(capacity * width);
    for (let base = 0; base < old.length; base += width) if (old[base] !== 0) place(slab, capacity, old, base);
    slabs[shard] = slab;
    capacities[shard] = capacity;
  };

  const shardOf = (word: number): number => lead(word) % shards;
  const handleOf = (shard: number, slot: number): number => slot * shards + shard;
  const slabAt = (handle: number): Uint32Array => slabs[handle % shards] ?? new Uint32Array(0);
  const baseAt = (handle: number): number => Math.floor(handle / shards) * width;

  return {
    get size() {
      return size;
    },
    find(key) {
      const shard = shardOf(key[0] ?? 0);
      const capacity = capacities[shard] ?? 0;
      if (capacity === 0) return -1;
      const slot = slotIn(slabs[shard] ?? new Uint32Array(0), capacity, key, home(key[1] ?? 0, capacity));
      return slot < 0 ? -1 : handleOf(shard, slot);
    },
    next(handle, key) {
      const shard = handle % shards;
      const capacity = capacities[shard] ?? 0;
      const slot = Math.floor(handle / shards);
      const found = slotIn(slabAt(handle), capacity, key, slot + 1 === capacity ? 0 : slot + 1);
      return found < 0 ? -1 : handleOf(shard, found);
    },
    add(entry) {
      const shard = shardOf(entry[0] ?? 0);
      if ((used[shard] ?? 0) + 1 > (capacities[shard] ?? 0) * fullest) grow(shard);
      place(slabs[shard] ?? new Uint32Array(0), capacities[shard] ?? 0, entry, 0);
      used[shard] = (used[shard] ?? 0) + 1;
      size++;
    },
    word: (handle, index) => slabAt(handle)[baseAt(handle) + index] ?? 0,
    setWord(handle, index, value) {
      slabAt(handle)[baseAt(handle) + index] = value;
    },
    *handles() {
      for (let shard = 0; shard < shards; shard++)
        for (let slot = 0; slot < (capacities[shard] ?? 0); slot++)
          if ((slabs[shard]?.[slot * width] ?? 0) !== 0) yield handleOf(shard, slot);
    },
    dump() {
      const all = new Uint32Array(size * width);
      let to = 0;
      for (const slab of slabs)
        for (let base = 0; base < slab.length; base += width)
          if (slab[base] !== 0) {
            all.set(slab.subarray(base, base + width), to);
            to += width;
          }
      return all;
    },
  };
}
