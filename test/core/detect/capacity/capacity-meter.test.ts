import fc from "fast-check";
import { describe, expect, it } from "vitest";
import accelerators from "../../../../core/detect/accelerators.data.json" with { type: "json" };
import { pointAt, shownCourse, spentUsd } from "../../../../core/detect/capacity/capacity-course.ts";
import { capacityMeter, courseOf } from "../../../../core/detect/capacity/capacity-meter.ts";
import type { CapacityWord } from "../../../../core/detect/capacity/capacity-word.ts";
import type { EventId } from "../../../../core/event/event.ts";
import { instant } from "../../../../core/event/instant.ts";

const minute = 60_000;
const word = (
  key: string,
  says: CapacityWord["says"],
  at: number,
  over: Partial<CapacityWord> & { readonly type?: string; readonly count?: number } = {},
): CapacityWord => {
  const { type, count = 1, ...rest } = over;
  return {
    key,
    says,
    at: instant(at * minute),
    id: `${key} ${says} ${at}` as EventId,
    ...(type === undefined ? {} : { machines: [{ type, count }] }),
    ...rest,
  };
};

function stretches(words: readonly CapacityWord[]) {
  const meter = capacityMeter(accelerators);
  for (const one of words) meter.tell(one);
  return meter.stretches();
}

/** Minutes from and to of each stretch, with its instances. */
const brief = (words: readonly CapacityWord[]): readonly string[] =>
  stretches(words).map(
    ({ key, from, until, load }) =>
      `${key} ${from / minute}-${until === undefined ? "" : until / minute} x${load.instances}`,
  );

describe("what runs", () => {
  it("runs from when it is on to when it is off, and again", () =>
    expect(
      brief([
        word("i", "on", 1, { type: "g5.xlarge" }),
        word("i", "off", 5),
        word("i", "on", 9),
        word("i", "gone", 12),
      ]),
    ).toEqual(["i 1-5 x1", "i 9-12 x1"]));

  it("runs on while no end is seen, and never after it is gone", () =>
    expect(
      brief([
        word("i", "on", 1, { type: "g5.xlarge" }),
        word("j", "on", 1, { type: "g5.xlarge" }),
        word("j", "gone", 2),
        word("j", "on", 3),
      ]),
    ).toEqual(["i 1- x1", "j 1-2 x1"]));

  it("is counted where its type is told by a later record only", () =>
    expect(brief([word("i", "on", 1), word("i", "on", 2, { type: "p4d.24xlarge" })])).toEqual(["i 1- x1"]));

  it("is not counted where its type has no accelerator, or is not told", () => {
    expect(brief([word("i", "on", 1, { type: "m7i.large" }), word("j", "on", 1)])).toEqual([]);
  });

  it("changes its size while it runs, and waits with it while it does not", () => {
    const sized = [
      word("e", "on", 1, { type: "ml.g5.xlarge", count: 2 }),
      word("e", "sized", 4, { type: "ml.g5.xlarge", count: 5 }),
      word("e", "off", 6),
      word("e", "sized", 7, { type: "ml.g5.xlarge", count: 1 }),
      word("e", "on", 8),
    ];
    expect(brief(sized)).toEqual(["e 1-4 x2", "e 4-6 x5", "e 8- x1"]);
  });

  it("cannot run for longer than its own limit", () => {
    const job = word("t", "on", 1, { type: "ml.p5.48xlarge", count: 2, longest: 10 * minute });
    expect(brief([job])).toEqual(["t 1-11 x2"]);
    expect(brief([job, word("t", "gone", 5)])).toEqual(["t 1-5 x2"]);
  });

  it("is nothing where it begins and ends in one second", () =>
    expect(brief([word("i", "gone", 1), word("i", "on", 1, { type: "g5.xlarge" })])).toEqual([]));
});

const words = fc.array(
  fc.record({
    key: fc.constantFrom("i", "j", "k"),
    says: fc.constantFrom("on", "off", "gone", "sized" as const),
    at: fc.integer({ min: 0, max: 30 }),
    type: fc.constantFrom(undefined, "g5.xlarge", "p5.48xlarge", "g6f.large", "m7i.large", "p6-b300.48xlarge"),
    count: fc.integer({ min: 1, max: 4 }),
  }),
  { maxLength: 30 },
);
const told = (
  some: readonly { key: string; says: CapacityWord["says"]; at: number; type: string | undefined; count: number }[],
) => {
  // One record says one thing: words of one name are one word.
  const made = some.map(({ key, says, at, type, count }) =>
    word(key, says, at, type === undefined ? {} : { type, count }),
  );
  return [...new Map(made.map((one) => [one.id, one])).values()];
};

