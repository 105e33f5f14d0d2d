import fc from "fast-check";
import { expect, it } from "vitest";
import type { Done } from "../../../../core/detect/behaviour/conduct-detector.ts";
import { deviations, mostDone } from "../../../../core/detect/behaviour/deviations.ts";
import { instant } from "../../../../core/event/instant.ts";

const done = (number: number, day = 0): Done => ({
  day,
  conduct: {
    api: "s3:GetObject",
    partition: "aws",
    region: `region-${number}`,
    account: "111122223333",
    outcome: "done",
  },
  count: 2,
  first: instant(1_000 * Math.floor(number / 2)),
  last: instant(9_000_000),
  by: "session",
  handle: 999 - number,
});

it("keeps the earliest of each deviation, in whatever order they are seen, and counts all", () => {
  const all = Array.from({ length: 300 }, (_, number) => done(number));
  const kept = all.slice(0, mostDone).map(({ conduct }) => conduct.region);
  fc.assert(
    fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (order) => {
      const found = deviations<string>();
      for (const one of order) found.add(one, { key: "k", severity: "low", about: one.conduct.region });
      const [only, ...more] = found.all();
      expect(more).toEqual([]);
      expect(only).toMatchObject({ key: "k", count: 600, about: kept[0] });
      expect(only?.done.map(({ conduct }) => conduct.region).sort()).toEqual(kept.toSorted());
    }),
    { numRuns: 20 },
  );
});

it("tells the gravest of a day, and days apart", () => {
  const found = deviations<undefined>({ done: 5, ofDay: 2 });
  for (const [key, severity, day] of [
    ["a", "low", 0],
    ["b", "high", 0],
    ["c", "medium", 0],
    ["a", "info", 1],
  ] as const)
    found.add(done(1, day), { key, severity, about: undefined });
  expect(found.all().map(({ day, key }) => `${day} ${key}`)).toEqual(["0 b", "0 c", "1 a"]);
});
