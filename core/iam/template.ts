import type { Context } from "./context.ts";
import { one, star } from "./glob.ts";

/** The version of the policy language; policy variables came with the later one. */
export type PolicyVersion = "2008-10-17" | "2012-10-17";

/** A policy's text with its policy variables: units of a pattern, and names that are replaced when a request is there. */
export type Template =
  | { readonly kind: "fixed"; readonly units: readonly number[] }
  | { readonly kind: "open"; readonly parts: readonly Part[] };

type Part =
  | { readonly kind: "units"; readonly units: readonly number[] }
  | { readonly kind: "variable"; readonly key: string; readonly fallback: string | undefined };

/** How a text is read: `wildcards` false makes `*` and `?` mean themselves, as in `StringEquals`. */
export interface Reading {
  readonly version: PolicyVersion;
  readonly wildcards: boolean;
}

/**
 * Reads `*`, `?`, `${key}`, `${key, 'default'}` and the escapes `${*}`, `${?}` and `${$}` (IAM User Guide, "IAM policy
 * elements: Variables and tags"). In version 2008-10-17 there are no variables: `${` is text.
 */
export function templateOf(text: string, { version, wildcards }: Reading): Template {
  const parts: Part[] = [];
  let units: number[] = [];
  for (let i = 0; i < text.length; i++) {
    const found = version === "2012-10-17" && text.startsWith("${", i) ? variableAt(text, i) : undefined;
    if (found === undefined) units.push(wildcards ? unitOf(text.charCodeAt(i)) : text.charCodeAt(i));
    else {
      if (found.kind === "literal") units.push(found.unit);
      else {
        parts.push({ kind: "units", units }, { kind: "variable", key: found.key, fallback: found.fallback });
        units = [];
      }
      i = found.end;
    }
  }
  return parts.length === 0 ? { kind: "fixed", units } : { kind: "open", parts: [...parts, { kind: "units", units }] };
}

/**
 * The units with every variable replaced, or nothing when one has no value: not in the context, a list, and without a
 * default. What a variable stands for is never a wildcard.
 */
export function resolve(template: Template, context: Context): readonly number[] | undefined {
  if (template.kind === "fixed") return template.units;
  const units: number[] = [];
  for (const part of template.parts) {
    if (part.kind === "units") {
      for (const unit of part.units) units.push(unit);
      continue;
    }
    const value = context(part.key) ?? part.fallback;
    if (typeof value !== "string") return undefined;
    for (let i = 0; i < value.length; i++) units.push(value.charCodeAt(i));
  }
  return units;
}

/** The units with every variable replaced by "any text": what it could be, whatever the variables stand for. */
export const widest = (template: Template): readonly number[] =>
  template.kind === "fixed"
    ? template.units
    : template.parts.flatMap((part) => (part.kind === "units" ? part.units : [star]));

const unitOf = (unit: number): number => (unit === 0x2a ? star : unit === 0x3f ? one : unit);

/** Characters between the braces: a tag's key has at most 128, and a default is about as long. */
const longest = 512;

type Found =
  | { readonly kind: "literal"; readonly unit: number; readonly end: number }
  | { readonly kind: "variable"; readonly key: string; readonly fallback: string | undefined; readonly end: number };

/** The variable that begins here; nothing when the brace is not closed or holds no name: then it is text. */
function variableAt(text: string, from: number): Found | undefined {
  // Cut first: a text with many openings and no end must not be searched to its end for each.
  const near = text.slice(from + 2, from + 2 + longest);
  const inner = near.slice(0, Math.max(0, near.indexOf("}")));
  if (inner === "" || inner.includes("${")) return undefined;
  const end = from + 2 + inner.length;
  if (inner === "*" || inner === "?" || inner === "$") return { kind: "literal", unit: inner.charCodeAt(0), end };
  const comma = inner.indexOf(",");
  const key = (comma < 0 ? inner : inner.slice(0, comma)).trim().toLowerCase();
  if (key === "") return undefined;
  return { kind: "variable", key, fallback: comma < 0 ? undefined : unquoted(inner.slice(comma + 1).trim()), end };
}

const unquoted = (text: string): string | undefined =>
  text.length >= 2 && text.startsWith("'") && text.endsWith("'") ? text.slice(1, -1) : undefined;
