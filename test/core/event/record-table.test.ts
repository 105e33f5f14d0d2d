import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { entryWords, keptFlag, type RecordTable, recordTable } from "../../../core/event/record-table.ts";

/** One copy of one record: id, second, hash of the rest, length, and what it points at. */
interface Copy {
  readonly id: number;
  readonly second: number;
  readonly rest: number;
  readonly length: number;
  readonly kept: boolean;
  readonly pointer: number;
}

const copy: fc.Arbitrary<Copy> = fc.record({
  id: fc.integer({ min: 1, max: 6 }),
  second: fc.integer({ min: 1_700_000_000, max: 1_700_000_002 }),
  rest: fc.constantFrom(0, 7, 0xffffffff),
  length: fc.integer({ min: 2, max: 5 }),
  kept: fc.boolean(),
  pointer: fc.integer({ min: 0, max: 9 }),
});
const copies = fc.array(copy, { maxLength: 60 });

const entryOf = ({ id, second, rest, length, kept, pointer }: Copy): Uint32Array =>
  Uint32Array.of(id * 0x9e3779b1, id, second, rest, length | (kept ? keptFlag : 0), pointer);
const table = (): RecordTable => recordTable((pointer, other) => pointer > other);
const joined = (all: readonly Copy[]): RecordTable => {
  const records = table();
  for (const one of all) records.join(entryOf(one));
  return records;
};
const rowsOf = (records: RecordTable): readonly string[] => {
  const rows: string[] = [];
  records.each((pointer, flags, second) => rows.push(`${second} ${flags} ${pointer}`));
  return rows.sort();
};

/** What must stay: per record the longest, then the kept one, then the one that outranks. */
function model(all: readonly Copy[]) {
  const best = new Map<string, Copy>();
  for (const one of all) {
    const key = `${one.id} ${one.second} ${one.rest}`;
    const known = best.get(key);
    const ahead = (a: Copy, b: Copy): number =>
      a.length - b.length || Number(a.kept) - Number(b.kept) || a.pointer - b.pointer;
    if (known === undefined || ahead(one, known) > 0) best.set(key, one);
  }
  const ids = new Set(all.map((one) => one.id));
  return { best: [...best.values()], conflicts: best.size - ids.size };
}

describe("the table of records", () => {
  it("keeps of every record the fuller copy and counts conflicts, in any order and any number of times", () =>
    fc.assert(
      fc.property(copies, fc.array(fc.nat()), (all, picks) => {
        const again = picks.flatMap((pick) => (all.length === 0 ? [] : [all[pick % all.length] as Copy]));
        const expected = model(all);
        const records = joined(all);
        const shuffled = joined([...again, ...all.toReversed(), ...again]);
        for (const one of [records, shuffled]) {
          expect(one.size).toBe(expected.best.length);
          expect(one.conflicts).toBe(expected.conflicts);
          expect(rowsOf(one)).toEqual(
            expected.best
              .map(({ second, length, kept, pointer }) => `${second} ${length | (kept ? keptFlag : 0)} ${pointer}`)
              .sort(),
          );
          for (const best of expected.best) expect(one.stayed(entryOf(best))).toBe(true);
          for (const other of all.filter(
            (each) => !expected.best.some((best) => entryOf(best).join() === entryOf(each).join()),
          ))
            expect(one.stayed(entryOf(other))).toBe(false);
        }
      }),
      { numRuns: 150 },
    ));

  it("names the earlier of two records with one id plainly and the later with its own suffix, in any order", () =>
    fc.assert(
      fc.property(copies, (all) => {
        const [there, back] = [joined(all), joined(all.toReversed())];
        const named = new Map<string, string>();
        for (const one of all) {
          const suffix = there.suffix(entryOf(one));
          expect(back.suffix(entryOf(one))).toBe(suffix);
          expect(suffix).toMatch(/^(?:#[0-9a-f]{8})?$/);
          const earlier = all.some(
            (other) =>
              other.id === one.id &&
              (other.second < one.second || (other.second === one.second && other.rest < one.rest)),
          );
          expect(suffix !== "").toBe(earlier);
          named.set(`${one.id} ${one.second} ${one.rest}`, suffix);
        }
      }),
      { numRuns: 100 },
    ));

  it("tells what joining did", () => {
    const records = table();
    const one = { id: 1, second: 1_700_000_000, rest: 7, length: 10, kept: false, pointer: 1 };
    expect(records.join(entryOf(one))).toBe("new");
    expect(records.join(entryOf(one))).toBe("known");
    expect(records.join(entryOf({ ...one, length: 9 }))).toBe("known");
    expect(records.join(entryOf({ ...one, length: 11 }))).toBe("fuller");
    expect(records.conflicts).toBe(0);
    expect(records.join(entryOf({ ...one, rest: 8 }))).toBe("new");
    expect(records.conflicts).toBe(1);
  });

  it("marks the copy that stayed once", () => {
    const one = { id: 1, second: 1_700_000_000, rest: 7, length: 10, kept: false, pointer: 1 };
    const records = joined([one]);
    expect([records.markOnce(entryOf(one)), records.markOnce(entryOf(one))]).toEqual([true, false]);
    expect(records.stayed(entryOf(one))).toBe(true);
    expect(records.markOnce(entryOf({ ...one, id: 2 }))).toBe(false);
  });

  it("is the same again after it was dumped and restored, and goes on from there", () =>
    fc.assert(
      fc.property(copies, copies, (before, after) => {
        const restored = table();
        const first = joined(before);
        for (const one of before) first.markOnce(entryOf(one));
        restored.restore(first.dump());
        for (const one of after) restored.join(entryOf(one));
        const whole = joined([...before, ...after]);
        expect(rowsOf(restored)).toEqual(rowsOf(whole));
        expect([restored.size, restored.conflicts]).toEqual([whole.size, whole.conflicts]);
        expect(restored.dump().length).toBe(whole.size * entryWords);
      }),
      { numRuns: 60 },
    ));
});
