import { describe, expect, it } from "vitest";
import { parsePattern } from "../../../core/event/pattern/parse.ts";

const refusal = (pattern: unknown): string => {
  const parsed = parsePattern(pattern);
  return parsed.ok ? "accepted" : parsed.where;
};

const deep = (levels: number): unknown => {
  let pattern: unknown = [1];
  for (let level = 0; level < levels; level++) pattern = { a: pattern };
  return pattern;
};

const refused: readonly (readonly [title: string, where: string, pattern: unknown])[] = [
  ["a list", "$", []],
  ["a string", "$", "x"],
  ["nothing", "$", null],
  ["an empty object", "$", {}],
  ["an empty object inside", "$.a", { a: {} }],
  ["a string that is not in a list", "$.a", { a: "x" }],
  ["null that is not in a list", "$.a.b", { a: { b: null } }],
  ["an empty list", "$.a", { a: [] }],
  ["a list in a list", "$.a[1]", { a: [1, ["x"]] }],
  ["an operator without a name", "$.a[0]", { a: [{}] }],
  ["two operators in one object", "$.a[0]", { a: [{ prefix: "x", suffix: "y" }] }],
  ["an unknown operator", "$.a[0].matches", { a: [{ matches: "x" }] }],
  ["an operator in the wrong case", "$.a[0].Prefix", { a: [{ Prefix: "x" }] }],
  ["a key that needs quoting", '$["a.b c"][0].prefix', { "a.b c": [{ prefix: 1 }] }],

  ["a prefix that is a number", "$.a[0].prefix", { a: [{ prefix: 1 }] }],
  ["a suffix that is a list", "$.a[0].suffix", { a: [{ suffix: ["x"] }] }],
  ["a prefix over another operator", "$.a[0].prefix.wildcard", { a: [{ prefix: { wildcard: "x" } }] }],
  ["a prefix over nothing", "$.a[0].prefix", { a: [{ prefix: {} }] }],
  [
    "a caseless prefix of a number",
    "$.a[0].prefix.equals-ignore-case",
    { a: [{ prefix: { "equals-ignore-case": 1 } }] },
  ],
  ["a caseless number", "$.a[0].equals-ignore-case", { a: [{ "equals-ignore-case": 1 }] }],
  ["a caseless list", "$.a[0].equals-ignore-case", { a: [{ "equals-ignore-case": ["x"] }] }],
  ["existence of a string", "$.a[0].exists", { a: [{ exists: "true" }] }],
  ["an exact number in its operator", "$.a[0].exactly", { a: [{ exactly: 1 }] }],

  ["anything but null", "$.a[0].anything-but", { a: [{ "anything-but": null }] }],
  ["anything but true", "$.a[0].anything-but", { a: [{ "anything-but": true }] }],
  ["anything but nothing", "$.a[0].anything-but", { a: [{ "anything-but": [] }] }],
  ["anything but a mix", "$.a[0].anything-but[1]", { a: [{ "anything-but": ["x", 1] }] }],
  ["anything but a list with null", "$.a[0].anything-but[1]", { a: [{ "anything-but": ["x", null] }] }],
  ["anything but a number out of range", "$.a[0].anything-but", { a: [{ "anything-but": 5e9 + 1 }] }],
  ["anything but an object without key", "$.a[0].anything-but", { a: [{ "anything-but": {} }] }],
  ["anything but two operators", "$.a[0].anything-but", { a: [{ "anything-but": { prefix: "x", suffix: "y" } }] }],
  ["anything but existence", "$.a[0].anything-but.exists", { a: [{ "anything-but": { exists: true } }] }],
  ["anything but an empty prefix", "$.a[0].anything-but.prefix", { a: [{ "anything-but": { prefix: "" } }] }],
  [
    "anything but an empty suffix among others",
    "$.a[0].anything-but.suffix[1]",
    { a: [{ "anything-but": { suffix: ["x", ""] } }] },
  ],
  ["anything but no prefix", "$.a[0].anything-but.prefix", { a: [{ "anything-but": { prefix: [] } }] }],
  [
    "anything but a caseless prefix",
    "$.a[0].anything-but.prefix",
    { a: [{ "anything-but": { prefix: { "equals-ignore-case": "x" } } }] },
  ],
  [
    "anything but a wildcard that is a number",
    "$.a[0].anything-but.wildcard",
    { a: [{ "anything-but": { wildcard: 1 } }] },
  ],
  ["anything but a doubled star", "$.a[0].anything-but.wildcard", { a: [{ "anything-but": { wildcard: "a**" } }] }],

  ["a wildcard that is a number", "$.a[0].wildcard", { a: [{ wildcard: 1 }] }],
  ["a doubled star", "$.a[0].wildcard", { a: [{ wildcard: "a**b" }] }],
  ["an escaped letter", "$.a[0].wildcard", { a: [{ wildcard: "\\a" }] }],
  ["a backslash at the end", "$.a[0].wildcard", { a: [{ wildcard: "a\\" }] }],
  ["a wildcard that AWS calls too complex", "$.a", { a: [{ wildcard: "*:*:*:*:*:event-bus/*" }] }],
  ["a negated wildcard that is too complex", "$.a", { a: [{ "anything-but": { wildcard: "*a*a*a*a*a*" } }] }],
  [
    "wildcards that are too complex together",
    "$.a",
    { a: ["b", "c", "d", "e", "f"].map((x) => ({ wildcard: `*/x/*.${x}` })) },
  ],
  ["six wildcards behind one beginning", "$.a", { a: [..."123456"].map((x) => ({ wildcard: `ab*${x}` })) }],

  ["numeric with a string", "$.a[0].numeric", { a: [{ numeric: ">1" }] }],
  ["numeric with nothing", "$.a[0].numeric[0]", { a: [{ numeric: [] }] }],
  ["an unknown comparator", "$.a[0].numeric[0]", { a: [{ numeric: ["==", 1] }] }],
  ["a comparator alone", "$.a[0].numeric[1]", { a: [{ numeric: [">"] }] }],
  ["a comparison with a string", "$.a[0].numeric[1]", { a: [{ numeric: [">", "1"] }] }],
  ["a comparison out of range", "$.a[0].numeric[1]", { a: [{ numeric: ["<", 5e9 + 1] }] }],
  ["a second comparator alone", "$.a[0].numeric[3]", { a: [{ numeric: [">", 0, "<"] }] }],
  ["an upper bound first", "$.a[0].numeric[2]", { a: [{ numeric: ["<", 5, ">", 0] }] }],
  ["two lower bounds", "$.a[0].numeric[2]", { a: [{ numeric: [">", 0, ">", 1] }] }],
  ["something after equality", "$.a[0].numeric[2]", { a: [{ numeric: ["=", 0, "<", 1] }] }],
  ["bounds that leave nothing", "$.a[0].numeric", { a: [{ numeric: [">", 5, "<", 5] }] }],
  ["three bounds", "$.a[0].numeric[4]", { a: [{ numeric: [">", 0, "<", 5, "<", 6] }] }],

  ["a block that is a list", "$.a[0].cidr", { a: [{ cidr: ["192.0.2.0/24"] }] }],
  ["a block without bits", "$.a[0].cidr", { a: [{ cidr: "192.0.2.0" }] }],
  ["a block that is no address", "$.a[0].cidr", { a: [{ cidr: "192.0.2/24" }] }],
  ["a byte too large", "$.a[0].cidr", { a: [{ cidr: "192.0.2.256/24" }] }],
  ["a leading zero", "$.a[0].cidr", { a: [{ cidr: "192.0.02.0/24" }] }],
  ["bits with a sign", "$.a[0].cidr", { a: [{ cidr: "192.0.2.0/+4" }] }],
  ["a second slash", "$.a[0].cidr", { a: [{ cidr: "192.0.2.0/24/1" }] }],
  ["a block of one address", "$.a[0].cidr", { a: [{ cidr: "192.0.2.1/32" }] }],
  ["a gap that stands for nothing", "$.a[0].cidr", { a: [{ cidr: "1:2:3:4::5:6:7:8/32" }] }],
  ["two gaps", "$.a[0].cidr", { a: [{ cidr: "2001::db8::/32" }] }],
  ["too few groups", "$.a[0].cidr", { a: [{ cidr: "2001:db8:1/32" }] }],
  ["a group too long", "$.a[0].cidr", { a: [{ cidr: "2001:0db80::/32" }] }],
  ["too many IPv6 bits", "$.a[0].cidr", { a: [{ cidr: "2001:db8::/128" }] }],

  ["$or with an object", "$.$or", { $or: { a: [1], b: [2] } }],
  ["$or with one branch", "$.a.$or", { a: { $or: [{ b: [1] }] } }],
  ["$or with a string", "$.$or[1]", { $or: [{ a: [1] }, "b"] }],
  ["$or with an empty branch", "$.$or[1]", { $or: [{ a: [1] }, {}] }],
  ["$or over operators", "$.$or[0].numeric", { $or: [{ numeric: [1] }, { prefix: ["x"] }] }],
  ["an operator's name as a field inside $or", "$.$or[1].b.prefix", { $or: [{ a: [1] }, { b: { prefix: ["x"] } }] }],
  [
    "more than 1,000 combinations",
    "$.k9.$or",
    Object.fromEntries([...Array(10).keys()].map((i) => [`k${i}`, { $or: [{ a: [1] }, { b: [1] }] }])),
  ],
  ["more than 4,096 characters", "$", { a: ["x".repeat(4_087)] }],
  ["more than 64 levels", `$${".a".repeat(65)}`, deep(65)],
];