describe("for any words", () => {
  it("comes out the same in any order, with repetitions", () =>
    fc.assert(
      fc.property(words, fc.infiniteStream(fc.nat()), (some, order) => {
        const all = told(some);
        const keyed = [...all, ...all].map((one) => [order.next().value as number, one] as const);
        const shuffled = keyed.toSorted(([a], [b]) => a - b).map(([, one]) => one);
        expect(stretches([...shuffled, ...all])).toEqual(stretches(all));
      }),
    ));

  it("has no two stretches of one thing at a time, none after it is gone, and none without an accelerator", () =>
    fc.assert(
      fc.property(words, (some) => {
        const all = told(some);
        const found = stretches(all);
        for (const [key, own] of Map.groupBy(found, (one) => one.key)) {
          const gone = all.filter((one) => one.key === key && one.says === "gone").map(({ at }) => at);
          for (const [place, one] of own.entries()) {
            expect(one.load.instances).toBeGreaterThan(0);
            expect(one.until ?? Number.POSITIVE_INFINITY).toBeGreaterThan(one.from);
            expect(one.from).toBeLessThan(Math.min(...gone, Number.POSITIVE_INFINITY));
            const next = own[place + 1];
            if (next !== undefined) expect(one.until ?? Number.POSITIVE_INFINITY).toBeLessThanOrEqual(next.from);
          }
        }
      }),
    ));

  it("sums at every moment to what runs then, and never below nothing", () =>
    fc.assert(
      fc.property(words, fc.integer({ min: 0, max: 31 }), (some, at) => {
        const found = stretches(told(some));
        const course = courseOf(found);
        const moment = instant(at * minute);
        const running = found.filter(({ from, until }) => from <= moment && (until === undefined || until > moment));
        const point = pointAt(course, moment);
        const sum = (of: (load: (typeof running)[number]["load"]) => number) =>
          running.reduce((total, { load }) => total + of(load), 0);
        expect(point.instances).toBe(sum(({ instances }) => instances));
        expect(point.accelerators).toBeCloseTo(
          sum((load) => load.accelerators),
          3,
        );
        expect(point.usdPerHour).toBeCloseTo(
          sum((load) => load.usdPerHour),
          5,
        );
        for (const one of course)
          expect(Math.min(one.instances, one.accelerators, one.usdPerHour)).toBeGreaterThanOrEqual(0);
      }),
    ));
});

describe("a course", () => {
  const course = courseOf(
    stretches([
      word("i", "on", 0, { type: "p5.48xlarge" }),
      word("j", "on", 60, { type: "p5.48xlarge" }),
      word("i", "gone", 90),
    ]),
  );

  it("costs what ran, by the hour", () => {
    expect(spentUsd(course, instant(0), instant(60 * minute))).toBeCloseTo(55.04, 6);
    expect(spentUsd(course, instant(0), instant(120 * minute))).toBeCloseTo(55.04 * 2.5, 6);
    expect(spentUsd(course, instant(30 * minute), instant(45 * minute))).toBeCloseTo(13.76, 6);
  });

  it("is shown from a moment on with what ran before it", () => {
    const shown = shownCourse(course, { from: instant(80 * minute), until: instant(100 * minute), prices: "p" });
    expect(shown?.points.map(({ at, instances }) => [at / minute, instances])).toEqual([
      [80, 2],
      [90, 1],
    ]);
    expect(shown?.peak.usdPerHour).toBeCloseTo(110.08);
  });

  it("is nothing where nothing ran", () =>
    expect(shownCourse([], { from: instant(0), until: instant(1), prices: "p" })).toBeUndefined());

  it("is thinned to few points without losing its highest, its first and its last", () => {
    const many = Array.from({ length: 600 }, (_, number) => word(`k${number}`, "on", number, { type: "g5.xlarge" }));
    const ends = many.slice(0, 400).map(({ key }, number) => word(key, "gone", 700 + number));
    const whole = courseOf(stretches([...many, ...ends]));
    const shown = shownCourse(whole, { from: instant(0), until: instant(2_000 * minute), prices: "p" });
    expect(shown?.points.length).toBeLessThanOrEqual(48);
    expect(shown?.points[0]).toEqual(whole[0]);
    expect(shown?.points.at(-1)).toEqual(whole.at(-1));
    expect(Math.max(...(shown?.points ?? []).map(({ instances }) => instances))).toBe(600);
  });
});
