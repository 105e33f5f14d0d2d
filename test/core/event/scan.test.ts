import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { listUnder, repeatedKey } from "../../../core/event/scan.ts";

describe("finding a repeated key", () => {
  it.each([
    ["at the top", '{"a":1,"b":2,"a":3}', "a"],
    ["inside a list", '[{"x":[{"b":1,"b":2}]}]', "b"],
    ["behind a nested object with the same key", '{"a":{"a":1},"b":1,"a":2}', "a"],
    ["spelled with an escape", '{"Action":1,"\\u0041ction":2}', "Action"],
    ["that holds a quote", '{"\\"":1,"\\"":2}', '"'],
    ["that is empty", '{"":1,"":2}', ""],
    ["named __proto__", '{"__proto__":1,"__proto__":2}', "__proto__"],
    ["across lines", '{\n  "a" : 1 ,\r\n\t"a" : 2\n}', "a"],
    ["behind a list of texts", '{"a":["b","c"],"a":1}', "a"],
  ])("finds one %s", (_, text, key) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(repeatedKey(text)).toBe(key);
  });

  it.each([
    ["different keys", '{"a":1,"b":2}'],
    ["the same key in two objects", '[{"a":1},{"a":2}]'],
    ["the same key on two levels", '{"a":{"a":{"a":[{"a":1}]}}}'],
    ["values that repeat", '{"a":"x","b":"x","c":["x","x","x"]}'],
    ["a text that looks like keys", '{"a":"\\"a\\":1,\\"a\\":2","b":"{\\"b\\":1"}'],
    ["keys that differ in case", '{"a":1,"A":2}'],
    ["a text that ends in a backslash", '{"a":"\\\\","b":"\\\\"}'],
    ["no object", '["a","a"]'],
    ["empty objects", '{"a":{},"b":{},"c":[]}'],
  ])("is quiet about %s", (_, text) => {
    expect(() => JSON.parse(text)).not.toThrow();
    expect(repeatedKey(text)).toBeUndefined();
  });

  it("is quiet about whatever JSON.stringify writes", () =>
    fc.assert(
      fc.property(fc.json(), (text) => repeatedKey(text) === undefined),
      { numRuns: 300 },
    ));

  it("does not end, and does not throw, on text that is cut off", () => {
    for (const text of ['{"a', '{"a\\', '{"a":1,"', "{", "[{", '{"\\x":1,"\\x":2}', '{"a":1,"a'])
      expect(() => repeatedKey(text)).not.toThrow();
  });
});

describe("finding the list under a key", () => {
  it.each([
    ['{"NextToken":"Records","Records":[1]}', "1]}"],
    ['{ "a" : {"Records":[0]}, "Records" :\n [1]}', "1]}"],
    ['{"\\u0052ecords":[1]}', "1]}"],
    ['{"Records":[0],"Records":[1]}', "1]}"],
  ])("finds it in %j", (text, rest) => expect(text.slice(listUnder(text, "Records"))).toBe(rest));

  it.each(['{"a":{"Records":[1]}}', '{"Records":{}}', '["Records",[1]]', "{}"])("finds none in %j", (text) =>
    expect(listUnder(text, "Records")).toBeUndefined(),
  );
});
