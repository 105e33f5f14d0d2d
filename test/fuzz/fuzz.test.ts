import fc from "fast-check";
import { expect, it } from "vitest";
import { itemProperty } from "./hostile-item.ts";
import { textProperty } from "./hostile-text.ts";

/** A short run of what `npm run fuzz` does for long; the seed is fixed so that a change, and not chance, breaks it. */
const seed = 20_260_131;

it("given 1,500 items with things wrong in them, decodes, parks or ignores each", () => {
  const run = fc.check(itemProperty, { seed, numRuns: 1_500 });
  expect(run.failed, fc.defaultReportMessage(run)).toBe(false);
});

it("given 500 files with breaks in them, reads the same from each however it is cut", () => {
  const run = fc.check(textProperty, { seed, numRuns: 500 });
  expect(run.failed, fc.defaultReportMessage(run)).toBe(false);
});
