import { type CompiledStatement, compilePolicies } from "../compiled-policy.ts";
import type { Condition } from "../condition.ts";
import { globCovers } from "../glob-meet.ts";
import type { Statement } from "../statement.ts";
import { type PolicyVersion, templateOf } from "../template.ts";
import { conditionText } from "./condition-shown.ts";

/** What a statement says besides its actions; statements of one body count as one. */
export interface Body {
  /** The same for every spelling of the same body. */
  readonly key: string;
  readonly effect: "Allow" | "Deny";
  /** `all-but`: the resources that are left out. */
  readonly kind: "only" | "all-but";
  readonly patterns: readonly string[];
  readonly conditions: readonly Condition[];
  /** Each condition as text, to tell which of two bodies asks for less. */
  readonly demands: ReadonlySet<string>;
  /** Context keys that its policy variables read, in lower case. */
  readonly variables: readonly string[];
  readonly version: PolicyVersion;
  readonly applies: CompiledStatement["appliesTo"];
}

/** Reads a statement's body. Order, case and repetition of what it lists do not count. */
export function bodyOf(one: Statement, written: PolicyVersion): Body {
  const listed = [...new Set(one.resources.patterns.map((text) => text.replaceAll(/\*+/g, "*")))].sort();
  const patterns = one.resources.kind === "only" && listed.includes("*") ? ["*"] : listed;
  const everywhere = one.resources.kind === "all-but" && patterns.length === 0;
  const conditions = one.conditions
    .map((condition) => ({ condition, text: conditionText(condition) }))
    .sort((a, b) => (a.text < b.text ? -1 : 1));
  const demands = new Set(conditions.map(({ text }) => text));
  const texts = [...patterns, ...one.conditions.flatMap(({ values }) => values)].filter((text) => text.includes("${"));
  // Without variables both versions say the same.
  const version = texts.length === 0 ? "2012-10-17" : written;
  const kind = everywhere ? "only" : one.resources.kind;
  const shown = everywhere ? ["*"] : patterns;
  const compiled = compilePolicies([{ version, statements: [{ ...one, actions: everyAction }] }]).candidates("any:any");
  const [statement] = [...compiled.allows, ...compiled.denies];
  return {
    key: JSON.stringify([one.effect, kind, shown, [...demands], version]),
    effect: one.effect,
    kind,
    patterns: shown,
    conditions: conditions.map(({ condition }) => condition),
    demands,
    variables: [...new Set(texts.flatMap((text) => variablesOf(text, version)))],
    version,
    applies: (target) => statement?.appliesTo(target) === true,
  };
}

const everyAction = { kind: "only", patterns: ["*"] } as const;

/** The context keys that a text's policy variables read. */
export function variablesOf(text: string, version: PolicyVersion): readonly string[] {
  if (!text.includes("${")) return [];
  const template = templateOf(text, { version, wildcards: true });
  return template.kind === "fixed"
    ? []
    : template.parts.flatMap((part) => (part.kind === "variable" ? [part.key.toLowerCase()] : []));
}

/** True when whatever the second demands of a request includes what the first does. */
export const demandsNoMore = (a: Body, b: Body): boolean => {
  for (const demand of a.demands) if (!b.demands.has(demand)) return false;
  return true;
};

/** True when the first pattern surely covers every text of the second. */
export function patternCovers(wide: string, narrow: string): boolean {
  if (wide === "*" || wide === narrow) return true;
  if (wide.includes("${") || narrow.includes("${") || !/[*?]/.test(wide)) return false;
  // A `?` must not be taken for a star of the other: a star may be no character at all.
  return !(wide.includes("?") && narrow.includes("*")) && globCovers(wide, narrow);
}

/** False when surely no text is of both patterns. */
export function mayOverlap(a: string, b: string): boolean {
  if (a === "*" || b === "*" || a === b) return true;
  const [headA, headB] = [headOf(a), headOf(b)];
  const shared = Math.min(headA.length, headB.length);
  if (headA.slice(0, shared) !== headB.slice(0, shared)) return false;
  if (headA.length === a.length) return b.includes("${") || globCovers(b, a);
  if (headB.length === b.length) return a.includes("${") || globCovers(a, b);
  const [tailA, tailB] = [tailOf(a), tailOf(b)];
  const end = Math.min(tailA.length, tailB.length);
  return end === 0 || tailA.slice(-end) === tailB.slice(-end);
}

const headOf = (pattern: string): string => {
  const at = pattern.search(/[*?$]/);
  return at < 0 ? pattern : pattern.slice(0, at);
};
const tailOf = (pattern: string): string => /[^*?}]*$/.exec(pattern.slice(-256))?.[0] ?? "";
