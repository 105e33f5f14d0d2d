import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "../../../core/event/canonical.ts";
import type { ItemSink } from "../../../core/event/items.ts";
import { readWhole, textReader } from "../../../core/event/text-reader.ts";
import { brokenForms, forms } from "./input-forms.ts";
import { inPieces, whole } from "./item-log.ts";

const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

describe("telling input forms apart by content", () => {
  it.each(forms)("reads %s", (_, text, lines) => {
    expect(whole(text)).toEqual({ form: "read", lines });
    expect(inPieces([text])).toEqual({ form: "read", lines });
  });

  it.each([["hello"], ["7"], ['"text"'], ["PNG\u0000\u0001\n\u0002"], ["a,b\n1,2\n"], ["<html></html>"]])(
    "says that %j is not JSON, and hands nothing on",
    (text) => {
      expect(whole(text)).toEqual({ form: "not-json", lines: [] });
      expect(inPieces([...text])).toEqual({ form: "not-json", lines: [] });
    },
  );
});

describe("the text of an item", () => {
  it.each(forms)("parses to that item, in %s", (_, text) => {
    const asked: boolean[] = [];
    const sink: ItemSink = {
      item: (value, raw) => asked.push(canonical(JSON.parse(raw())) === canonical(value)),
      broken: () => asked.push(false),
    };
    readWhole(text, sink);
    const reader = textReader(sink);
    reader.feed(text);
    reader.end();
    expect(asked.every((same) => same)).toBe(true);
  });

  it("still holds a key that stands twice, in every form that wraps it", () => {
    const twice = '{"eventVersion":"1.0","a":1,"a":2}';
    for (const text of [
      `[${twice}]`,
      `{"Records":[${twice},${twice}]}`,
      `{"x":1,"Records":[${twice}]}`,
      `${twice}\n${twice}`,
      `{"Records":[\n${twice}]}`,
    ]) {
      const raws: string[] = [];
      readWhole(text, { item: (_, raw) => raws.push(raw()), broken: () => raws.push("broken") });
      expect(new Set(raws.map((raw) => raw.trim()))).toEqual(new Set([twice]));
    }
  });
});

describe("reading what is broken", () => {
  it.each(brokenForms)("given a break in %s, says where and reads the rest", (_, text, lines) => {
    expect(whole(text)).toEqual({ form: "read", lines });
    expect(inPieces([text])).toEqual({ form: "read", lines });
  });

  it("given a file that is cut off inside a record, takes nothing inside it for a record", () => {
    const inside = [{ x: 1 }, { eventVersion: "forged" }, { eventVersion: "cut off" }];
    const nested = JSON.stringify({ eventVersion: "1.0", requestParameters: { inside } });
    const { lines } = inPieces([`{"Records":[${nested},${nested.slice(0, -8)}`]);
    expect(lines).toEqual([
      `#0 ${nested}`,
      "#1 broken: not valid JSON",
      "#2 broken: the file ends before its list is closed",
    ]);
  });

  it("never repeats the text that is broken: it may hold secrets", () => {
    for (const text of ['{"a":"hunter2"\n{}', '[{"a":"hunter2"', '[{"a":"hunter2}]'])
      expect(
        whole(text)
          .lines.filter((line) => line.includes("broken"))
          .join(),
      ).not.toContain("hunter2");
  });

  it("survives a million levels, wherever they stand", () => {
    const levels = deep(1_000_000);
    for (const text of [
      levels,
      `{"Records":[${levels},{"a":1}]}`,
      `{"x":1,"Records":[${levels}]}`,
      `{"a":${levels}}\n{"b":1}`,
      `{"Records":[${levels}`,
    ]) {
      let items = 0;
      const reader = textReader({ item: () => items++, broken: () => items++ });
      reader.feed(text);
      expect(reader.end()).toBe("read");
      expect(items).toBeGreaterThan(0);
    }
  });
});

describe("reading in pieces", () => {
  const all = [...forms, ...brokenForms].filter(([, text]) => text.length > 1);
  it.each(all)("cut at any two places, reads the same from %s", (_, text, lines) => {
    for (let at = 1; at < text.length; at += text.length > 1_500 ? 7 : 1)
      expect(inPieces([text.slice(0, at), text.slice(at)]), `cut at ${at}`).toEqual({ form: "read", lines });
    expect(inPieces([...text])).toEqual({ form: "read", lines });
    const cuts = fc.array(fc.integer({ min: 0, max: text.length }), { maxLength: 8 });
    fc.assert(
      fc.property(cuts, (places) => {
        const sorted = [0, ...places.sort((a, b) => a - b), text.length];
        const pieces = sorted.slice(1).map((end, i) => text.slice(sorted[i], end));
        expect(inPieces(pieces).lines).toEqual(lines);
      }),
      { numRuns: 20 },
    );
  });
});

describe("reading what is too long", () => {
  const filler = "x".repeat(1_048_576);
  it("given a line that never ends, says so, keeps nothing of it, and reads the next", () => {
    const log = inPieces([
      '{"a":1}\n',
      '{"b":"',
      ...Array.from({ length: 6 }, () => filler),
      '"}\n{"c":1}\n{"d":"',
      ...Array.from({ length: 6 }, () => filler),
    ]);
    expect(log.lines).toEqual([
      ':1 {"a":1}',
      ":2 broken: the line is longer than any limit",
      ':3 {"c":1}',
      ":4 broken: the line is longer than any limit",
    ]);
  });

  it("given an element that never ends, says so and reads the next", () => {
    const log = inPieces(['[{"a":"', ...Array.from({ length: 20 }, () => filler), '"},{"a":2}]']);
    expect(log.lines).toEqual(["#0 broken: the record is longer than any limit", '#1 {"a":2}']);
  });

  it("given megabytes that show no sign of JSON, says so once", () => {
    expect(inPieces(Array.from({ length: 6 }, () => filler))).toEqual({ form: "not-json", lines: [] });
    expect(inPieces(Array.from({ length: 70 }, () => `${filler}\n`))).toEqual({ form: "not-json", lines: [] });
  });
});
