/** Two 32-bit lanes of a quick, unkeyed hash. Only for texts that AWS chooses (event ids, issued key ids), never as proof. */
export interface Lanes {
  high: number;
  low: number;
}

/** Hashes texts, one after the other, into `into`, so that a hot loop neither joins them nor allocates. */
export function hashInto(into: Lanes, first: string, second = "", third = "", fourth = ""): void {
  into.high = 0xdeadbeef;
  into.low = 0x41c6ce57;
  mix(into, first);
  mix(into, second);
  mix(into, third);
  mix(into, fourth);
  let { high, low } = into;
  high = Math.imul(high ^ (high >>> 16), 0x85ebca6b) ^ Math.imul(low ^ (low >>> 13), 0xc2b2ae35);
  low = Math.imul(low ^ (low >>> 16), 0x85ebca6b) ^ Math.imul(high ^ (high >>> 13), 0xc2b2ae35);
  into.high = (high ^ (high >>> 15)) >>> 0;
  into.low = (low ^ (low >>> 15)) >>> 0;
}

/** The length goes in first, so that "ab" and "c" differ from "a" and "bc". The multipliers are those of xxHash and MurmurHash3. */
function mix(into: Lanes, text: string): void {
  let high = Math.imul(into.high ^ text.length, 0x9e3779b1);
  let low = into.low;
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    high = Math.imul(high ^ code, 0x9e3779b1);
    low = Math.imul(low ^ code, 0x5f356495);
  }
  into.high = high;
  into.low = low;
}
