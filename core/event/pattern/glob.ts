import { type Read, read, refuse } from "./refusal.ts";

/** A wildcard pattern cut at its stars: the text starts with `head`, ends with `tail`, and holds the needles between them in order. */
export interface Glob {
  readonly head: string;
  readonly needles: readonly Needle[];
  readonly tail: string;
  /** True when there is no star at all: the text has to equal `head`. */
  readonly exact: boolean;
}

/** A text to search for, with the table of Knuth, Morris and Pratt, which keeps the search linear for any text. */
interface Needle {
  readonly text: string;
  readonly fallback: readonly number[];
}

/** Stands for `*` among the units of a wildcard pattern. */
export const star = -1;

/** The units of a wildcard pattern, `\*` and `\\` read as the characters they stand for, `*` as `star`. */
export function readUnits(pattern: string, where: string): Read<readonly number[]> {
  const units: number[] = [];
  for (let i = 0; i < pattern.length; i++) {
    const here = pattern[i];
    const next = pattern[i + 1];
    if (here === "*") {
      if (next === "*")
        return refuse(where, `two wildcards follow each other at position ${i + 1}; one * already matches any text`);
      units.push(star);
    } else if (here === "\\") {
      if (next !== "*" && next !== "\\")
        return refuse(where, `the backslash at position ${i + 1} may only stand before * or another backslash`);
      units.push(next.charCodeAt(0));
      i++;
    } else units.push(pattern.charCodeAt(i));
  }
  return read(units);
}

/** The pattern ready for matching. */
export function compileGlob(units: readonly number[]): Glob {
  const parts: string[] = [""];
  for (const unit of units) {
    if (unit === star) parts.push("");
    else parts.push((parts.pop() ?? "") + String.fromCharCode(unit));
  }
  const needles = parts.slice(1, -1).filter((part) => part !== "");
  return {
    head: parts[0] ?? "",
    needles: needles.map((text) => ({ text, fallback: fallbackOf(text) })),
    tail: parts.length > 1 ? (parts.at(-1) ?? "") : "",
    exact: parts.length === 1,
  };
}

/** Whether the whole text is matched, in time linear in its length and the pattern's. */
export function matchesGlob({ head, needles, tail, exact }: Glob, text: string): boolean {
  if (exact) return text === head;
  if (text.length < head.length + tail.length || !text.startsWith(head) || !text.endsWith(tail)) return false;
  const end = text.length - tail.length;
  let from = head.length;
  for (const needle of needles) {
    // The leftmost place is always the best one: it leaves the most text for the needles that follow.
    from = endOfFirst(needle, text, from, end);
    if (from < 0) return false;
  }
  return true;
}

/** Up to this length the engine's own search is used: at its worst it looks at each unit so many times. */
const short = 8;

function endOfFirst({ text: needle, fallback }: Needle, text: string, from: number, end: number): number {
  if (needle.length <= short) {
    const found = text.indexOf(needle, from);
    return found < 0 || found + needle.length > end ? -1 : found + needle.length;
  }
  let matched = 0;
  for (let i = from; i < end; i++) {
    const unit = text.charCodeAt(i);
    while (matched > 0 && needle.charCodeAt(matched) !== unit) matched = fallback[matched - 1] ?? 0;
    if (needle.charCodeAt(matched) === unit) matched++;
    if (matched === needle.length) return i + 1;
  }
  return -1;
}

function fallbackOf(needle: string): readonly number[] {
  const fallback = [0];
  let border = 0;
  for (let i = 1; i < needle.length; i++) {
    while (border > 0 && needle.charCodeAt(border) !== needle.charCodeAt(i)) border = fallback[border - 1] ?? 0;
    if (needle.charCodeAt(border) === needle.charCodeAt(i)) border++;
    fallback.push(border);
  }
  return fallback;
}
