import { hash } from "node:crypto";
import { describe, expect, it } from "vitest";
import { hashInto, type Lanes } from "../../../core/event/hash.ts";

const lanesOf = (text: string): string => {
  const lanes: Lanes = { high: 0, low: 0 };
  hashInto(text, lanes);
  return `${lanes.high} ${lanes.low}`;
};
const uuid = (number: number): string => {
  const hex = hash("sha256", String(number), "hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
};

describe("the quick hash of ids", () => {
  it("gives unsigned words, the same for the same text, whatever was there before", () => {
    for (const text of ["", "a", "\uffff\ud800", uuid(1)]) {
      const lanes: Lanes = { high: 1, low: 2 };
      hashInto(text, lanes);
      for (const word of [lanes.high, lanes.low])
        expect(word >= 0 && word < 2 ** 32 && Number.isInteger(word)).toBe(true);
      expect(lanesOf(text)).toBe(`${lanes.high} ${lanes.low}`);
    }
  });

  it.each([
    ["random ids", uuid],
    ["ids that only count up", (number: number) => `00000000-0000-4000-8000-${String(number).padStart(12, "0")}`],
    ["key ids that only count up", (number: number) => `ASIAIOSFODNN${String(number).padStart(8, "0")}`],
  ])("tells 100,000 %s apart, in every low bit", (_, idOf) => {
    const seen = new Set<string>();
    const buckets = new Uint32Array(64);
    for (let i = 0; i < 100_000; i++) {
      const lanes = lanesOf(idOf(i));
      seen.add(lanes);
      const bucket = Number(lanes.split(" ")[0]) % 64;
      buckets[bucket] = (buckets[bucket] ?? 0) + 1;
    }
    expect(seen.size).toBe(100_000);
    // Tables are cut into 64 by the first word; a lopsided one would grow far more than it must.
    expect(Math.max(...buckets)).toBeLessThan(2 * (100_000 / 64));
  });
});
