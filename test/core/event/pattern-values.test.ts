import { describe, expect, it } from "vitest";
import { valueReader } from "../../../core/event/pattern/values.ts";

const read = (...lines: readonly string[]): readonly unknown[] => {
  const reader = valueReader();
  const values = [...lines.flatMap((text) => reader.feed({ ok: true, text })), ...reader.end()];
  return values.map((one) => (one.ok ? [one.line, one.text] : [one.line]));
};

describe("the values of an input", () => {
  it("are its lines, word for word", () => {
    expect(read('{"a": 1}', "", ' {"b":2}\r')).toEqual([
      [1, '{"a": 1}'],
      [3, ' {"b":2}\r'],
    ]);
  });

  it("are one document when the first line opens one", () => {
    expect(read("", "{", '  "a": "}{",', '  "b\\"": [1]', "}")).toEqual([[2, '{"a":"}{","b\\"":[1]}']]);
    expect(read("[", '{"a":1},', '{"a":2}', "]")).toEqual([[1, '[{"a":1},{"a":2}]']]);
  });

  it("go on after a document, line by line", () => {
    expect(read("{", "}", '{"a":1}')).toEqual([
      [1, "{}"],
      [3, '{"a":1}'],
    ]);
  });

  it("name the lines that are not JSON and go on", () => {
    expect(read("what", '{"a":1}', '{"b":', '{"c":1}')).toEqual([[1], [2, '{"a":1}'], [3], [4, '{"c":1}']]);
  });

  it("are lines again when what looked like a document never ends", () => {
    expect(read('{"a":1,', '{"b":1}', "", '{"c":1}')).toEqual([[1], [2, '{"b":1}'], [4, '{"c":1}']]);
  });

  it("are lines at once when the first line breaks off inside a string", () => {
    const reader = valueReader();
    expect(reader.feed({ ok: true, text: '{"a":"b' })).toMatchObject([{ ok: false, line: 1 }]);
    expect(reader.feed({ ok: true, text: '{"a":1}' })).toMatchObject([{ ok: true, line: 2 }]);
  });

  it("hold nothing back for a later line that breaks off", () => {
    const reader = valueReader();
    reader.feed({ ok: true, text: "{}" });
    expect(reader.feed({ ok: true, text: '{"a":' })).toMatchObject([{ ok: false, line: 2 }]);
  });

  it("hand each line on as soon as it was read", () => {
    expect(valueReader().feed({ ok: true, text: "{}" })).toHaveLength(1);
  });

  it("count lines that are no text, inside a document too", () => {
    const reader = valueReader();
    expect(reader.feed({ ok: true, text: "{" })).toEqual([]);
    expect(reader.feed({ ok: false, because: "not UTF-8" })).toMatchObject([
      { ok: false, line: 1 },
      { ok: false, line: 2, because: "not UTF-8" },
    ]);
    expect(reader.feed({ ok: true, text: "1" })).toMatchObject([{ ok: true, line: 3 }]);
  });

  it("repeat nothing of a line that cannot be read", () => {
    const reader = valueReader();
    expect(JSON.stringify(reader.feed({ ok: true, text: "AKIAIOSFODNN7EXAMPLE" }))).not.toContain("AKIA");
  });
});
