/** A set of the action table's actions, one bit each. Sets of one table may be joined; of two tables never. */
export interface ActionSet {
  readonly words: Uint32Array;
}

/** The set with no action, wide enough for `size` of them. */
export const emptySet = (size: number): ActionSet => ({ words: new Uint32Array((size + 31) >>> 5) });

/** The set of these places. */
export function setOf(size: number, places: Iterable<number>): ActionSet {
  const set = emptySet(size);
  for (const place of places) if (place < size) set.words[place >>> 5] = wordAt(set, place) | bitAt(place);
  return set;
}

export const has = (set: ActionSet, place: number): boolean => (wordAt(set, place) & bitAt(place)) !== 0;

export const union = (a: ActionSet, b: ActionSet): ActionSet => joined(a, b, (left, right) => left | right);
export const intersection = (a: ActionSet, b: ActionSet): ActionSet => joined(a, b, (left, right) => left & right);
/** What is in the first and not in the second. */
export const without = (a: ActionSet, b: ActionSet): ActionSet => joined(a, b, (left, right) => left & ~right);

/** Everything that is not in the set, of a table of `size` actions. */
export function complement(set: ActionSet, size: number): ActionSet {
  const words = set.words.map((word) => ~word);
  const used = size & 31;
  const last = words.length - 1;
  if (used !== 0 && last >= 0) words[last] = (words[last] ?? 0) & (2 ** used - 1);
  return { words };
}

export const isEmpty = (set: ActionSet): boolean => set.words.every((word) => word === 0);

/** How many actions are in it. */
export function count(set: ActionSet): number {
  let sum = 0;
  for (const word of set.words) sum += ones(word);
  return sum;
}

/** The places in it, smallest first. */
export function* placesOf(set: ActionSet): Generator<number> {
  for (const [index, word] of set.words.entries())
    for (let rest = word; rest !== 0; rest = (rest & (rest - 1)) >>> 0)
      yield index * 32 + 31 - Math.clz32(rest & -rest);
}

function joined(a: ActionSet, b: ActionSet, join: (left: number, right: number) => number): ActionSet {
  return { words: a.words.map((word, index) => join(word, b.words[index] ?? 0)) };
}

const wordAt = (set: ActionSet, place: number): number => set.words[place >>> 5] ?? 0;
const bitAt = (place: number): number => (1 << (place & 31)) >>> 0;

function ones(word: number): number {
  let bits = 0;
  for (let rest = word; rest !== 0; rest = (rest & (rest - 1)) >>> 0) bits++;
  return bits;
}
