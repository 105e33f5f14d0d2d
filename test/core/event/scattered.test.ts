import { expect, it } from "vitest";
import { scattered } from "../../../core/event/scattered.ts";

it.each([0, 1, 2, 3, 4, 5, 6, 10, 97, 1_000, 1_024])("names each of %d places once", (count) =>
  expect([...scattered(count)].toSorted((a, b) => a - b)).toEqual(Array.from({ length: count }, (_, place) => place)),
);

it("does not go from front to back", () => {
  const places = [...scattered(10_000)];
  const steps = places.slice(1).filter((place, index) => Math.abs(place - (places[index] ?? 0)) < 100);
  expect(steps.length).toBeLessThan(200);
});
