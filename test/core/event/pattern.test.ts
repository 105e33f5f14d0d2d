import { existsSync, readFileSync } from "node:fs";
import { resolve } from "node:path";
import { gunzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { matches } from "../../../core/event/pattern/matches.ts";
import { parsePattern } from "../../../core/event/pattern/parse.ts";

const says = (pattern: unknown, event: unknown): "match" | "no_match" | "invalid" => {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) return "invalid";
  return matches(parsed.pattern, event) ? "match" : "no_match";
};

type Row = readonly [title: string, pattern: unknown, fits: readonly unknown[], misses: readonly unknown[]];

const rows: readonly Row[] = [
  ["an exact string", { a: ["x"] }, [{ a: "x" }, { a: ["y", "x"] }], [{ a: "X" }, { a: 1 }, {}, { a: [] }, { a: {} }]],
  ["an exact number", { a: [300] }, [{ a: 300 }, { a: 300.0000001 }], [{ a: "300" }, { a: 300.000001 }, { a: 301 }]],
  ["an account number as a number", { a: [111122223333] }, [{ a: 111122223333 }], [{ a: 111122223334 }]],
  ["true, and not the text", { a: [true] }, [{ a: true }], [{ a: "true" }, { a: false }, { a: 1 }]],
  ["null, and not an empty list", { a: [null] }, [{ a: null }, { a: [null] }], [{ a: [] }, { a: "" }, {}]],
  ["an empty string", { a: [""] }, [{ a: "" }], [{ a: null }, { a: "x" }, {}]],
  ["any of several values", { a: ["x", 1, null] }, [{ a: "x" }, { a: 1 }, { a: null }], [{ a: "y" }, { a: 2 }]],
  ["the explicit exact operator", { a: [{ exactly: "x" }] }, [{ a: "x" }], [{ a: "xx" }]],
  ["all fields", { a: ["x"], b: ["y"] }, [{ a: "x", b: "y", c: 1 }], [{ a: "x" }, { a: "x", b: "z" }]],
  ["an IPv6 address in any spelling", { a: ["2001:db8::1"] }, [{ a: "2001:DB8:0:0::1" }], [{ a: "2001:db8::2" }]],

  ["a prefix", { a: [{ prefix: "us-" }] }, [{ a: "us-east-1" }], [{ a: "US-east-1" }, { a: "us" }, { a: 5 }, {}]],
  ["an empty prefix: any string", { a: [{ prefix: "" }] }, [{ a: "" }, { a: "x" }], [{ a: 1 }, { a: null }, {}]],
  [
    "a prefix in any case",
    { a: [{ prefix: { "equals-ignore-case": "EventB" } }] },
    [{ a: "eventbridge" }, { a: "EVENTB" }],
    [{ a: "event" }, { a: "xeventb" }],
  ],
  [
    "a suffix",
    { a: [{ suffix: ".png" }] },
    [{ a: "x.png" }, { a: ".png" }],
    [{ a: ".PNG" }, { a: "x.png " }, { a: 1 }],
  ],
  [
    "a suffix in any case",
    { a: [{ suffix: { "equals-ignore-case": ".png" } }] },
    [{ a: "x.PnG" }],
    [{ a: "png" }, { a: "x.pn" }],
  ],
  [
    "equality in any case",
    { a: [{ "equals-ignore-case": "aLice" }] },
    [{ a: "ALICE" }, { a: "alice" }],
    [{ a: "alice " }, { a: "al\u0131ce" }, { a: 1 }],
  ],
  ["no look-alike letter as the other case", { a: [{ "equals-ignore-case": "k" }] }, [{ a: "K" }], [{ a: "\u212a" }]],
  ["letters beyond ASCII in any case", { a: [{ "equals-ignore-case": "Größe" }] }, [{ a: "GRÖßE" }], [{ a: "GROSSE" }]],

  [
    "a wildcard",
    { a: [{ wildcard: "/Users/*/doc.txt" }] },
    [{ a: "/Users/a/b/doc.txt" }, { a: "/Users//doc.txt" }],
    [{ a: "/Users/doc.txt" }, { a: "/Users/a/doc.txt.bak" }, { a: "x/Users/a/doc.txt" }, { a: 1 }],
  ],
  ["a lone star: any string", { a: [{ wildcard: "*" }] }, [{ a: "" }, { a: "x" }], [{ a: null }, { a: 1 }, {}]],
  ["a wildcard without a star", { a: [{ wildcard: "x" }] }, [{ a: "x" }], [{ a: "xx" }]],
  ["parts that do not overlap", { a: [{ wildcard: "ab*ba" }] }, [{ a: "abba" }], [{ a: "aba" }]],
  ["parts in their order", { a: [{ wildcard: "*b*a*" }] }, [{ a: "xbxax" }], [{ a: "xaxbx" }]],
  [
    "escaped stars and backslashes",
    { a: [{ wildcard: "a\\*b\\\\*" }] },
    [{ a: "a*b\\c" }],
    [{ a: "axb\\c" }, { a: "a*bc" }],
  ],
  [
    "a long part that nearly repeats",
    { a: [{ wildcard: "*abababababac*" }] },
    [{ a: "abababababababac" }, { a: "abababababacx" }],
    [{ a: "ababababababab" }, { a: "ababababac" }],
  ],
  ["a part that would reach into the end", { a: [{ wildcard: "*ab*bc" }] }, [{ a: "abbc" }], [{ a: "abc" }]],
  ["a part that nearly repeats", { a: [{ wildcard: "*aab*" }] }, [{ a: "aaab" }, { a: "aaaab-" }], [{ a: "aaa" }]],

  [
    "anything but a string",
    { a: [{ "anything-but": "x" }] },
    [{ a: "y" }, { a: null }, { a: 1 }],
    [{ a: "x" }, {}, { a: [] }],
  ],
  ["anything but, on a list", { a: [{ "anything-but": "x" }] }, [{ a: ["x", "y"] }], [{ a: ["x"] }]],
  ["anything but a number", { a: [{ "anything-but": 0 }] }, [{ a: 1 }, { a: "0" }, { a: 9e12 }], [{ a: 0 }, {}]],
  [
    "anything but a list",
    { a: [{ "anything-but": ["x", "y"] }] },
    [{ a: "z" }, { a: null }],
    [{ a: "x" }, { a: "y" }, {}],
  ],
  ["anything but numbers", { a: [{ "anything-but": [1, 2] }] }, [{ a: 3 }], [{ a: 1 }, { a: 2 }]],
  [
    "anything but a prefix",
    { a: [{ "anything-but": { prefix: "us-" } }] },
    [{ a: "eu" }, { a: 1 }],
    [{ a: "us-x" }, {}],
  ],
  [
    "anything but prefixes",
    { a: [{ "anything-but": { prefix: ["u", "e"] } }] },
    [{ a: "ap" }],
    [{ a: "us" }, { a: "eu" }],
  ],
  [
    "anything but suffixes",
    { a: [{ "anything-but": { suffix: [".a", ".b"] } }] },
    [{ a: "x.c" }],
    [{ a: "x.a" }, { a: "x.b" }],
  ],
  [
    "anything but a text in any case",
    { a: [{ "anything-but": { "equals-ignore-case": ["Stopped", "x"] } }] },
    [{ a: "running" }],
    [{ a: "STOPPED" }, { a: "X" }, {}],
  ],
  ["anything but a wildcard", { a: [{ "anything-but": { wildcard: "*/lib/*" } }] }, [{ a: "lib/x" }], [{ a: "/lib/" }]],

  ["a number equal", { a: [{ numeric: ["=", 301.8] }] }, [{ a: 301.8 }], [{ a: "301.8" }, { a: 301.9 }, { a: null }]],
  [
    "a number above",
    { a: [{ numeric: [">", 0] }] },
    [{ a: 0.000001 }, { a: 5e9 }],
    [{ a: 0 }, { a: -1 }, { a: 5e9 + 1 }],
  ],
  ["a number from", { a: [{ numeric: [">=", -5e9] }] }, [{ a: -5e9 }], [{ a: -5e9 - 1 }]],
  ["a number below", { a: [{ numeric: ["<", 10] }] }, [{ a: 9.999999 }, { a: -5e9 }], [{ a: 10 }]],
  ["a number up to", { a: [{ numeric: ["<=", 0.1] }] }, [{ a: 0.1 }], [{ a: 0.100001 }]],
  [
    "a range",
    { a: [{ numeric: [">", 0, "<=", 5] }] },
    [{ a: 5 }, { a: [9, 1] }],
    [{ a: 0 }, { a: 5.1 }, { a: [0, 9] }],
  ],

  [
    "a value that is there",
    { a: [{ exists: true }] },
    [{ a: null }, { a: false }, { a: [1] }],
    [{}, { a: [] }, { a: { b: 1 } }],
  ],
  ["a value that is absent", { a: [{ exists: false }] }, [{}, { a: [] }, { a: { b: 1 } }], [{ a: null }, { a: [1] }]],
  [
    "absence below something absent",
    { a: { b: { c: [{ exists: false }] } } },
    [{}, { a: 1 }, { a: { b: {} } }],
    [{ a: { b: { c: 1 } } }],
  ],
  ["a value or its absence", { a: [{ "anything-but": ["x"] }, { exists: false }] }, [{}, { a: "y" }], [{ a: "x" }]],

  [
    "an IPv4 block",
    { a: [{ cidr: "192.0.2.0/25" }] },
    [{ a: "192.0.2.0" }, { a: "192.0.2.127" }],
    [{ a: "192.0.2.128" }, { a: "x" }, { a: 1 }],
  ],
  [
    "a block written by one of its addresses",
    { a: [{ cidr: "192.0.2.77/24" }] },
    [{ a: "192.0.2.1" }],
    [{ a: "192.0.3.1" }],
  ],
  [
    "every IPv4 address",
    { a: [{ cidr: "0.0.0.0/0" }] },
    [{ a: "198.51.100.7" }],
    [{ a: "::1" }, { a: "1.2.3.4.5" }, { a: "01.2.3.4" }],
  ],
  [
    "an IPv6 block",
    { a: [{ cidr: "2001:db8::/33" }] },
    [{ a: "2001:db8:7fff::" }],
    [{ a: "2001:db8:8000::" }, { a: "192.0.2.1" }],
  ],

  ["$or", { $or: [{ a: ["x"] }, { b: ["y"] }] }, [{ a: "x" }, { b: "y" }], [{ a: "y" }, {}]],
  ["$or with others", { c: [1], $or: [{ a: ["x"] }, { b: ["y"] }] }, [{ c: 1, b: "y" }], [{ b: "y" }, { c: 1 }]],
  [
    "$or below a field, and inside $or",
    { a: { $or: [{ b: [1] }, { c: [2], $or: [{ d: [3] }, { e: [4] }] }] } },
    [{ a: { b: 1 } }, { a: { c: 2, e: 4 } }],
    [{ a: { c: 2 } }, { a: { d: 3 } }, { b: 1 }],
  ],

  [
    "elements of a list of objects",
    { a: { b: [1] } },
    [{ a: [{ b: 2 }, { b: 1 }] }, { a: [[{ b: 1 }]] }],
    [{ a: [{ c: 1 }, 1] }],
  ],
  [
    "fields of one element together",
    { a: { b: [1], c: [2] } },
    [{ a: [{ b: 0 }, { b: 1, c: 2 }] }],
    [
      { a: [{ b: 1 }, { c: 2 }] },
      {
        a: [
          { b: 1, c: 0 },
          { b: 0, c: 2 },
        ],
      },
      { a: [[{ b: 1 }], [{ c: 2 }]] },
    ],
  ],
  [
    "fields of different lists apart",
    { a: { b: [1] }, c: { d: [2] } },
    [{ a: [{ b: 0 }, { b: 1 }], c: [{ d: 2 }, { d: 0 }] }],
    [{ a: [{ b: 1 }], c: [] }],
  ],
  [
    "the element that a branch of $or chose",
    { a: { b: [1] }, $or: [{ a: { c: [2] } }, { d: [3] }] },
    [{ a: [{ b: 1, c: 2 }] }, { a: [{ b: 1 }], d: 3 }],
    [{ a: [{ b: 1 }, { c: 2 }] }],
  ],
  [
    "absence in the element that matched",
    { a: { b: [1], c: [{ exists: false }] } },
    [{ a: [{ b: 1 }, { c: 1 }] }],
    [{ a: [{ b: 1, c: 1 }] }, { a: [{ c: 1 }] }],
  ],
  [
    "absence in the whole list, when it is asked first",
    { a: { b: [{ exists: false }], c: [1] } },
    [{ a: [{ c: 1 }] }],
    [{ a: [{ c: 1 }, { b: 1 }] }],
  ],
  [
    "absence in a list of objects",
    { a: { b: [{ exists: false }] } },
    [{ a: [] }, { a: [{ c: 1 }] }],
    [{ a: [{ c: 1 }, { b: 1 }] }],
  ],
  ["lists of lists of values", { a: [1] }, [{ a: [[2], [[1]]] }], [{ a: [[2], { b: 1 }] }]],

  ["a dotted pattern", { "a.b": [1] }, [{ a: { b: 1 } }, { "a.b": 1 }, { a: [{ b: 1 }] }], [{ a: { c: 1 } }, { b: 1 }]],
  [
    "a dotted event",
    { a: { b: { c: [1] } } },
    [{ "a.b": { c: 1 } }, { a: { "b.c": 1 } }, { "a.b.c": 1 }, { "a.b": [{ c: 1 }] }],
    [{ "a.b": 1 }],
  ],
  ["either spelling in one event", { a: { b: [1] } }, [{ a: { b: 2 }, "a.b": 1 }], [{ a: { b: 2 }, "a.b": 3 }]],
  [
    "absence in either spelling",
    { a: { b: [{ exists: false }] } },
    [{ "a.c": 1 }],
    [{ a: {}, "a.b": 1 }, { "a.b": [[1]] }],
  ],
  ["the last of two spellings of one path", { a: { b: [1] }, "a.b": [2] }, [{ a: { b: 2 } }], [{ a: { b: 1 } }]],
  ["a key of the object prototype", { toString: [{ exists: false }] }, [{}], [{ toString: 1 }]],
  [
    "fields of the object prototype",
    { constructor: { name: [{ exists: true }] } },
    [{ constructor: { name: 1 } }],
    [{}],
  ],
  ["the prototype of the prototype", JSON.parse('{"__proto__":{"__proto__":[null]}}'), [], [{}, { a: 1 }]],
  [
    "the key __proto__",
    JSON.parse('{"__proto__":{"a":[{"exists":true}]}}'),
    [JSON.parse('{"__proto__":{"a":1}}')],
    [{}],
  ],
];

