import { describe, expect, it } from "vitest";
import {
  type Elsewhere,
  elsewhere,
  quantileOf,
  type Readings,
  readinessGates,
  redGates,
  upperBound,
} from "../../../core/decide/readiness.ts";

const measured = new Map(
  Object.entries(elsewhere).map(([name, one]) => [
    name as Elsewhere,
    "share" in one ? { value: 0, sample: 2_000 } : { value: one.most, sample: 20 },
  ]),
);
measured.set("trail-only", { value: 0, sample: 100_000 });
const ready: Readings = {
  reviewed: { total: 60, wrong: 0 },
  wrongInProduction: 0,
  days: 30,
  denied: Array(20).fill(30),
  allowed: Array(20).fill(20),
  released: { total: 20, whole: 20 },
  made: { total: 40, outside: 0 },
  measured,
};
const reds = (over: Partial<Readings>): readonly string[] => redGates(readinessGates({ ...ready, ...over }));

describe("upperBound", () => {
  it("says of none in sixty that it is below five in a hundred, as the rule of three does nearly", () => {
    expect(upperBound(0, 60)).toBeCloseTo(0.0487, 4);
    expect(upperBound(0, 60)).toBeLessThan(3 / 60);
    expect(upperBound(0, 58)).toBeGreaterThan(0.05);
  });
  it("is Wilson's upper bound where something was hit", () => {
    expect(upperBound(5, 100)).toBeCloseTo(0.0987, 3);
    expect(upperBound(100, 100)).toBe(1);
  });
  it("believes nothing of no sample", () => expect(upperBound(0, 0)).toBe(1));
});

it("takes quantiles by the nearest rank", () => {
  expect([quantileOf([3, 1, 2], 0.5), quantileOf([5], 0.99), quantileOf([], 0.5)]).toEqual([2, 5, undefined]);
});

describe("readinessGates", () => {
  it("are green when all is measured and good", () => expect(reds({})).toEqual([]));

  it.each<[string, Partial<Readings>, string]>([
    ["one sample short", { reviewed: { total: 57, wrong: 0 } }, "wrong containments"],
    ["one wrong of sixty", { reviewed: { total: 60, wrong: 1 } }, "wrong containments"],
    ["a day short", { days: 29 }, "wrong containments"],
    ["one wrong in production", { wrongInProduction: 1 }, "wrong containments"],
    ["nineteen drills", { denied: Array(19).fill(30) }, "event to first denied call"],
    ["one drill too slow", { denied: [...Array(19).fill(30), 181] }, "event to first denied call"],
    ["two releases too slow", { allowed: [...Array(18).fill(20), 301, 301] }, "release to first allowed call"],
    ["one release that left something", { released: { total: 20, whole: 19 } }, "release to first allowed call"],
    ["one call without intent", { made: { total: 40, outside: 1 } }, "worst case"],
    ["nothing made yet", { made: { total: 0, outside: 0 } }, "worst case"],
  ])("are red with %s", (_, over, name) => expect(reds(over)).toEqual([name]));

  it("are red where something was not measured, and say so", () => {
    const gates = readinessGates({ ...ready, measured: new Map() });
    expect(redGates(gates)).toHaveLength(4);
    expect(gates[1]?.measures[0]).toMatchObject({ value: "not measured", isMet: false });
  });
});
