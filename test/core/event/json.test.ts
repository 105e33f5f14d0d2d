import { describe, expect, it } from "vitest";
import { at, fields, isObject, list, text } from "../../../core/event/json.ts";

describe("looking into JSON of unknown origin", () => {
  it("takes objects, and nothing else, for objects", () => {
    expect(isObject({})).toBe(true);
    for (const other of [null, [], "a", 1, true, undefined]) {
      expect(isObject(other)).toBe(false);
      expect(Object.keys(fields(other))).toEqual([]);
    }
  });

  it("gives an empty object that has no prototype to look through, and cannot be written to", () => {
    expect(fields(null)["constructor"]).toBeUndefined();
    expect(fields("")["toString"]).toBeUndefined();
    expect(Object.isFrozen(fields(undefined))).toBe(true);
  });

  it("gives text and lists, or empty ones", () => {
    expect([text("a"), text(1), text(null), text(["a"])]).toEqual(["a", "", "", ""]);
    expect([list([1]), list({ length: 1 }), list("a")]).toEqual([[1], [], []]);
  });

  it("follows own keys only", () => {
    const value = { a: { b: [1], c: null } };
    expect(at(value, "a", "b")).toEqual([1]);
    expect(at(value, "a", "c")).toBeNull();
    for (const path of [["a", "x"], ["a", "b", "0"], ["constructor"], ["__proto__"], ["a", "toString"]])
      expect(at(value, ...path), path.join(".")).toBeUndefined();
    expect(at(JSON.parse('{"__proto__":{"a":1}}'), "__proto__", "a")).toBe(1);
  });
});
