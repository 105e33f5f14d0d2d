import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { globCovers, meet } from "../../../core/iam/glob-meet.ts";

const pattern = fc.string({ unit: fc.constantFrom("a", "b", "*", "?"), maxLength: 6 });
const text = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 8 });

/** The same question, answered slowly. */
const slow = (wanted: string, given: string): boolean => {
  const [first, ...rest] = wanted;
  if (first === undefined) return given === "";
  const left = rest.join("");
  if (first === "*") return slow(left, given) || (given !== "" && slow(wanted, given.slice(1)));
  return given !== "" && (first === "?" || first === given[0]) && slow(left, given.slice(1));
};

describe("IAM's wildcards", () => {
  it("match what they say, and nothing else", () => {
    fc.assert(fc.property(pattern, text, (wanted, given) => globCovers(wanted, given) === slow(wanted, given)));
  });

  it("match the empty text only where every character is a star", () => {
    expect([globCovers("", ""), globCovers("**", ""), globCovers("?", ""), globCovers("*a", "")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });

  it("take no longer for patterns made to be slow", () => {
    const started = process.hrtime.bigint();
    expect(globCovers(`${"*a".repeat(2_000)}b`, "a".repeat(4_000))).toBe(false);
    expect(Number(process.hrtime.bigint() - started) / 1e6).toBeLessThan(1_000);
  });
});

describe("a text that two patterns share", () => {
  it("is matched by both", () => {
    fc.assert(
      fc.property(pattern, pattern, fc.constantFrom("", "c", "cc"), (one, other, filler) => {
        const found = meet(one, other, filler);
        return found === undefined || (globCovers(one, found) && globCovers(other, found));
      }),
    );
  });

  it("is found whenever there is one", () => {
    fc.assert(
      fc.property(pattern, pattern, text, (one, other, given) => {
        fc.pre(globCovers(one, given) && globCovers(other, given));
        return meet(one, other, "c") !== undefined;
      }),
    );
  });

  it("has the filler where both leave the text open, and the spelling of the narrower pattern elsewhere", () => {
    expect(meet("arn:*:role:*", "arn:x:role:ci-*", "new")).toBe("arn:x:role:ci-new");
    expect(meet("job:a*", "job:*b", "new")).toBe("job:anewb");
    expect(meet("job:a", "job:b", "new")).toBeUndefined();
  });
});
