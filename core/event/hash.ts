/** Two 32-bit lanes of a quick, unkeyed hash. Only for texts that AWS chooses (event ids, issued key ids), never as proof. */
export interface Lanes {
  high: number;
  low: number;
}

/** Hashes text into `into`, so that a hot loop allocates nothing. The multipliers are those of MurmurHash3's finaliser family. */
export function hashInto(text: string, into: Lanes): void {
  let high = 0xdeadbeef ^ text.length;
  let low = 0x41c6ce57;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  into.high = (high ^ (high >>> 15)) >>> 0;
  into.low = (low ^ (low >>> 15)) >>> 0;
}
