import type { Comparison, Condition } from "./condition.ts";
import type { Context } from "./context.ts";
import { compileGlob, type Glob, matchesGlob, star } from "./glob.ts";
import { addressOf, inNetwork, networkOf } from "./network.ts";
import { type PolicyVersion, resolve, type Template, templateOf } from "./template.ts";

/** Whether a condition holds for a request. */
export type ConditionTest = (context: Context) => boolean;

/**
 * Compiles a condition (IAM User Guide, "Condition operators" and "Set operators for multivalued context keys"):
 * - a key that is absent, or an empty list: false; true for a negated operator, `IfExists` and `ForAllValues`; false for
 *   `ForAnyValue` in any case;
 * - a list without a set operator: false, since single-valued operators do not take lists;
 * - a request's value that the operator cannot read (no number, no address): false, for negated operators too;
 * - a policy variable without a value: its value matches nothing, and a negated operator is false.
 */
export function conditionTest(condition: Condition, version: PolicyVersion): ConditionTest {
  const key = condition.key.toLowerCase();
  if (condition.comparison === "null") return nullTest(key, condition.values);
  const { negated, quantifier, ifExists } = condition;
  const matcherFor = matcherMaker(condition, version);
  return (context) => {
    const value = context(key);
    if (value === undefined || (value.length === 0 && typeof value !== "string")) {
      if (quantifier === "any") return false;
      return ifExists || quantifier === "all" || negated;
    }
    if (quantifier === "single" && typeof value !== "string") return false;
    const matcher = matcherFor(context);
    if (matcher === undefined) return false;
    const holds = (one: string): boolean => {
      const matched = matcher(one);
      return matched !== undefined && matched !== negated;
    };
    if (typeof value === "string") return holds(value);
    return quantifier === "any" ? value.some(holds) : value.every(holds);
  };
}

/** `"true"`: the key has to be absent; `"false"`: it has to be there. */
const nullTest =
  (key: string, values: readonly string[]): ConditionTest =>
  (context) => {
    const value = context(key);
    const absent = value === undefined || (typeof value !== "string" && value.length === 0);
    return values.some((wanted) => wanted.toLowerCase() === String(absent));
  };

/** Whether a request's value matches one of the policy's; nothing when it is no value for this operator. */
type Matcher = (value: string) => boolean | undefined;

/** The matcher for a request, or nothing when no answer but false is right: a negated operator with an open variable. */
type MatcherMaker = (context: Context) => Matcher | undefined;

function matcherMaker(condition: Condition, version: PolicyVersion): MatcherMaker {
  const { comparison, negated, values } = condition;
  const templates = values.map((text) =>
    templateOf(text, {
      version: takesVariables(comparison) ? version : "2008-10-17",
      wildcards: comparison === "string-like" || comparison === "arn",
    }),
  );
  const matcherOf = matcherMakers[comparison];
  if (templates.every((one) => one.kind === "fixed")) {
    const fixed = matcherOf(templates.map(({ units }) => units));
    return () => fixed;
  }
  return (context) => {
    const resolved = templates.map((one: Template) => resolve(one, context));
    if (negated && resolved.includes(undefined)) return undefined;
    return matcherOf(resolved.filter((units) => units !== undefined));
  };
}

/** Policy variables stand in text, ARN and Bool values, not in numbers, dates, addresses and binaries. */
const takesVariables = (comparison: Comparison): boolean =>
  comparison.startsWith("string") || comparison === "arn" || comparison === "bool";

type Wanted = readonly (readonly number[])[];

const textOf = (units: readonly number[]): string => units.map((unit) => String.fromCharCode(unit)).join("");

