import { readdirSync } from "node:fs";
import fc from "fast-check";
import { afterEach, describe, expect, it, vi } from "vitest";
import { fileSpool } from "../../../adapters/local/file-spool.ts";
import { spoolContract } from "../../contracts/spool.contract.ts";
import { logFolder } from "./log-folder.ts";

afterEach(() => vi.unstubAllEnvs());
const { write } = logFolder();

describe("a spool on a file", () => spoolContract(fileSpool));

describe("the spool on a file", () => {
  it("gives back what was added, in any order of reading, before and after it went to the file", () => {
    const texts = fc.array(fc.tuple(fc.string({ unit: "binary", maxLength: 20 }), fc.constantFrom(1, 50, 40_000)), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(texts, fc.array(fc.nat(), { maxLength: 20 }), (all, picks) => {
        const spool = fileSpool();
        const expected = all.map(([text, times]) => text.toWellFormed().repeat(times));
        for (const [number, text] of expected.entries()) {
          expect(spool.add(text)).toBe(number);
          const pick = picks[number % Math.max(1, picks.length)] ?? 0;
          const earlier = pick % (number + 1);
          expect(spool.read(earlier) === expected[earlier]).toBe(true);
        }
        expect(spool.count).toBe(expected.length);
        for (const number of [...expected.keys()].reverse()) expect(spool.read(number) === expected[number]).toBe(true);
        spool.close();
      }),
      { numRuns: 25 },
    );
  });

  it("holds more than its buffer and its window, and reads across their edges", () => {
    const spool = fileSpool();
    const text = (number: number): string => `${number}:${"é".repeat(number % 700)}`;
    for (let i = 0; i < 12_000; i++) spool.add(text(i));
    spool.add("x".repeat(2_000_000));
    for (let i = 0; i < 12_000; i += 7) expect(spool.read(i) === text(i)).toBe(true);
    for (let i = 11_999; i > 0; i -= 501) expect(spool.read(i) === text(i)).toBe(true);
    expect(spool.read(12_000)).toHaveLength(2_000_000);
    expect(spool.read(0)).toBe("0:");
    spool.close();
  });

  it("leaves nothing behind, not even while it is open", () => {
    const folder = write({});
    vi.stubEnv("TMPDIR", folder);
    const spool = fileSpool();
    spool.add("x".repeat(3_000_000));
    expect(spool.read(0)).toHaveLength(3_000_000);
    expect(readdirSync(folder)).toEqual([]);
    spool.close();
    spool.close();
    expect(readdirSync(folder)).toEqual([]);
  });

  it("says so when nothing has that number, and after it was closed", () => {
    const spool = fileSpool();
    spool.add("a");
    for (const number of [1, -1, 0.5]) expect(() => spool.read(number)).toThrow(RangeError);
    spool.close();
    expect(() => spool.read(0)).toThrow(RangeError);
  });

  it("given no room for its file, says where and what to do", () => {
    vi.stubEnv("TMPDIR", "/nowhere/at/all");
    const spool = fileSpool();
    expect(() => spool.add("x".repeat(2_000_000))).toThrow(
      expect.objectContaining({ code: "full", message: expect.stringContaining("TMPDIR") }),
    );
  });
});
