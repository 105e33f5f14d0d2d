import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "../../../core/event/canonical.ts";
import { isHostileKey, limits, measure } from "../../../core/event/measure.ts";

const nested = (depth: number, leaf: unknown): unknown =>
  Array.from({ length: depth }).reduce<unknown>((inner) => ({ a: inner }), leaf);
const because = (value: unknown): string | undefined => {
  const measured = measure(value);
  return measured.ok ? undefined : measured.because;
};
const keys = (count: number): unknown => Object.fromEntries(Array.from({ length: count }, (_, i) => [`k${i}`, 0]));

/** One outermost object, `lists` lists below it, and as many numbers as are left of `total` values. */
function values(total: number): unknown {
  const lists = 10;
  const left = total - 1 - lists;
  const each = Math.floor(left / lists);
  return Object.fromEntries(
    Array.from({ length: lists }, (_, i) => [
      `k${i}`,
      Array.from({ length: i === 0 ? left - each * (lists - 1) : each }, () => 0),
    ]),
  );
}

describe("the bounds of one record", () => {
  it.each([
    ["characters", "a".repeat(limits.length - 2), "a".repeat(limits.length - 1), /longer than 1048576/],
    ["levels", nested(limits.depth, "leaf"), nested(limits.depth + 1, "leaf"), /deeper than 64/],
    ["levels that end in a list", nested(limits.depth - 1, []), nested(limits.depth, []), /deeper than 64/],
    ["keys", keys(limits.keysPerObject), keys(limits.keysPerObject + 1), /more than 2000 keys/],
    ["elements", Array(limits.elements).fill(0), Array(limits.elements + 1).fill(0), /more than 10000 elements/],
    ["values", values(limits.nodes), values(limits.nodes + 1), /more than 50000 values/],
  ])("takes as many %s as it says, and refuses one more", (_, within, over, reason) => {
    expect(because(within)).toBeUndefined();
    expect(because(over)).toMatch(reason);
  });

  it("refuses a million levels without going down them", () => {
    const deep = JSON.parse(`${"[".repeat(1_000_000)}${"]".repeat(1_000_000)}`);
    expect(because({ deep })).toMatch(/deeper than 64/);
  });

  it("notices keys that could reach a prototype, wherever they stand, and no others", () => {
    for (const key of ["__proto__", "constructor", "prototype"]) {
      expect(isHostileKey(key)).toBe(true);
      expect(measure(JSON.parse(`{"a":[{"${key}":{}}]}`))).toMatchObject({ ok: true, hostileKeys: true });
    }
    for (const key of ["__proto_", "__prot0__", "Constructor", "constructors", "prototypes", ""])
      expect(isHostileKey(key)).toBe(false);
    expect(measure({ a: [{ proto: "__proto__" }] })).toMatchObject({ ok: true, hostileKeys: false });
  });

  it("measures the canonical JSON, escapes aside", () => {
    const plain = fc.jsonValue({ maxDepth: 4 }).map((value) => JSON.parse(JSON.stringify(value).replace(/\\./g, "x")));
    fc.assert(
      fc.property(plain, (value) => {
        const measured = measure(value);
        expect(measured).toMatchObject({ ok: true, length: canonical(value).length });
      }),
      { numRuns: 300 },
    );
  });
});
