/** AWS's accelerated instance families. Made by scripts/make-accelerators.ts; composition roots import and pass it in. */
export interface AcceleratorTable {
  /** Where the facts are from. */
  readonly sources: readonly string[];
  /** Where the prices are from: on demand, Linux, in one Region on one day. */
  readonly prices: { readonly source: string; readonly asOf: string; readonly region: string };
  /** First letters that only accelerated families have. */
  readonly classes: readonly string[];
  readonly families: Readonly<Record<string, AcceleratedFamily>>;
}

export interface AcceleratedFamily {
  readonly accelerator: string;
  /** Accelerators of one instance, by size; less than one is a share. */
  readonly sizes: Readonly<Record<string, number>>;
  /** US dollars an hour of one instance, by size; a size that is not here has no price that is known. */
  readonly usdPerHour?: Readonly<Record<string, number>>;
}

/** One instance type (or a family, where a call names only that) that has accelerators. */
export interface Accelerator {
  readonly family: string;
  /** Accelerators of one instance; at least 1 where the table does not know the size. */
  readonly perInstance: number;
}

const longest = 64;

/** What an instance type has of accelerators: `g5.12xlarge`, SageMaker's `ml.g5.12xlarge`, Batch's bare `g5`; or nothing. */
export function acceleratorOf(instanceType: string, table: AcceleratorTable): Accelerator | undefined {
  if (instanceType.length > longest) return undefined;
  const [family = "", size = ""] = withoutPrefix(instanceType.trim().toLowerCase()).split(".");
  const known = Object.hasOwn(table.families, family) ? table.families[family] : undefined;
  if (known === undefined) return table.classes.includes(classOf(family)) ? { family, perInstance: 1 } : undefined;
  return { family, perInstance: Object.hasOwn(known.sizes, size) ? (known.sizes[size] ?? 1) : 1 };
}

/** Whether a manifest's families cover one: exact, with a trailing `*`, or `p6` for all of `p6-…`. */
export const familyDeclared = (family: string, declared: readonly string[]): boolean =>
  declared.map((one) => withoutPrefix(one.toLowerCase())).some((one) => covers(one, family));

const covers = (declared: string, family: string): boolean =>
  declared.endsWith("*")
    ? family.startsWith(declared.slice(0, -1))
    : family === declared || family.startsWith(`${declared}-`);

const withoutPrefix = (type: string): string => (type.startsWith("ml.") ? type.slice(3) : type);

/** The letters before the generation's digit; empty when there is no digit, so that a word like `optimal` has none. */
function classOf(family: string): string {
  let end = 0;
  while (end < family.length && isLetter(family.charCodeAt(end))) end++;
  const next = family.charCodeAt(end);
  return next >= 48 && next <= 57 ? family.slice(0, end) : "";
}

const isLetter = (code: number): boolean => code >= 97 && code <= 122;
