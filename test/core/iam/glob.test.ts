import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compileGlob, globOf, globTest, matchesGlob, unitsOf } from "../../../core/iam/glob.ts";

const matches = (pattern: string, text: string): boolean => matchesGlob(globOf(pattern), text);

/** The textbook's table: slow, and plain to see. */
function plainly(pattern: string, text: string): boolean {
  let row = [true, ...Array.from(text, () => false)];
  for (const unit of pattern) {
    const next = [unit === "*" && row[0] === true];
    for (let i = 1; i <= text.length; i++) {
      const before = row[i - 1] === true;
      next.push(
        unit === "*" ? row[i] === true || next[i - 1] === true : before && (unit === "?" || unit === text[i - 1]),
      );
    }
    row = next;
  }
  return row.at(-1) === true;
}

describe("a wildcard pattern", () => {
  it.each([
    ["*", ""],
    ["**", "anything"],
    ["a*", "a"],
    ["a*c", "abc"],
    ["a?c", "abc"],
    ["?", "x"],
    ["*needle longer than eight*", "hay needle longer than eight hay"],
    ["arn:aws:s3:::*/b", "arn:aws:s3:::a/x:y/b"],
  ])("%s matches %s", (pattern, text) => expect(matches(pattern, text)).toBe(true));

  it.each([
    ["", "x"],
    ["a", "A"],
    ["a*", "ba"],
    ["ab*ba", "aba"],
    ["?", ""],
    ["a?c", "ac"],
    ["*needle longer than eight*tail", "needle longer than eightail"],
  ])("%s does not match %s", (pattern, text) => expect(matches(pattern, text)).toBe(false));

  it("uses no character twice", () => {
    for (const [pattern, text] of [
      ["a*a", "a"],
      ["ab*ba", "aba"],
      ["a*b*a", "aba"],
    ] as const)
      expect(globTest(globOf(pattern))(text)).toBe(plainly(pattern, text));
  });

  it("finds a long run that begins inside a failed try", () => {
    expect(matches("*aaaaaaaaab*", "aaaaaaaaaaaabc")).toBe(true);
    expect(matches("*abababababc*", "xababababababcx")).toBe(true);
  });

  it("agrees with the textbook on every mix of stars, holes and letters", () => {
    const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 24 });
    const text = fc.string({ unit: fc.constantFrom("a", "b"), maxLength: 40 });
    fc.assert(
      fc.property(pattern, text, (wanted, given) => {
        const expected = plainly(wanted, given);
        expect(matches(wanted, given)).toBe(expected);
        expect(matchesGlob(compileGlob(unitsOf(wanted)), given)).toBe(expected);
        expect(globTest(globOf(wanted))(given)).toBe(expected);
      }),
      { numRuns: 3_000 },
    );
  });

  it("finds a run with holes that is longer than one machine word", () => {
    const run = "ab?".repeat(30);
    expect(matches(`*${run}*x`, `aabb${"abz".repeat(31)}x`)).toBe(true);
    expect(matches(`*${run}*x`, `${"abz".repeat(29)}x`)).toBe(false);
  });

  it.each([
    ["many stars", "*a".repeat(1_000), (length: number) => `${"a".repeat(length)}b`],
    ["a long text between stars", `*${"a".repeat(500)}b*`, (length: number) => "a".repeat(length)],
    ["holes between stars", `*${"a?".repeat(250)}b*`, (length: number) => "a".repeat(length)],
  ])("takes time that grows with the text, not faster: %s", (_, pattern, textOf) => {
    const glob = globOf(pattern);
    const took = (length: number): number => {
      const text = textOf(length);
      const from = performance.now();
      matchesGlob(glob, text);
      return performance.now() - from;
    };
    took(100_000);
    // Quadratic time would be minutes here.
    expect(took(1_000_000)).toBeLessThan(2_000);
  });
});
