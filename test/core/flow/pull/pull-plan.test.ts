import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { instant, parseInstant, printInstant } from "../../../../core/event/instant.ts";
import {
  dayPatterns,
  daysFrom,
  deliveredSince,
  lookupWindows,
  parseSince,
  spoken,
} from "../../../../core/flow/pull/pull-plan.ts";

const at = (text: string) => parseInstant(text) ?? instant(Number.NaN);
const now = at("2026-11-20T02:42:13Z");

describe("reading --since", () => {
  test.each([
    ["24h", "2026-11-19T02:42:13Z"],
    ["7d", "2026-11-13T02:42:13Z"],
    ["90m", "2026-11-20T01:12:13Z"],
    ["2026-11-20T00:00:00+01:00", "2026-11-19T23:00:00Z"],
  ])("reads %s", (text, expected) => {
    expect(printInstant(parseSince(text, now) ?? instant(0))).toBe(expected);
  });

  test.each([
    "",
    "24",
    "h",
    "-1h",
    "0h",
    "1.5h",
    "24 h",
    "24H",
    "1w",
    "yesterday",
    "2026-11-21T00:00:00Z",
    "999999d",
    "1999-01-01T00:00:00Z",
  ])("refuses %j", (text) => {
    expect(parseSince(text, now)).toBeUndefined();
  });
});

describe("the days whose folders are listed", () => {
  test("reach from the first to today, and across midnight where a delivery may fall", () => {
    expect(daysFrom(at("2026-11-19T02:42:13Z"), now)).toEqual(["2026/11/19", "2026/11/20"]);
    expect(daysFrom(at("2026-11-20T00:05:00Z"), now)).toEqual(["2026/11/19", "2026/11/20"]);
    expect(daysFrom(at("2024-02-28T12:00:00Z"), at("2024-03-01T12:00:00Z"))).toEqual([
      "2024/02/28",
      "2024/02/29",
      "2024/03/01",
    ]);
  });

  test("become one pattern where they fill a month", () => {
    expect(dayPatterns(daysFrom(at("2026-01-31T12:00:00Z"), at("2026-03-01T12:00:00Z")))).toEqual([
      "2026/01/31/*",
      "2026/02/*",
      "2026/03/01/*",
    ]);
  });

  test("a file is left out only when its minute is over a quarter of an hour early", () => {
    const since = at("2026-11-20T02:30:00Z");
    const named = (time: string) => `111122223333_CloudTrail_eu-west-1_20261120T${time}Z_Aa00000000000001.json.gz`;
    expect(deliveredSince(named("0213"), since)).toBe(false);
    expect(deliveredSince(named("0216"), since)).toBe(true);
    expect(deliveredSince("no-time.json.gz", since)).toBe(true);
  });
});

describe("the hours of a look-up", () => {
  test("are whole, the last one open until its records have settled", () => {
    const windows = lookupWindows(["eu-west-1"], at("2026-11-20T00:30:00Z"), at("2026-11-20T02:10:00Z"));
    expect(windows.map(({ from, to, settled }) => [printInstant(from), printInstant(to), settled])).toEqual([
      ["2026-11-20T00:00:00Z", "2026-11-20T00:59:59Z", true],
      ["2026-11-20T01:00:00Z", "2026-11-20T01:59:59Z", false],
      ["2026-11-20T02:00:00Z", "2026-11-20T02:10:00Z", false],
    ]);
  });

  test("never reach further back than the history", () => {
    const windows = lookupWindows(["eu-west-1"], at("2020-01-01T00:00:00Z"), now);
    expect(windows).toHaveLength(90 * 24 + 1);
  });

  test("hold every second of the time asked for exactly once, in every Region", () => {
    const seconds = fc.integer({ min: 0, max: 40 * 3600 });
    fc.assert(
      fc.property(seconds, seconds, (back, probe) => {
        const since = instant(now - back * 1000);
        const second = instant(Math.max(since, now - probe * 1000));
        const windows = lookupWindows(["eu-west-1", "eu-west-2"], since, now);
        const holding = windows.filter(({ from, to }) => from <= second && second <= to);
        expect(holding.map(({ region }) => region)).toEqual(["eu-west-1", "eu-west-2"]);
      }),
    );
  });
});

test("a span is spoken in the unit that fits", () => {
  expect([0, 12, 90, 5400].map(spoken)).toEqual(["1 s", "12 s", "2 min", "1 h 30 min"]);
});
