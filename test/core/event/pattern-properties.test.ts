import fc from "fast-check";
import { describe, it } from "vitest";
import { compileGlob, matchesGlob, readUnits } from "../../../core/event/pattern/glob.ts";
import { matches } from "../../../core/event/pattern/matches.ts";
import { parsePattern } from "../../../core/event/pattern/parse.ts";

type Tree = { readonly [key: string]: unknown };

const verdict = (pattern: unknown, event: unknown): boolean => {
  const parsed = parsePattern(pattern);
  if (!parsed.ok) throw new Error(`${parsed.where}: ${parsed.because} in ${JSON.stringify(pattern)}`);
  return matches(parsed.pattern, event);
};

const key = fc.constantFrom("a", "b", "c", "detail", "x.y", "__proto__");
const scalar = fc.oneof(
  fc.string({ maxLength: 8, unit: "binary" }),
  fc.integer({ min: -5e9, max: 5e9 }),
  fc.double({ min: -1e3, max: 1e3, noNaN: true }),
  fc.constantFrom(true, false, null, "192.0.2.1", "2001:db8::1"),
);
const { event: anyEvent } = fc.letrec<{ event: Tree; value: unknown }>((tie) => ({
  value: fc.oneof({ depthSize: "small" }, scalar, fc.array(tie("value"), { maxLength: 3 }), tie("event")),
  event: fc.array(fc.tuple(key, tie("value")), { minLength: 1, maxLength: 4 }).map(treeOf),
}));

/** As `JSON.parse` builds it: `__proto__` is a key like any other. */
function treeOf(entries: readonly (readonly [string, unknown])[]): Tree {
  const tree: Record<string, unknown> = {};
  for (const [name, value] of entries)
    Object.defineProperty(tree, name, { value, enumerable: true, configurable: true, writable: true });
  return tree;
}

/** Every scalar with the keys that lead to it; lists have no key of their own. */
function leaves(value: unknown, path: readonly string[] = []): readonly (readonly [readonly string[], unknown])[] {
  if (Array.isArray(value)) return value.flatMap((one: unknown) => leaves(one, path));
  if (typeof value !== "object" || value === null) return [[path, value]];
  return Object.entries(value).flatMap(([name, below]) => leaves(below, [...path, name]));
}

const asking = (path: readonly string[], tests: readonly unknown[]): unknown =>
  path.reduceRight<unknown>((below, name) => treeOf([[name, below]]), tests);

const oneLeaf = anyEvent.chain((event) => {
  const found = leaves(event);
  return found.length === 0 ? fc.constant(undefined) : fc.constantFrom(...found).map((leaf) => ({ event, leaf }));
});

const shuffled = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(shuffled);
  if (typeof value !== "object" || value === null) return value;
  return treeOf(
    Object.entries(value)
      .map(([name, below]): [string, unknown] => [name, shuffled(below)])
      .reverse(),
  );
};

describe("patterns", () => {
  it("made from any leaf of an event match it, nested or dotted, by value and by existence", () => {
    fc.assert(
      fc.property(oneLeaf, (drawn) => {
        if (drawn === undefined) return true;
        const { event, leaf } = drawn;
        const [path, value] = leaf;
        return (
          verdict(asking(path, [value]), event) &&
          verdict(asking([path.join(".")], [value]), event) &&
          verdict(asking(path, [{ exists: true }]), event) &&
          !verdict(asking(path, [{ exists: false }]), event)
        );
      }),
    );
  });

  it("with anything-but are the negation of the exact ones, on a present scalar", () => {
    const value = fc.oneof(fc.constantFrom("x", "y", "", "2001:db8::1"), fc.integer({ min: 0, max: 3 }));
    fc.assert(
      fc.property(value, fc.oneof(value, fc.constantFrom(true, null)), (excluded, found) => {
        const event = { a: { b: found } };
        return (
          verdict({ a: { b: [{ "anything-but": excluded }] } }, event) !== verdict({ a: { b: [excluded] } }, event)
        );
      }),
    );
  });

  it("say the same in whatever order their keys and the event's are", () => {
    const tests = fc.array(fc.oneof(scalar, fc.constantFrom({ exists: true }, { exists: false }, { prefix: "" })), {
      minLength: 1,
      maxLength: 2,
    });
    const name = fc.constantFrom("a", "b", "c", "detail");
    const inner = fc.dictionary(name, tests, { minKeys: 1, maxKeys: 3 });
    const or = fc.array(inner, { minLength: 2, maxLength: 2 }).map((branches) => ({ $or: branches }));
    const pattern = fc.dictionary(name, fc.oneof(tests, inner, or), { minKeys: 1, maxKeys: 3 });
    fc.assert(
      fc.property(pattern, anyEvent, (asked, event) => {
        const expected = verdict(asked, event);
        return verdict(shuffled(asked), event) === expected && verdict(asked, shuffled(event)) === expected;
      }),
    );
  });

  it("with several fields of a list match exactly when one element has them all", () => {
    const element = fc.record(
      { b: fc.integer({ min: 0, max: 2 }), c: fc.integer({ min: 0, max: 2 }) },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(fc.array(element, { maxLength: 4 }), (list) => {
        const one = list.some((each) => each.b === 1 && each.c === 2);
        return verdict({ a: { b: [1], c: [2] } }, { a: list }) === one;
      }),
    );
  });

  it("with wildcards agree with the slow definition of a star", () => {
    const slow = (units: readonly string[], text: string): boolean => {
      const [unit, ...rest] = units;
      if (unit === undefined) return text === "";
      if (unit !== "*") return text.startsWith(unit) && slow(rest, text.slice(1));
      return slow(rest, text) || (text !== "" && slow(units, text.slice(1)));
    };
    const text = (alphabet: string, maxLength: number) => fc.string({ unit: fc.constantFrom(...alphabet), maxLength });
    fc.assert(
      fc.property(text("aaaaab*", 16), text("aaab", 24), (drawn, subject) => {
        const wildcard = drawn.replace(/\*+/g, "*");
        const units = readUnits(wildcard, "$");
        return units.ok && matchesGlob(compileGlob(units.value), subject) === slow([...wildcard], subject);
      }),
      { numRuns: 2_000 },
    );
  });

  it("never throw on any JSON value, as a pattern or as an event", () => {
    const operator = fc.constantFrom(
      "prefix",
      "wildcard",
      "numeric",
      "anything-but",
      "cidr",
      "exists",
      "$or",
      "a",
      "__proto__",
    );
    const { value: anyValue } = fc.letrec<{ value: unknown }>((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        scalar,
        fc.array(tie("value"), { maxLength: 3 }),
        fc.array(fc.tuple(operator, tie("value")), { maxLength: 2 }).map(treeOf),
      ),
    }));
    fc.assert(
      fc.property(anyValue, anyValue, (pattern, event) => {
        const parsed = parsePattern(pattern);
        return parsed.ok ? typeof matches(parsed.pattern, event) === "boolean" : parsed.where.startsWith("$");
      }),
    );
  });
});
