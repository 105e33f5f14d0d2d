import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { packedTable } from "../../../core/event/packed-table.ts";

/** Few different words, so that keys meet often; zero among them, which marks a free slot inside. */
const word = fc.oneof(fc.constantFrom(0, 1, 63, 64, 0xffffffff), fc.integer({ min: 0, max: 0xffffffff }));
const entries = fc.array(fc.tuple(word, word, fc.integer({ min: 0, max: 0xffffffff })), { maxLength: 400 });

/** The first key word 0 is kept as 1; ids are hashed, so that costs nothing but one more collision in four thousand million. */
const keyOf = (high: number, low: number): string => `${high === 0 ? 1 : high} ${low}`;

function found(table: ReturnType<typeof packedTable>, high: number, low: number): readonly number[] {
  const key = Uint32Array.of(high, low);
  const values: number[] = [];
  for (let handle = table.find(key); handle >= 0; handle = table.next(handle, key)) values.push(table.word(handle, 2));
  return values.sort((a, b) => a - b);
}

describe("the packed table", () => {
  it("holds what a map of lists holds, through growth and in any order", () =>
    fc.assert(
      fc.property(entries, (all) => {
        const table = packedTable(3, 2);
        const model = new Map<string, number[]>();
        for (const [high, low, value] of all) {
          table.add(Uint32Array.of(high, low, value));
          const key = keyOf(high, low);
          model.set(key, [...(model.get(key) ?? []), value]);
        }
        expect(table.size).toBe(all.length);
        for (const [high, low] of all)
          expect(found(table, high, low)).toEqual(model.get(keyOf(high, low))?.toSorted((a, b) => a - b));
        expect([...table.handles()].map((handle) => table.word(handle, 2)).sort()).toEqual(
          all.map(([, , value]) => value).sort(),
        );
      }),
      { numRuns: 60 },
    ));

  it("finds nothing that was not added", () => {
    const table = packedTable(3, 2);
    expect(found(table, 1, 1)).toEqual([]);
    for (let i = 1; i < 2_000; i++) table.add(Uint32Array.of(i * 64, 0xffffffff - i, i));
    for (let i = 1; i < 2_000; i++) expect(found(table, i * 64 + 1, 0xffffffff - i)).toEqual([]);
  });

  it("survives keys that all want one place, at the very end", () => {
    const table = packedTable(3, 2);
    for (let i = 0; i < 500; i++) table.add(Uint32Array.of(64, 0xffffffff, i));
    expect(found(table, 64, 0xffffffff)).toEqual(Array.from({ length: 500 }, (_, i) => i));
    expect(found(table, 128, 0xffffffff)).toEqual([]);
  });

  it("holds thousands that all want the last place, and grows no more for it than for others", () => {
    const table = packedTable(3, 2);
    for (let i = 0; i < 20_000; i++) table.add(Uint32Array.of(0xffffffff, 5, i));
    for (let i = 0; i < 20_000; i++) table.add(Uint32Array.of(0xfffffffe, 5, i));
    expect(found(table, 0xffffffff, 5)).toHaveLength(20_000);
    expect(found(table, 0xfffffffe, 5)).toEqual(Array.from({ length: 20_000 }, (_, i) => i));
    expect(table.dump()).toHaveLength(3 * 40_000);
  });

  it("keeps every entry beyond the size at which it reserves its space", () => {
    const table = packedTable(6, 2);
    const hashed = (i: number): number => Math.imul(i + 1, 0x9e3779b1) >>> 0;
    for (let i = 0; i < 120_000; i++) table.add(Uint32Array.of(hashed(i), i, i, 0, 0, i));
    for (let i = 0; i < 120_000; i++) expect(table.word(table.find(Uint32Array.of(hashed(i), i)), 5)).toBe(i);
    expect(table.size).toBe(120_000);
  });

  it("changes the word it is told to, and no other", () => {
    const table = packedTable(4, 2);
    for (let i = 0; i < 100; i++) table.add(Uint32Array.of(i + 1, i, i, 0));
    table.setWord(table.find(Uint32Array.of(51, 50)), 3, 7);
    expect(
      [...table.handles()].filter((handle) => table.word(handle, 3) === 7).map((handle) => table.word(handle, 2)),
    ).toEqual([50]);
  });

  it("dumps every entry once", () =>
    fc.assert(
      fc.property(entries, (all) => {
        const table = packedTable(3, 2);
        for (const entry of all) table.add(Uint32Array.from(entry));
        const dumped = table.dump();
        const rows = Array.from({ length: dumped.length / 3 }, (_, i) => [...dumped.slice(i * 3, i * 3 + 3)].join(" "));
        expect(rows.sort()).toEqual(all.map(([high, low, value]) => `${keyOf(high, low)} ${value}`).sort());
      }),
      { numRuns: 30 },
    ));

  it("keeps the first key word it was given for whoever reads it back", () => {
    const table = packedTable(3, 2);
    table.add(Uint32Array.of(0, 5, 9));
    expect(table.word(table.find(Uint32Array.of(0, 5)), 2)).toBe(9);
  });
});
