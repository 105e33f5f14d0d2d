import type { CaselessText } from "./pattern.ts";

/** The text in both spellings. A letter whose other case has another length has only its own, as in Ruler's byte machine. */
export function caseless(text: string): CaselessText {
  let lower = "";
  let upper = "";
  for (const letter of text) {
    const [small, large] = [letter.toLowerCase(), letter.toUpperCase()];
    lower += small.length === letter.length ? small : letter;
    upper += large.length === letter.length ? large : letter;
  }
  return { lower, upper };
}

/** Whether the text has the spelling, in any mix of cases, at this place. */
export function spelledAt({ lower, upper }: CaselessText, text: string, from: number): boolean {
  if (from < 0 || text.length - from < lower.length) return false;
  for (let i = 0; i < lower.length; i++) {
    const unit = text.charCodeAt(from + i);
    if (unit !== lower.charCodeAt(i) && unit !== upper.charCodeAt(i)) return false;
  }
  return true;
}
