import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  complement,
  count,
  emptySet,
  has,
  intersection,
  isEmpty,
  placesOf,
  setOf,
  union,
  without,
} from "../../../core/iam/action-set.ts";

const size = 100;
const places = fc.uniqueArray(fc.integer({ min: 0, max: size - 1 }));
const sorted = (some: Iterable<number>): readonly number[] => [...some].sort((a, b) => a - b);

describe("sets of actions", () => {
  it("agree with sets of numbers", () => {
    fc.assert(
      fc.property(places, places, (left, right) => {
        const [a, b] = [setOf(size, left), setOf(size, right)];
        const [one, other] = [new Set(left), new Set(right)];
        expect([...placesOf(union(a, b))]).toEqual(sorted(new Set([...left, ...right])));
        expect([...placesOf(intersection(a, b))]).toEqual(sorted(left.filter((place) => other.has(place))));
        expect([...placesOf(without(a, b))]).toEqual(sorted(left.filter((place) => !other.has(place))));
        expect(count(a)).toBe(one.size);
        expect(count(complement(a, size))).toBe(size - one.size);
        for (let place = 0; place < size; place++) expect(has(a, place)).toBe(one.has(place));
      }),
    );
  });

  it("know when they are empty, and leave out what the table does not have", () => {
    expect(isEmpty(emptySet(size))).toBe(true);
    expect(isEmpty(setOf(size, [size, size + 7]))).toBe(true);
    expect(isEmpty(setOf(size, [31]))).toBe(false);
    expect(isEmpty(complement(complement(emptySet(size), size), size))).toBe(true);
  });
});
