/** A stream of numbers that a seed fixes for ever: the same seed gives the same corpus on every machine. */
export interface Random {
  /** A whole number in [0, limit). */
  below(limit: number): number;
  /** A whole number in [from, to]. */
  between(from: number, to: number): number;
  chance(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** So many lower-case hex digits. */
  hex(digits: number): string;
  /** A version 4 UUID. */
  uuid(): string;
  /** So many characters of base 32, as in AWS's unique ids. */
  id(characters: number): string;
  /** So many characters of base 64, as in opaque tokens. */
  token(characters: number): string;
  /** A positive factor with mean 1 and a long tail; `spread` 0 is always 1. */
  longTailed(spread: number): number;
}

/** sfc32 (Chris Doty-Humphrey, PractRand), seeded from one number. */
export function seededRandom(seed: number): Random {
  let a = 0x9e3779b9;
  let b = seed | 0;
  let c = Math.floor(seed / 0x1_0000_0000) | 0;
  let counter = 1;
  const next = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + sum) | 0;
    return sum >>> 0;
  };
  for (let round = 0; round < 16; round++) next();

  const below = (limit: number): number => Math.floor((next() / 0x1_0000_0000) * limit);
  const unit = (): number => next() / 0x1_0000_0000;
  const pair = (word: number, shift: number): string => hexPairs[(word >>> shift) & 0xff] ?? "";
  const eight = (): string => {
    const word = next();
    return pair(word, 24) + pair(word, 16) + pair(word, 8) + pair(word, 0);
  };
  const characters = (alphabet: string, bits: number, count: number): string => {
    let text = "";
    let word = 0;
    let left = 0;
    for (let index = 0; index < count; index++) {
      if (left < bits) {
        word = next();
        left = 32;
      }
      text += alphabet[word & ((1 << bits) - 1)];
      word >>>= bits;
      left -= bits;
    }
    return text;
  };
  return {
    below,
    between: (from, to) => from + below(to - from + 1),
    chance: (probability) => unit() < probability,
    pick(from) {
      const found = from[below(from.length)];
      if (found === undefined) throw new Error("pick: the list is empty; give it at least one element");
      return found;
    },
    hex(digits) {
      let text = "";
      while (text.length < digits) text += eight();
      return text.slice(0, digits);
    },
    uuid() {
      const [one, two, three, four] = [next(), next(), next(), next()];
      const version = ((two & 0x0fff) | 0x4000) >>> 0;
      const variant = ((three & 0x3fffffff) | 0x80000000) >>> 0;
      return `${pair(one, 24)}${pair(one, 16)}${pair(one, 8)}${pair(one, 0)}-${pair(two, 24)}${pair(two, 16)}-${pair(version, 8)}${pair(version, 0)}-${pair(variant, 24)}${pair(variant, 16)}-${pair(three, 8)}${pair(three, 0)}${pair(four, 24)}${pair(four, 16)}${pair(four, 8)}${pair(four, 0)}`;
    },
    id: (count) => characters("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", 5, count),
    token: (count) => characters("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", 6, count),
    longTailed(spread) {
      let bell = -6;
      for (let index = 0; index < 12; index++) bell += unit();
      return Math.exp(spread * bell - (spread * spread) / 2);
    },
  };
}

const hexPairs: readonly string[] = Array.from({ length: 256 }, (_, byte) => byte.toString(16).padStart(2, "0"));
