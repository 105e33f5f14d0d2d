import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical } from "../../../core/event/canonical.ts";
import type { ItemSink } from "../../../core/event/items.ts";
import { readWhole, textReader } from "../../../core/event/text-reader.ts";
import { chain, envelope, lookupEntry, record } from "../../fixtures/records.ts";
import { inPieces, whole } from "./item-log.ts";

const records = JSON.parse(JSON.stringify([...chain(), record(), envelope(record())])) as readonly unknown[];
const texts = records.map((one) => JSON.stringify(one));
const listed = texts.map((text, i) => `#${i} ${text}`);
const lined = texts.map((text, i) => `:${i + 1} ${text}`);
const single = `#0 ${texts[0]}`;
const deep = (levels: number): string => `${"[".repeat(levels)}${"]".repeat(levels)}`;

const forms: readonly (readonly [form: string, text: string, lines: readonly string[]])[] = [
  ["a log file", `{"Records":[${texts.join(",")}]}`, listed],
  ["an indented log file", JSON.stringify({ Records: records }, null, 2), listed],
  ["an array", `[${texts.join(",")}]`, listed],
  ["an indented array with a BOM", `\ufeff${JSON.stringify(records, null, "\t")}\n`, listed],
  ["NDJSON", `${texts.join("\n")}\n`, lined],
  ["NDJSON that ends without a line break", texts.join("\n"), lined],
  ["NDJSON with CRLF", texts.map((text) => `${text}\r\n`).join(""), lined],
  ["NDJSON with a BOM", `\ufeff${texts.join("\n")}`, lined],
  ["NDJSON with blank lines", `\n\n${texts[0]}\n  \n${texts[1]}\n\n`, [`:3 ${texts[0]}`, `:5 ${texts[1]}`]],
  ["one record", `${texts[0]}`, [`:1 ${texts[0]}`]],
  ["one record, indented", JSON.stringify(records[0], null, 2), [single]],
  [
    "one record, indented, with a BOM and CRLF",
    `\ufeff${JSON.stringify(records[0], null, 2).replaceAll("\n", "\r\n")}`,
    [single],
  ],
  ["one envelope, indented", JSON.stringify(records[4], null, 2), [`#0 ${texts[4]}`]],
  [
    "a LookupEvents page",
    JSON.stringify({ Events: [lookupEntry(record())], NextToken: "x[{" }),
    [`#0 ${JSON.stringify(lookupEntry(record()))}`],
  ],
  [
    "a LookupEvents page that begins with its token",
    `{"NextToken":"a","Events":[${texts.join(",")}]}`,
    texts.map((text) => `:1 ${text}`),
  ],
  ["an indented page that begins with its token", JSON.stringify({ NextToken: "a", Events: records }, null, 1), listed],
  [
    "log files one after the other",
    `{"Records":[${texts[0]}]}{"Records":[${texts[1]},${texts[2]}]}\n{"Records":[]}`,
    listed.slice(0, 3),
  ],
  ["arrays one after the other", `[${texts[0]}]\n[${texts[1]}]`, listed.slice(0, 2)],
  ["a log file, then records in lines", `{"Records":[${texts[0]}]}\n${texts[1]}\n${texts[2]}\n`, listed.slice(0, 3)],
  [
    "records that hold lists of records",
    `[${JSON.stringify({ a: 1, b: [{ a: 2 }, { a: 3 }] })},{"a":4}]`,
    ['#0 {"a":1,"b":[{"a":2},{"a":3}]}', '#1 {"a":4}'],
  ],
  [
    "texts that look like the end of a record",
    '[{"a":"},{\\"a\\":1}]"},{"a":"]}"}]',
    ['#0 {"a":"},{\\"a\\":1}]"}', '#1 {"a":"]}"}'],
  ],
  ["a list of other things", '[1,"a",null,[2],{}]', ["#0 1", '#1 "a"', "#2 null", "#3 [2]", "#4 {}"]],
  ["an empty log file", '{"Records":[]}', []],
  ["an empty page", '{ "Events" : [ ] }', []],
  ["an empty array", "[]", []],
  ["nothing", "", []],
  ["blanks", " \r\n\t\ufeff\n", []],
];

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

const broken: readonly (readonly [what: string, text: string, lines: readonly string[]])[] = [
  [
    "a line",
    `${texts[0]}\n{"eventVersion":\n${texts[1]}`,
    [`:1 ${texts[0]}`, ":2 broken: not valid JSON", `:3 ${texts[1]}`],
  ],
  ["the first line", `oops\n${texts[0]}`, [":1 broken: not valid JSON", `:2 ${texts[0]}`]],
  [
    "an element",
    `[${texts[0]},{"eventVersion":oops},${texts[1]}]`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", `#2 ${texts[1]}`],
  ],
  ["the first element", `{"Records":[oops,${texts[0]}]}`, ["#0 broken: not valid JSON", `#1 ${texts[0]}`]],
  ["the last element", `{"Records":[${texts[0]},{"eventVersion":}]}`, [`#0 ${texts[0]}`, "#1 broken: not valid JSON"]],
  [
    "an element with a brace too many",
    `[${texts[0]}},${texts[1]},${texts[2]}]`,
    ["#0 broken: not valid JSON", `#1 ${texts[1]}`, `#2 ${texts[2]}`],
  ],
  [
    "an element without its brace",
    `{"Records":[${texts[0]},{"eventVersion":"1.0",${texts[1]},${texts[2]}]}`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", `#2 ${texts[1]}`, `#3 ${texts[2]}`],
  ],
  [
    "an element with an open quote",
    `{"Records":[${texts[0]},{"eventVersion":"1.0},${texts[1]},${texts[2]}]}`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", `#2 ${texts[1]}`, `#3 ${texts[2]}`],
  ],
  [
    "an element in an indented file",
    JSON.stringify([1, { a: 7 }, 2], null, 2).replace("7", "oops"),
    ["#0 1", "#1 broken: not valid JSON", "#2 2"],
  ],
  [
    "the end of a log file",
    `{"Records":[${texts[0]},${texts[1]?.slice(0, 90)}`,
    [`#0 ${texts[0]}`, "#1 broken: not valid JSON", "#2 broken: the file ends before its list is closed"],
  ],
  ["the closing bracket", `[${texts[0]}`, [`#0 ${texts[0]}`, "#1 broken: the file ends before its list is closed"]],
  ["one indented document", '{\n  "a": oops\n}', ["#0 broken: not valid JSON"]],
  [
    "what stands behind a log file",
    `{"Records":[${texts[0]}]} oops oops`,
    [`#0 ${texts[0]}`, "#1 broken: something that is not JSON stands behind a document"],
  ],
  [
    "what stands behind an array",
    `[${texts[0]}] oops`,
    [`#0 ${texts[0]}`, "#1 broken: something that is not JSON stands behind a document"],
  ],
];

describe("reading what is broken", () => {
  it.each(broken)("given a break in %s, says where and reads the rest", (_, text, lines) => {
    expect(whole(text)).toEqual({ form: "read", lines });
    expect(inPieces([text])).toEqual({ form: "read", lines });
  });

  it("given a file that is cut off inside a record, takes nothing inside it for a record", () => {
    const nested = JSON.stringify({
      eventVersion: "1.0",
      requestParameters: { list: [{ x: 1 }, { eventVersion: "forged" }, 1, 2] },
    });
    const cut = `{"Records":[${nested},${nested.slice(0, -4)}`;
    expect(inPieces([cut]).lines.filter((line) => line.includes("forged"))).toHaveLength(1);
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
  const all = [...forms, ...broken].filter(([, text]) => text.length > 1);
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
