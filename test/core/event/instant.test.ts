import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dayOf, instant, parseInstant, printInstant } from "../../../core/event/instant.ts";

const noon = Date.UTC(2026, 0, 31, 12, 0, 0);

describe("reading times", () => {
  it.each([
    ["CloudTrail's own spelling", "2026-01-31T12:00:00Z", noon],
    ["a fraction of one digit", "2026-01-31T12:00:00.5Z", noon + 500],
    ["milliseconds", "2026-01-31T12:00:00.123Z", noon + 123],
    ["finer fractions, cut and not rounded", "2026-01-31T12:00:00.123999999Z", noon + 123],
    ["a fraction of more digits than anyone needs", `2026-01-31T12:00:00.${"9".repeat(40)}Z`, noon + 999],
    ["an offset to the east", "2026-01-31T13:30:00+01:30", noon],
    ["an offset to the west", "2026-01-31T04:00:00-08:00", noon],
    ["an offset that is unknown", "2026-01-31T12:00:00-00:00", noon],
    ["lower case", "2026-01-31t12:00:00z", noon],
    ["a space, as UTC", "2026-01-31 12:00:00", noon],
    ["a space and a fraction", "2026-01-31 12:00:00.25", noon + 250],
    ["a space and a zone", "2026-01-31 12:00:00Z", noon],
    ["a leap day", "2024-02-29T00:00:00Z", Date.UTC(2024, 1, 29)],
    ["a leap day of a century", "2000-02-29T00:00:00Z", Date.UTC(2000, 1, 29)],
    ["the first instant", "1970-01-01T00:00:00Z", 0],
    ["the last second", "9999-12-31T23:59:59Z", Date.UTC(9999, 11, 31, 23, 59, 59)],
  ])("reads %s", (_, text, milliseconds) => expect(parseInstant(text)).toBe(milliseconds));

  it.each([
    ["30 February", "2026-02-30T12:00:00Z"],
    ["30 February with a space", "2026-02-30 12:00:00"],
    ["29 February of a common year", "2026-02-29T12:00:00Z"],
    ["29 February of a common century", "2100-02-29T12:00:00Z"],
    ["31 April", "2026-04-31T12:00:00.5Z"],
    ["day 0", "2026-01-00T12:00:00Z"],
    ["month 0", "2026-00-10T12:00:00Z"],
    ["month 13", "2026-13-01T12:00:00Z"],
    ["hour 24", "2026-01-31T24:00:00Z"],
    ["minute 60", "2026-01-31T12:60:00Z"],
    ["second 60", "2026-01-31T12:00:60Z"],
    ["a year before 1970", "1969-12-31T23:59:59Z"],
    ["an offset that leads before 1970", "1970-01-01T00:00:00+00:01"],
    ["an offset that leads beyond the year 9999", "9999-12-31T23:59:59-00:01"],
    ["an offset of 24 hours", "2026-01-31T12:00:00+24:00"],
    ["an offset of 60 minutes", "2026-01-31T12:00:00+00:60"],
    ["an offset without a colon", "2026-01-31T12:00:00+0100"],
    ["no zone", "2026-01-31T12:00:00"],
    ["an empty fraction", "2026-01-31T12:00:00.Z"],
    ["a date alone", "2026-01-31"],
    ["two digits of a year", "26-01-31T12:00:00Z"],
    ["letters where digits belong", "2026-01-3xT12:00:00Z"],
    ["other separators", "2026/01/31T12:00:00Z"],
    ["digits of another script", "２０26-01-31T12:00:00Z"],
    ["a space before", " 2026-01-31T12:00:00Z"],
    ["a line break behind", "2026-01-31T12:00:00Z\n"],
    ["nothing", ""],
    ["a number as text", "1"],
  ])("refuses %s", (_, text) => expect(parseInstant(text)).toBeUndefined());

  it.each([[noon], [null], [undefined], [{}], [["2026-01-31T12:00:00Z"]], [true]])(
    "refuses %j, which is no text",
    (value) => expect(parseInstant(value)).toBeUndefined(),
  );

  it("agrees with the calendar of the platform on every second, in every spelling", () => {
    const milliseconds = fc.integer({ min: 0, max: 253_402_300_799_999 });
    fc.assert(
      fc.property(milliseconds, (at) => {
        const text = new Date(at).toISOString();
        expect(parseInstant(text)).toBe(at);
        expect(parseInstant(`${text.slice(0, 19)}Z`)).toBe(Math.floor(at / 1_000) * 1_000);
        expect(parseInstant(text.replace("T", " ").slice(0, -1))).toBe(at);
        expect(parseInstant(printInstant(instant(at)))).toBe(at);
        expect(dayOf(instant(at))).toBe(text.slice(0, 10));
      }),
      { numRuns: 500 },
    );
  });

  it("prints milliseconds only where there are some", () => {
    expect(printInstant(instant(noon))).toBe("2026-01-31T12:00:00Z");
    expect(printInstant(instant(noon + 5))).toBe("2026-01-31T12:00:00.005Z");
  });
});
