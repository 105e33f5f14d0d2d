import { describe, expect, it } from "vitest";
import { parseYaml, yamlLimits } from "../../../adapters/local/yaml.ts";
import { type Located, plain, printProblem } from "../../../core/event/located.ts";

function documentsOf(text: string): readonly Located[] {
  const parsed = parseYaml("x.yaml", text);
  if (!parsed.ok) throw new Error(parsed.problems.map(printProblem).join("\n"));
  return parsed.documents;
}

function problemsOf(text: string): readonly string[] {
  const parsed = parseYaml("x.yaml", text);
  return parsed.ok ? [] : parsed.problems.map(printProblem);
}

describe("what parses", () => {
  it("keeps the line and column of every key and value", () => {
    expect(documentsOf("# a comment\na:\n  - b: 'x'\n")).toEqual([
      {
        kind: "mapping",
        place: { file: "x.yaml", line: 2, column: 1 },
        entries: [
          {
            key: "a",
            place: { file: "x.yaml", line: 2, column: 1 },
            value: {
              kind: "list",
              place: { file: "x.yaml", line: 3, column: 3 },
              items: [
                {
                  kind: "mapping",
                  place: { file: "x.yaml", line: 3, column: 5 },
                  entries: [
                    {
                      key: "b",
                      place: { file: "x.yaml", line: 3, column: 5 },
                      value: { kind: "text", place: { file: "x.yaml", line: 3, column: 8 }, text: "x" },
                    },
                  ],
                },
              ],
            },
          },
        ],
      },
    ]);
  });
  it("keeps a number as it was written", () => {
    const [document] = documentsOf("[012345678901, 1e3, 9007199254740993, -0.50]");
    const written =
      document?.kind === "list" ? document.items.map((one) => (one.kind === "number" ? one.written : one)) : [];
    expect(written).toEqual(["012345678901", "1e3", "9007199254740993", "-0.50"]);
  });
  it("reads YAML 1.2: yes, a date and 1_000 are text", () => {
    const [document] = documentsOf("[yes, 2026-11-20T00:00:00Z, 1_000, true, null, ~, '']");
    expect(document && plain(document)).toEqual(["yes", "2026-11-20T00:00:00Z", "1_000", true, null, null, ""]);
  });
  it("reads JSON, tabs and escapes included", () => {
    const value = { a: ['"\\/\u0001é', "\u{1f600}", 1, -2.5e3, true, null], "b:c": { "": {} } };
    for (const text of [JSON.stringify(value), JSON.stringify(value, null, "\t")]) {
      const [document] = documentsOf(text);
      expect(document && plain(document)).toEqual(value);
    }
  });
  it("reads several documents and leaves empty ones out", () => {
    expect(documentsOf("a: 1\n---\n---\n# nothing\n---\nb: 2\n...\n").map(plain)).toEqual([{ a: 1 }, { b: 2 }]);
    expect([documentsOf(""), documentsOf("# only a comment\n"), documentsOf("\ufeff")]).toEqual([[], [], []]);
  });
  it("reads an alias as the value it names, with that value's place", () => {
    const [document] = documentsOf("a: &x [1]\nb: *x\nc: &x 2\nd: *x\n");
    expect(document && plain(document)).toEqual({ a: [1], b: [1], c: 2, d: 2 });
  });
});

describe("what is refused, with its place", () => {
  it.each([
    ["a: 1\nb: {c: 1, c: 2}\n", 'x.yaml:2:11: the key "c" is already written above: keep one of the two'],
    ["a: &x {b: 1}\nc:\n  <<: *x\n", "x.yaml:3:3: merge keys (<<) are no part of YAML 1.2: write the keys out"],
    ["a: !!js/function 'x'\n", "x.yaml:1:4: Unresolved tag: tag:yaml.org,2002:js/function: write the plain value"],
    ["a: !env HOME\n", "x.yaml:1:4: Unresolved tag: !env: write the plain value"],
    ["? [a]\n: 1\n", "x.yaml:1:3: With stringKeys, all keys must be strings"],
    ["a: *x\n", "x.yaml:1:4: "],
    ["a: &x [*x]\n", "x.yaml:1:8: no finished value above is marked &x"],
    ["a: .inf\n", 'x.yaml:1:4: ".inf" is no text, number, true, false or null: write it in quotes'],
    ["%YAML 1.1\n---\na: 012\n", "x.yaml:2:1: write YAML 1.2: remove the %YAML directive"],
    ["a:\n\t- 1\n", "x.yaml:2:1: Tabs are not allowed as indentation: use spaces"],
    ["a: [1\nb: 2\n", "x.yaml:2:1: "],
    ["a: b: c\n", "x.yaml:1:4: "],
    ['a: "unfinished\n', "x.yaml:2:1: "],
  ])("%j", (text, expected) => expect(problemsOf(text)[0]).toContain(expected));

  it("names every problem of the file, not the first", () =>
    expect(problemsOf("a: 1\na: 2\nb: !x 1\nb: 2\n")).toHaveLength(3));
});

describe("what could exhaust the reader", () => {
  const bomb = (levels: number) =>
    `a0: &a0 [x, x, x, x, x, x, x, x, x]\n${Array.from({ length: levels }, (_, i) => `a${i + 1}: &a${i + 1} [${`*a${i}, `.repeat(9)}]`).join("\n")}\n`;
  it("an alias bomb is refused; a few aliases of aliases are not", () => {
    expect(problemsOf(bomb(2))).toEqual([]);
    expect(problemsOf(bomb(20))[0]).toContain("the aliases stand for more than 50000 values");
  });
  it.each([
    ["lists in lists", "[".repeat(yamlLimits.depth + 1)],
    ["a hundred thousand lists in lists", "[".repeat(100_000)],
    ["mappings in mappings", "{a: ".repeat(100_000)],
    ["block lists", "- ".repeat(20_000)],
    ["keys that are keys", "? ".repeat(20_000)],
  ])("%s are refused as too deep", (_, text) => expect(problemsOf(text)[0]).toContain("nested deeper than 64 levels"));
  it("64 levels are read", () => expect(problemsOf("[".repeat(64) + "]".repeat(64))).toEqual([]));
  it.each([
    ["values", `[${"1,".repeat(yamlLimits.nodes)}]`, "more than 50000 values"],
    [
      "keys of a mapping",
      Array.from({ length: 2_001 }, (_, i) => `k${i}: 1`).join("\n"),
      "the mapping has more than 2000 keys",
    ],
    ["items of a list", `[${"1,".repeat(10_001)}]`, "the list has more than 10000 items"],
    ["documents", "---\na: 1\n".repeat(1_001), "more than 1000 documents"],
    ["bytes", `#${"x".repeat(yamlLimits.bytes)}`, "larger than 1048576 bytes"],
  ])("too many %s are refused", (_, text, because) => expect(problemsOf(text)[0]).toContain(because));
});
