import { excerpt } from "./excerpt.ts";
import type { Json } from "./json.ts";

/** Where something is written; lines and columns are counted from 1. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/** What is wrong with a document, where, and what to write instead. */
export interface Problem extends Place {
  readonly message: string;
}

/** One value of a document a person wrote, with the place it stands at. Made by an adapter; core never parses text. */
export type Located =
  | { readonly kind: "text"; readonly place: Place; readonly text: string }
  /** `written` keeps what the number's value has lost: leading zeros, digits beyond 2^53. */
  | { readonly kind: "number"; readonly place: Place; readonly number: number; readonly written: string }
  | { readonly kind: "flag"; readonly place: Place; readonly flag: boolean }
  | { readonly kind: "nothing"; readonly place: Place }
  | { readonly kind: "list"; readonly place: Place; readonly items: readonly Located[] }
  | { readonly kind: "mapping"; readonly place: Place; readonly entries: readonly Entry[] };

/** One key of a mapping; `place` is the key's own. */
export interface Entry {
  readonly key: string;
  readonly place: Place;
  readonly value: Located;
}

/** The value without its places. Keys stay own properties, `__proto__` included. */
export function plain(value: Located): Json {
  switch (value.kind) {
    case "text":
      return value.text;
    case "number":
      return value.number;
    case "flag":
      return value.flag;
    case "nothing":
      return null;
    case "list":
      return value.items.map(plain);
    case "mapping":
      return Object.fromEntries(value.entries.map((entry) => [entry.key, plain(entry.value)]));
  }
}

/** The entry of a mapping under this key; nothing when the value is no mapping or has no such key. */
export const entryOf = (value: Located | undefined, key: string): Entry | undefined =>
  value?.kind === "mapping" ? value.entries.find((entry) => entry.key === key) : undefined;

/** The text at the end of a path of keys, or nothing. */
export function textAt(value: Located, ...path: readonly string[]): string | undefined {
  const end = path.reduce<Located | undefined>((here, key) => entryOf(here, key)?.value, value);
  return end?.kind === "text" ? end.text : undefined;
}

/** A problem at a place. */
export const problemAt = (place: Place, message: string): Problem => ({ ...place, message });

/** `file:line:column`, the form editors and terminals make a link of. */
export const printPlace = ({ file, line, column }: Place): string => `${file}:${line}:${column}`;

/** `file:line:column: message`. File names are foreign text: a terminal escapes the line. */
export const printProblem = (problem: Problem): string => `${printPlace(problem)}: ${problem.message}`;

/** Foreign text inside a message: masked, cut, in quotes, control characters escaped. */
export const quoted = (text: string): string => JSON.stringify(excerpt(text));

/** By file, line and column, each problem once. */
export function inOrder(problems: readonly Problem[]): readonly Problem[] {
  const once = new Map(problems.map((problem) => [printProblem(problem), problem]));
  return [...once.values()].toSorted(
    (a, b) => compare(a.file, b.file) || a.line - b.line || a.column - b.column || compare(a.message, b.message),
  );
}

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
