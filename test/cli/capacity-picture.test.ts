import { describe, expect, it } from "vitest";
import { capacityRows } from "../../cli/capacity-picture.ts";

const capacity = {
  from: "2026-11-20T02:00:00Z",
  until: "2026-11-20T03:00:00Z",
  prices: "list price of 2026-02-09",
  spentUsd: 165.12,
  unpriced: 2,
  points: [
    ["2026-11-20T02:00:00Z", 2, 16, 110.08],
    ["2026-11-20T02:30:00Z", 4, 32, 220.16],
    ["2026-11-20T02:45:00Z", 0, 0, 0],
  ],
};

describe("capacityRows", () => {
  it("says what it costs, since when, and draws it", () => {
    const rows = capacityRows(capacity);
    expect(rows[0]).toEqual(["COST", "0 -> 0 USD/h since 02:00 UTC, at most 220.16; 165.12 USD by 03:00"]);
    expect(rows[1]?.[1]).toBe("list price of 2026-02-09; 2 instances have no known price");
    expect(rows[2]).toEqual(["RUNS", "0 instances, 0 accelerators"]);
    expect(rows[3]?.[1]).toMatch(/^02:00 ▄{20}█{10} {10} 03:00$/);
  });

  it("says what a day costs while it runs on, and goes on from the day before", () => {
    const points = [["2026-11-20T00:00:00Z", 1, 8, 55.04]];
    const [cost] = capacityRows({ ...capacity, points, spentUsd: 0 });
    expect(cost?.[1]).toContain("55.04 -> 55.04 USD/h since 00:00 UTC");
    expect(cost?.[1]).toContain("1,320.96 USD in 24 h if left");
  });

  it.each([{}, { points: [] }, { points: [["never", 1, 1, 1]] }, { points: "none" }])("shows nothing for %j", (one) =>
    expect(capacityRows(one)).toEqual([]),
  );

  it("shows foreign text as it is safe on a terminal", () =>
    expect(capacityRows({ ...capacity, prices: "\u001b[31m" }).join()).not.toContain("\u001b"));
});
