import type { Comparison, Condition } from "../condition.ts";
import type { Context, ContextValue } from "../context.ts";
import { one, star } from "../glob.ts";
import { type PolicyVersion, resolve, templateOf } from "../template.ts";

/** A condition with the version of the document it stands in. */
export interface Versioned {
  readonly condition: Condition;
  readonly version: PolicyVersion;
}

/**
 * Values of one context key that tell these conditions apart: those that they name, beside them, and one that none
 * names; last the key's absence. Not every value, but each kind of answer that a single condition can give.
 */
export function valuesFor(conditions: readonly Versioned[], variables: Context): readonly (ContextValue | undefined)[] {
  const named = [...new Set(conditions.flatMap((each) => namedBy(each, variables)))].slice(0, mostNamed);
  const fresh = [...new Set(conditions.flatMap(({ condition }) => others[condition.comparison]))];
  const single = conditions.some(
    ({ condition }) => condition.quantifier === "single" && condition.comparison !== "null",
  );
  const sets = conditions.some(({ condition }) => condition.quantifier !== "single");
  const texts = [...named, ...(fresh.length === 0 ? [newName] : fresh)];
  if (!sets || single) return [...texts, undefined];
  const [first = newName] = named;
  const lists = [...texts.map((text) => [text]), ...(named.length > 1 ? [named] : []), [first, fresh[0] ?? newName]];
  return [...lists, undefined];
}

/** A condition may list hundreds of values; these many are looked at. */
const mostNamed = 24;

/** A text that nobody wrote down. */
export const newName = "cordon-witness";

function namedBy({ condition, version }: Versioned, variables: Context): readonly string[] {
  const { comparison, values } = condition;
  if (comparison === "null") return [];
  const wildcards = comparison === "string-like" || comparison === "arn";
  return values.slice(0, mostNamed).flatMap((value) => {
    const units = resolve(templateOf(value, { version, wildcards }), variables);
    if (units === undefined) return [];
    const text = units
      .map((unit) => (unit === star ? newName : unit === one ? "x" : String.fromCharCode(unit)))
      .join("");
    return [comparison === "arn" && text === newName ? freshArn : text, ...beside(comparison, text)];
  });
}

function beside(comparison: Comparison, text: string): readonly string[] {
  if (comparison === "address") return [text.split("/", 1)[0] ?? text];
  if (comparison.startsWith("number")) {
    const value = Number(text);
    return Number.isFinite(value) ? [value + 1, value - 1, value + 0.5].map(String) : [];
  }
  if (comparison.startsWith("date")) {
    const at = /^\d+$/.test(text) ? Number(text) * 1_000 : Date.parse(text);
    return Number.isNaN(at) || Math.abs(at) > 8e14 ? [] : [at + 1_000, at - 1_000].map(dated);
  }
  return [];
}

const dated = (at: number): string => new Date(at).toISOString();

const freshArn = ["arn", "aws", "iam", "", "777788889999", `role/${newName}`].join(":");

/** A value that a condition is unlikely to name, of a kind that its operator can read. */
const others: Readonly<Record<Comparison, readonly string[]>> = {
  string: [newName],
  "string-any-case": [newName],
  "string-like": [newName],
  number: ["7"],
  "number-below": [],
  "number-at-most": [],
  "number-above": [],
  "number-at-least": [],
  date: [],
  "date-before": [],
  "date-until": [],
  "date-after": [],
  "date-from": [],
  bool: ["true", "false"],
  binary: [newName],
  address: ["192.0.2.1", "198.51.100.1", "203.0.113.1", "2001:db8::1"],
  arn: [freshArn],
  null: [newName],
};
