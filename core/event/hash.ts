/** Two 32-bit lanes of a quick, unkeyed hash. Only for texts that AWS chooses (event ids, issued key ids), never as proof. */
export interface Lanes {
  high: number;
  low: number;
}

/**
 * Hashes text into `into`, so that a hot loop allocates nothing. Characters go to the lanes in turn, and the lanes into
 * each other at the end. The multipliers are those of xxHash and MurmurHash3.
 */
export function hashInto(text: string, into: Lanes): void {
  let high = 0xdeadbeef ^ text.length;
  let low = 0x41c6ce57;
  const even = text.length & ~1;
  for (let i = 0; i < even; i += 2) {
    high = Math.imul(high ^ text.charCodeAt(i), 0x9e3779b1);
    low = Math.imul(low ^ text.charCodeAt(i + 1), 0x5f356495);
  }
  if (even < text.length) high = Math.imul(high ^ text.charCodeAt(even), 0x9e3779b1);
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  into.high = (high ^ (high >>> 15)) >>> 0;
  into.low = (low ^ (low >>> 15)) >>> 0;
}

/** One lane over one text, seeded: for chaining several short texts. */
export function hash32(text: string, seed: number): number {
  let lane = Math.imul(seed ^ text.length, 0x9e3779b1);
  for (let i = 0; i < text.length; i++) lane = Math.imul(lane ^ text.charCodeAt(i), 0x5f356495);
  return (lane ^ (lane >>> 15)) >>> 0;
}
