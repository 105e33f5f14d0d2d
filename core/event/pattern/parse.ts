import { isObject, type JsonObject } from "../json.ts";
import { type Fields, plant } from "./branch.ts";
import { tooComplex, type WildcardGroup } from "./complexity.ts";
import { readUnits } from "./glob.ts";
import { readTest } from "./operator.ts";
import type { Pattern, Test } from "./pattern.ts";
import { below, element, type Read, type Refusal, read, readAll, refuse } from "./refusal.ts";

/** A pattern ready for `matches`, or why AWS would not take it and where that is. */
export type ParsedPattern = { readonly ok: true; readonly pattern: Pattern } | Refusal;

/** The default quota of `PutRule` and the longest pattern AWS ever accepts, in characters; alternatives by `$or`; levels. */
export const patternLimits = { quota: 2_048, longest: 4_096, alternatives: 1_000, depth: 64 } as const;

/** Reads an EventBridge event pattern from its parsed JSON and compiles it. What AWS refuses is refused, with the place. */
export function parsePattern(value: unknown): ParsedPattern {
  if (!isObject(value)) return refuse("$", "an event pattern is a JSON object");
  const length = JSON.stringify(value).length;
  if (length > patternLimits.longest)
    return refuse("$", `the pattern has ${length} characters; AWS accepts ${patternLimits.longest} at most`);
  const alternatives = readObject(value, { prefix: "", where: "$", inOr: false }, [{ kind: "none" }]);
  if (!alternatives.ok) return alternatives;
  return { ok: true, pattern: { alternatives: alternatives.value.map(plant), length } };
}

interface Place {
  /** The dotted path of the fields so far, with a dot at its end when it is not empty. */
  readonly prefix: string;
  readonly where: string;
  readonly inOr: boolean;
}

/** Adds what an object asks to every alternative; `$or` multiplies them. */
function readObject(value: JsonObject, place: Place, before: readonly Fields[]): Read<readonly Fields[]> {
  const entries = Object.entries(value);
  if (entries.length === 0) return refuse(place.where, "an empty object; name at least one field");
  let alternatives = before;
  for (const [key, asked] of entries) {
    const where = below(place.where, key);
    const next =
      key === "$or"
        ? readOr(asked, { ...place, where }, alternatives)
        : readField(key, asked, { ...place, where }, alternatives);
    if (!next.ok) return next;
    alternatives = next.value;
  }
  return read(alternatives);
}

function readOr(value: unknown, place: Place, before: readonly Fields[]): Read<readonly Fields[]> {
  if (!Array.isArray(value)) return refuse(place.where, "$or takes a list of objects");
  const branches: readonly unknown[] = value;
  if (branches.length < 2) return refuse(place.where, "$or takes at least two objects");
  const alternatives: Fields[] = [];
  for (const [index, branch] of branches.entries()) {
    const where = element(place.where, index);
    if (!isObject(branch)) return refuse(where, "$or takes objects only");
    const forked = readObject(branch, { ...place, where, inOr: true }, before);
    if (!forked.ok) return forked;
    alternatives.push(...forked.value);
    if (alternatives.length > patternLimits.alternatives)
      return refuse(place.where, `the $or lists multiply to more than ${patternLimits.alternatives} combinations`);
  }
  return read(alternatives);
}

function readField(key: string, value: unknown, place: Place, before: readonly Fields[]): Read<readonly Fields[]> {
  if (place.inOr && reservedInOr.has(key))
    return refuse(place.where, "an operator's name cannot be a field inside $or; operators belong in a field's list");
  if ((place.prefix + key).split(".").length > patternLimits.depth)
    return refuse(place.where, `a field more than ${patternLimits.depth} levels down; no record is that deep`);
  if (isObject(value)) return readObject(value, { ...place, prefix: `${place.prefix}${key}.` }, before);
  const tests = readTests(value, place.where);
  if (!tests.ok) return tests;
  const path = place.prefix + key;
  return read(before.map((fields) => ({ kind: "field", path, tests: tests.value, before: fields })));
}

function readTests(value: unknown, where: string): Read<readonly Test[]> {
  if (!Array.isArray(value)) return refuse(where, `a field takes a list of values, such as ["running"], or an object`);
  const values: readonly unknown[] = value;
  if (values.length === 0) return refuse(where, "an empty list; name at least one value");
  const tests = readAll(values, (one, index) => readTest(one, element(where, index)));
  if (!tests.ok) return tests;
  return tooComplex(values.flatMap(wildcardsOf))
    ? refuse(where, "the wildcards are too complex for EventBridge; use fewer *, or less text that repeats after one")
    : tests;
}

/** The wildcards of one value of a list that was read without refusal. */
function wildcardsOf(value: unknown): readonly WildcardGroup[] {
  if (!isObject(value)) return [];
  const negated = value["anything-but"];
  const texts = isObject(negated) ? negated["wildcard"] : value["wildcard"];
  const units = (Array.isArray(texts) ? texts : [texts]).flatMap((text: unknown) => {
    const one = typeof text === "string" ? readUnits(text, "") : undefined;
    return one?.ok ? [one.value] : [];
  });
  return units.length === 0 ? [] : [units];
}

const reservedInOr: ReadonlySet<string> = new Set([
  ...["exactly", "equals-ignore-case", "prefix", "suffix", "anything-but", "exists", "wildcard", "numeric", "cidr"],
  ...["=", "<", "<=", ">", ">=", "regex", "not-wildcard", "not-equals-ignore-case"],
  ...["date-after", "date-on-or-after", "date-before", "date-on-or-before", "in-date-range"],
  ...["ip-address-in-range", "ip-address-not-in-range"],
]);
