import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { canonical, canonicalDigest } from "../../../core/event/canonical.ts";

describe("canonical JSON", () => {
  it("sorts keys at every level and leaves lists in their order", () =>
    expect(canonical({ b: [2, 1, { d: null, c: "x" }], a: true })).toBe('{"a":true,"b":[2,1,{"c":"x","d":null}]}'));

  it("is the same text for equal values, and parses to an equal value", () => {
    const value = fc.jsonValue({ maxDepth: 4 });
    fc.assert(
      fc.property(value, (one) => {
        const text = canonical(one);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(one)));
        expect(canonical(JSON.parse(text))).toBe(text);
      }),
      { numRuns: 300 },
    );
  });

  it("leaves out what JSON cannot say, as JSON does", () =>
    expect(canonical({ a: undefined, b: Number.POSITIVE_INFINITY })).toBe('{"b":null}'));

  it("makes lone surrogates well-formed first, so that text and bytes have one digest", () => {
    expect(canonical({ "\ud800": "\udfff" })).toBe('{"\ufffd":"\ufffd"}');
    expect(canonicalDigest("\ud83d\ude00")).not.toBe(canonicalDigest("\ud83d"));
  });

  it("keeps a key named __proto__", () =>
    expect(canonical(JSON.parse('{"__proto__":{"a":1}}'))).toBe('{"__proto__":{"a":1}}'));

  it("digests with SHA-256", () =>
    expect(canonicalDigest({})).toBe("44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a"));
});
