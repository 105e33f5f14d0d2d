import fc from "fast-check";
import { expect, it } from "vitest";
import { type Change, standing, undoOf } from "../../../core/respond/change.ts";
import type { Value } from "../../../core/respond/slot.ts";

const change = (before: Value, after: Value): Change => ({
  slot: { kind: "boundary", holder: { kind: "role", arn: "arn:aws:iam::111122223333:role/support-bot" } },
  before,
  after,
});

const value = fc.oneof(fc.constant(null), fc.string(), fc.dictionary(fc.string(), fc.string()));

it("is taken back by its undo, and the undo by the change", () => {
  fc.assert(
    fc.property(value, value, (before, after) => {
      const one = change(before, after);
      expect(undoOf(undoOf(one))).toEqual(one);
      expect(standing(undoOf(one), before)).toBe("already");
    }),
  );
});

it("is due on what it was made from, already done on what it makes, and foreign on anything else", () => {
  const one = change({ a: 1, b: 2 }, "deny");
  expect(standing(one, { b: 2, a: 1 })).toBe("due");
  expect(standing(one, "deny")).toBe("already");
  expect(standing(one, null)).toBe("foreign");
});
