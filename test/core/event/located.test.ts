import { describe, expect, it } from "vitest";
import {
  entryOf,
  inOrder,
  type Located,
  plain,
  printProblem,
  problemAt,
  quoted,
  textAt,
} from "../../../core/event/located.ts";

const place = (line: number, column = 1, file = "a.yaml") => ({ file, line, column });
const text = (value: string): Located => ({ kind: "text", place: place(1), text: value });
const mapping = (entries: Readonly<Record<string, Located>>): Located => ({
  kind: "mapping",
  place: place(1),
  entries: Object.entries(entries).map(([key, value]) => ({ key, place: place(1), value })),
});

describe("a located value", () => {
  const value = mapping({
    metadata: mapping({ name: text("bot") }),
    list: { kind: "list", place: place(2), items: [text("x")] },
  });
  it("gives its text at a path, and nothing off the path or through a prototype", () => {
    expect(textAt(value, "metadata", "name")).toBe("bot");
    expect([textAt(value, "metadata"), textAt(value, "list", "0"), textAt(value, "constructor", "name")]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(entryOf(value, "toString")).toBeUndefined();
  });
  it("becomes plain data without its places", () =>
    expect(plain(value)).toEqual({ metadata: { name: "bot" }, list: ["x"] }));
});

describe("problems", () => {
  it("print as file:line:column: message", () =>
    expect(printProblem(problemAt(place(7, 5), "unknown key"))).toBe("a.yaml:7:5: unknown key"));
  it("are sorted by place, lines as numbers, each once", () => {
    const shuffled = [place(10), place(9, 2), place(9, 10), place(9, 2), place(1, 1, "b.yaml")].map((at) =>
      problemAt(at, "x"),
    );
    expect(inOrder(shuffled).map(printProblem)).toEqual([
      "a.yaml:9:2: x",
      "a.yaml:9:10: x",
      "a.yaml:10:1: x",
      "b.yaml:1:1: x",
    ]);
  });
});

it("quoted() escapes control characters, cuts, and masks what looks like a secret", () => {
  expect(quoted('a"\u001b[2J\n')).toBe('"a\\"\\u001b[2J\\n"');
  expect(quoted("x".repeat(5_000)).length).toBeLessThan(300);
  expect(quoted(`ghp_${"a1".repeat(18)}`)).not.toContain("a1a1a1a1");
});