const accepted: readonly (readonly [title: string, pattern: unknown])[] = [
  ["one star after another part", { a: [{ wildcard: "*a*b*c*" }] }],
  ["two wildcards that share their start", { a: [{ wildcard: "*/x/*.a" }, { wildcard: "*/x/*.b" }] }],
  ["an operator's name as a field outside $or", { prefix: ["x"], numeric: { cidr: [1] } }],
  ["three wildcards of complexity 9", { a: ["A", "B", "C"].map((x) => ({ wildcard: `*:stack/${x}/*` })) }],
  [
    "six of them in one list of anything-but",
    { a: [{ "anything-but": { wildcard: [..."123456"].map((x) => `ab*${x}`) } }] },
  ],
  ["a wildcard of complexity 10", { a: [{ wildcard: "a*a*a*a*a*a" }] }],
  ["an empty wildcard", { a: [{ wildcard: "" }] }],
  ["an empty caseless text", { a: [{ "equals-ignore-case": "" }] }],
  [
    "512 combinations",
    Object.fromEntries([...Array(9).keys()].map((i) => [`k${i}`, { $or: [{ a: [1] }, { b: [1] }] }])),
  ],
  ["4,096 characters", { a: ["x".repeat(4_086)] }],
  ["64 levels", deep(64)],
];

describe("what AWS refuses is refused with its place", () => {
  it.each(refused)("%s", (_, where, pattern) => expect(refusal(pattern)).toBe(where));

  it("and with a reason", () => {
    for (const [, , pattern] of refused)
      expect(parsePattern(pattern)).toHaveProperty("because", expect.stringMatching(/\w{3}/));
  });

  it.each(accepted)("accepts %s", (_, pattern) => expect(refusal(pattern)).toBe("accepted"));
});