describe("a pattern", () => {
  it.each(rows)("asks for %s", (_, pattern, fits, misses) => {
    for (const event of fits) expect([event, says(pattern, event)]).toEqual([event, "match"]);
    for (const event of misses) expect([event, says(pattern, event)]).toEqual([event, "no_match"]);
  });

  it("matches no event that is not an object", () => {
    for (const event of [null, [], "x", 1, undefined]) expect(says({ a: [{ exists: false }] }, event)).toBe("no_match");
  });

  it("does not exhaust the stack on lists nested without end", () => {
    let nested: unknown = "x";
    for (let level = 0; level < 100_000; level++) nested = [nested];
    expect(says({ a: ["x"] }, { a: nested })).toBe("no_match");
    expect(says({ a: { b: ["x"] } }, { a: nested })).toBe("no_match");
    expect(says({ a: { b: { c: ["x"] } } }, { a: { "b.d": 1, b: nested }, "a.b": nested })).toBe("no_match");
  });
});

const open = resolve(import.meta.dirname, "../../../../shared/data/open/eventbridge_pattern_tests.open.jsonl.gz");
const present = existsSync(open);
if (!present) console.info("skipped: no pattern tests beside the repository (shared/data/open)");

describe.skipIf(!present)("the pattern tests checked against AWS", () => {
  const checked = present ? gunzipSync(readFileSync(open)).toString("utf8").trim().split("\n") : [];

  it("agree, all of them", () => {
    expect(checked.length).toBeGreaterThanOrEqual(63);
    for (const line of checked) {
      const { name, pattern, event, expected } = JSON.parse(line) as Record<string, unknown>;
      expect([name, says(pattern, event)]).toEqual([name, expected]);
    }
  });
});
