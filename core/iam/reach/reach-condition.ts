import { globCovers } from "../glob-meet.ts";

/** Whether a condition holds, asked by somebody who may choose everything but what is known. */
export type Holds = "yes" | "no" | "maybe";

/** Condition keys in lower case with their values; an empty list: known to be absent. Keys not named are unknown. */
export type KnownContext = ReadonlyMap<string, readonly string[]>;

/** One line of a condition block: `{ operator: { key: values } }`, all of which must hold. */
export interface ConditionTest {
  readonly operator: string;
  readonly key: string;
  readonly values: readonly string[];
}

/** The tests of a raw `Condition` element; what is not one of AWS's shapes becomes a test that may hold. */
export function conditionTests(raw: unknown): readonly ConditionTest[] {
  if (!isRecord(raw)) return raw === undefined ? [] : [{ operator: "", key: "", values: [] }];
  return Object.entries(raw).flatMap(([operator, keys]) =>
    isRecord(keys)
      ? Object.entries(keys).map(([key, value]) => ({
          operator: operator.toLowerCase(),
          key: key.toLowerCase(),
          values: (Array.isArray(value) ? value : [value]).map(String),
        }))
      : [{ operator: "", key: "", values: [] }],
  );
}

/** All tests together. A key that is not known, or an operator on it that is not compared here, may hold. */
export function holdsAll(tests: readonly ConditionTest[], known: KnownContext): Holds {
  let all: Holds = "yes";
  for (const test of tests) {
    const one = holds(test, known);
    if (one === "no") return "no";
    if (one === "maybe") all = "maybe";
  }
  return all;
}

function holds({ operator, key, values }: ConditionTest, known: KnownContext): Holds {
  const given = known.get(key);
  if (given === undefined) return "maybe";
  const quantifier = quantifiers.find((one) => operator.startsWith(one)) ?? "";
  const ifExists = operator.endsWith("ifexists");
  const name = operator.slice(quantifier.length, ifExists ? -"ifexists".length : operator.length);
  if (name === "null") return said(values.every((value) => (value.toLowerCase() === "true") === (given.length === 0)));
  const compare = Object.hasOwn(comparisons, name) ? comparisons[name] : undefined;
  if (compare === undefined) return "maybe";
  if (given.length === 0)
    return said(ifExists || quantifier === "forallvalues:" || (compare.negated && quantifier === ""));
  // A variable stands for what the caller is; nobody knows that here.
  if (values.some((value) => value.includes("${"))) return "maybe";
  const matches = (actual: string): boolean => values.some((value) => compare.same(value, actual)) !== compare.negated;
  return said(quantifier === "foranyvalue:" ? given.some(matches) : given.every(matches));
}

const said = (truth: boolean): Holds => (truth ? "yes" : "no");

const quantifiers = ["forallvalues:", "foranyvalue:"] as const;

interface Comparison {
  readonly negated: boolean;
  same(value: string, actual: string): boolean;
}

const exact = (value: string, actual: string): boolean => value === actual;
const anyCase = (value: string, actual: string): boolean => value.toLowerCase() === actual.toLowerCase();

/** AWS compares ARNs field by field; for the ARNs known here a wildcard over the whole text says the same. */
const comparisons: Readonly<Record<string, Comparison>> = {
  stringequals: { negated: false, same: exact },
  stringnotequals: { negated: true, same: exact },
  stringequalsignorecase: { negated: false, same: anyCase },
  stringnotequalsignorecase: { negated: true, same: anyCase },
  stringlike: { negated: false, same: globCovers },
  stringnotlike: { negated: true, same: globCovers },
  arnequals: { negated: false, same: globCovers },
  arnlike: { negated: false, same: globCovers },
  arnnotequals: { negated: true, same: globCovers },
  arnnotlike: { negated: true, same: globCovers },
};

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
