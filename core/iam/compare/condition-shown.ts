import type { Comparison, Condition } from "../condition.ts";

/** A Condition element as it is shown: operators in AWS's spelling, keys in lower case, values sorted. */
export type ShownCondition = Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;

/** One test as text: equal for tests that say the same in another order or case. */
export const conditionText = (condition: Condition): string =>
  JSON.stringify([operatorOf(condition), condition.key.toLowerCase(), valuesOf(condition)]);

/** Conditions that must all hold as one Condition element. Tests that one element cannot hold twice get a list of their own. */
export function shownCondition(conditions: readonly Condition[]): ShownCondition {
  const shown = new Map<string, Map<string, readonly string[]>>();
  for (const one of conditions.toSorted((a, b) => (conditionText(a) < conditionText(b) ? -1 : 1))) {
    const [operator, key, values] = [operatorOf(one), one.key.toLowerCase(), valuesOf(one)];
    const keys = shown.get(operator) ?? new Map<string, readonly string[]>();
    const known = keys.get(key);
    // Two elements under one operator and key: both must hold, so only what is in both is left of a positive list.
    keys.set(key, known === undefined ? values : joined(known, values, one.negated));
    shown.set(operator, keys);
  }
  return Object.fromEntries([...shown].map(([operator, keys]) => [operator, Object.fromEntries(keys)]));
}

function joined(a: readonly string[], b: readonly string[], negated: boolean): readonly string[] {
  const both = a.filter((one) => b.includes(one));
  return negated || both.length === 0 ? [...new Set([...a, ...b])].sort() : both;
}

const valuesOf = ({ values }: Condition): readonly string[] => [...new Set(values)].sort();

function operatorOf({ comparison, negated, quantifier, ifExists }: Condition): string {
  const prefix = { single: "", all: "ForAllValues:", any: "ForAnyValue:" }[quantifier];
  const [plain, not] = names[comparison];
  return `${prefix}${negated ? not : plain}${ifExists ? "IfExists" : ""}`;
}

const names: Readonly<Record<Comparison, readonly [plain: string, not: string]>> = {
  string: ["StringEquals", "StringNotEquals"],
  "string-any-case": ["StringEqualsIgnoreCase", "StringNotEqualsIgnoreCase"],
  "string-like": ["StringLike", "StringNotLike"],
  number: ["NumericEquals", "NumericNotEquals"],
  "number-below": ["NumericLessThan", ""],
  "number-at-most": ["NumericLessThanEquals", ""],
  "number-above": ["NumericGreaterThan", ""],
  "number-at-least": ["NumericGreaterThanEquals", ""],
  date: ["DateEquals", "DateNotEquals"],
  "date-before": ["DateLessThan", ""],
  "date-until": ["DateLessThanEquals", ""],
  "date-after": ["DateGreaterThan", ""],
  "date-from": ["DateGreaterThanEquals", ""],
  bool: ["Bool", ""],
  binary: ["BinaryEquals", ""],
  address: ["IpAddress", "NotIpAddress"],
  arn: ["ArnLike", "ArnNotLike"],
  null: ["Null", ""],
};
