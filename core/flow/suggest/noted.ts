import type { Json } from "../../event/json.ts";

/** A document with a comment at every place that has one; made by core, written by an adapter. */
export type Noted =
  | { readonly kind: "value"; readonly value: string | number | boolean }
  | { readonly kind: "list"; readonly items: readonly NotedItem[] }
  | { readonly kind: "mapping"; readonly entries: readonly NotedEntry[] };

/** One item of a list. Notes are lines for people: each is made safe by `noteLine`. */
export interface NotedItem {
  readonly notes?: readonly string[];
  readonly value: Noted;
}

export interface NotedEntry extends NotedItem {
  readonly key: string;
}

/** A value without comments as a noted one. */
export function noted(value: Json | undefined): Noted {
  if (typeof value === "object" && value !== null)
    return isList(value)
      ? { kind: "list", items: value.map((one) => ({ value: noted(one) })) }
      : { kind: "mapping", entries: Object.entries(value).map(([key, one]) => ({ key, value: noted(one) })) };
  return { kind: "value", value: value ?? "" };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** The document without its comments. */
export function plainOf(value: Noted): Json {
  switch (value.kind) {
    case "value":
      return value.value;
    case "list":
      return value.items.map((one) => plainOf(one.value));
    case "mapping":
      return Object.fromEntries(value.entries.map((one) => [one.key, plainOf(one.value)]));
  }
}

const longest = 480;

/**
 * Text of any origin as one line of a comment: what could end the line, hide a part of it or turn it round is escaped, and
 * it is cut.
 */
export function noteLine(text: string): string {
  const safe = text
    .slice(0, longest + 1)
    .toWellFormed()
    .replace(/[\p{C}\p{Zl}\p{Zp}]/gu, (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`);
  return text.length > longest ? `${safe.slice(0, longest)}…` : safe;
}