const matcherMakers: Readonly<Record<Comparison, (wanted: Wanted) => Matcher>> = {
  string: (wanted) => among(wanted.map(textOf)),
  "string-any-case": (wanted) => {
    const known = among(wanted.map((units) => textOf(units).toLowerCase()));
    return (value) => known(value.toLowerCase());
  },
  "string-like": (wanted) => {
    const globs = wanted.map(compileGlob);
    return (value) => globs.some((glob) => matchesGlob(glob, value));
  },
  number: compared(numberOf, (value, wanted) => value === wanted),
  "number-below": compared(numberOf, (value, wanted) => value < wanted),
  "number-at-most": compared(numberOf, (value, wanted) => value <= wanted),
  "number-above": compared(numberOf, (value, wanted) => value > wanted),
  "number-at-least": compared(numberOf, (value, wanted) => value >= wanted),
  date: compared(dateOf, (value, wanted) => value === wanted),
  "date-before": compared(dateOf, (value, wanted) => value < wanted),
  "date-until": compared(dateOf, (value, wanted) => value <= wanted),
  "date-after": compared(dateOf, (value, wanted) => value > wanted),
  "date-from": compared(dateOf, (value, wanted) => value >= wanted),
  bool: compared(boolOf, (value, wanted) => value === wanted),
  binary: (wanted) => among(wanted.map(textOf)),
  address: (wanted) => {
    const networks = wanted.flatMap((units) => networkOf(textOf(units)) ?? []);
    return (value) => {
      const address = addressOf(value);
      return address && networks.some((network) => inNetwork(network, address));
    };
  },
  arn: (wanted) => {
    const patterns = wanted.flatMap((units) => arnGlob(units) ?? []);
    return (value) => {
      const fields = arnFields(value);
      return fields && patterns.some((globs) => globs.every((glob, at) => matchesGlob(glob, fields[at] ?? "")));
    };
  },
  null: () => () => undefined,
};

function among(texts: readonly string[]): Matcher {
  const known = new Set(texts);
  return (value) => known.has(value);
}

function compared<Value>(
  read: (text: string) => Value | undefined,
  holds: (value: Value, wanted: Value) => boolean,
): (wanted: Wanted) => Matcher {
  return (wanted) => {
    const known = wanted.flatMap((units) => read(textOf(units)) ?? []);
    return (text) => {
      const value = read(text);
      return value === undefined ? undefined : known.some((one) => holds(value, one as Value));
    };
  };
}

/** Integers and decimals; AWS documents no exponents. */
function numberOf(text: string): number | undefined {
  return /^[+-]?(?:\d+\.?\d*|\.\d+)$/.test(text) ? Number(text) : undefined;
}

/** W3C's profile of ISO 8601, or seconds since 1970, as AWS documents for date conditions; in milliseconds. */
function dateOf(text: string): number | undefined {
  if (/^\d{5,12}$/.test(text)) return Number(text) * 1_000;
  if (!/^\d{4}(?:-\d\d(?:-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?(?:Z|[+-]\d\d:\d\d))?)?)?$/.test(text))
    return undefined;
  const at = Date.parse(text);
  return Number.isNaN(at) ? undefined : at;
}

function boolOf(text: string): "true" | "false" | undefined {
  const lower = text.toLowerCase();
  return lower === "true" || lower === "false" ? lower : undefined;
}

const colon = 0x3a;

/** The pattern's six fields, each with wildcards of its own; a lone `*` is any ARN. A pattern of fewer fields is none. */
function arnGlob(units: readonly number[]): readonly (readonly Glob[])[] | undefined {
  if (units.length > 0 && units.every((unit) => unit === star)) return [[]];
  const fields: number[][] = [[]];
  for (const unit of units) {
    if (unit === colon && fields.length < 6) fields.push([]);
    else fields.at(-1)?.push(unit);
  }
  return fields.length === 6 ? [fields.map(compileGlob)] : undefined;
}

function arnFields(text: string): readonly string[] | undefined {
  if (!text.startsWith("arn:")) return undefined;
  const fields = text.split(":", 6);
  if (fields.length < 6) return undefined;
  const resource = text.slice(fields.slice(0, 5).join(":").length + 1);
  return [...fields.slice(0, 5), resource];
}
