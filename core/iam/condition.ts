/** One test of a Condition block: `{ operator: { key: values } }`. A statement's tests must all hold. */
export interface Condition {
  readonly comparison: Comparison;
  /** True for the `Not` form of the operator. */
  readonly negated: boolean;
  /** `ForAllValues:` and `ForAnyValue:`; `single` without a prefix. */
  readonly quantifier: Quantifier;
  readonly ifExists: boolean;
  /** As written; key names are not case-sensitive. */
  readonly key: string;
  readonly values: readonly string[];
}

export type Quantifier = "single" | "all" | "any";

export type Comparison = (typeof operators)[keyof typeof operators]["comparison"];

/** What AWS's operators compare (IAM User Guide, "IAM JSON policy elements: Condition operators"), by name in lower case. */
const operators = {
  stringequals: { comparison: "string", negated: false },
  stringnotequals: { comparison: "string", negated: true },
  stringequalsignorecase: { comparison: "string-any-case", negated: false },
  stringnotequalsignorecase: { comparison: "string-any-case", negated: true },
  stringlike: { comparison: "string-like", negated: false },
  stringnotlike: { comparison: "string-like", negated: true },
  numericequals: { comparison: "number", negated: false },
  numericnotequals: { comparison: "number", negated: true },
  numericlessthan: { comparison: "number-below", negated: false },
  numericlessthanequals: { comparison: "number-at-most", negated: false },
  numericgreaterthan: { comparison: "number-above", negated: false },
  numericgreaterthanequals: { comparison: "number-at-least", negated: false },
  dateequals: { comparison: "date", negated: false },
  datenotequals: { comparison: "date", negated: true },
  datelessthan: { comparison: "date-before", negated: false },
  datelessthanequals: { comparison: "date-until", negated: false },
  dategreaterthan: { comparison: "date-after", negated: false },
  dategreaterthanequals: { comparison: "date-from", negated: false },
  bool: { comparison: "bool", negated: false },
  binaryequals: { comparison: "binary", negated: false },
  ipaddress: { comparison: "address", negated: false },
  notipaddress: { comparison: "address", negated: true },
  // Arn…Equals and Arn…Like behave the same, as AWS documents.
  arnequals: { comparison: "arn", negated: false },
  arnlike: { comparison: "arn", negated: false },
  arnnotequals: { comparison: "arn", negated: true },
  arnnotlike: { comparison: "arn", negated: true },
  null: { comparison: "null", negated: false },
} as const;

const byName: ReadonlyMap<string, Pick<Condition, "comparison" | "negated">> = new Map(Object.entries(operators));

export type ReadConditions =
  | { readonly ok: true; readonly conditions: readonly Condition[] }
  | { readonly ok: false; readonly because: string };

/** Reads a Condition element; absent or empty is no condition. An operator that AWS does not know is refused by name. */
export function readConditions(raw: unknown): ReadConditions {
  if (raw === undefined) return { ok: true, conditions: [] };
  if (!isRecord(raw)) return refuse("Condition is not an object");
  const conditions: Condition[] = [];
  for (const [name, keys] of Object.entries(raw)) {
    const operator = operatorOf(name);
    if (operator === undefined) return refuse(`condition operator ${quoted(name)} is unknown`);
    if (!isRecord(keys)) return refuse(`Condition ${quoted(name)} is not an object`);
    for (const [key, value] of Object.entries(keys)) {
      const values = textsOf(value);
      if (values === undefined) return refuse(`Condition ${quoted(name)} has no readable value for ${quoted(key)}`);
      conditions.push({ ...operator, key, values });
    }
  }
  return { ok: true, conditions };
}

type Operator = Omit<Condition, "key" | "values">;

const prefixes: readonly (readonly [prefix: string, quantifier: Quantifier])[] = [
  ["forallvalues:", "all"],
  ["foranyvalue:", "any"],
  ["", "single"],
];

const suffix = "ifexists";

function operatorOf(name: string): Operator | undefined {
  const lower = name.toLowerCase();
  const [prefix = "", quantifier = "single"] = prefixes.find(([start]) => lower.startsWith(start)) ?? [];
  const ifExists = lower.endsWith(suffix);
  const known = byName.get(lower.slice(prefix.length, ifExists ? -suffix.length : lower.length));
  // Null asks for existence itself: AWS takes no `NullIfExists`.
  if (known === undefined || (known.comparison === "null" && ifExists)) return undefined;
  return { ...known, quantifier, ifExists };
}

/** AWS takes numbers and booleans without quotes as well. */
function textsOf(value: unknown): readonly string[] | undefined {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value];
  const readable = list.every((one) => typeof one === "string" || typeof one === "number" || typeof one === "boolean");
  return readable ? list.map(String) : undefined;
}

/** Names are foreign text: cut, so that a message stays short. */
const quoted = (name: string): string => JSON.stringify(name.length > 64 ? `${name.slice(0, 63)}…` : name);

const refuse = (because: string) => ({ ok: false, because }) as const;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
