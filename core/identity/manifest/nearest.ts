import { quoted } from "../../event/located.ts";

const longest = 64;

/** The candidate a person most likely meant: the fewest edits, at most a third of the word and never more than three. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  if (word.length === 0 || word.length > longest) return undefined;
  const scored = candidates
    .map((candidate) => ({ candidate, edits: editsFor(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= allowed(word, candidate));
  return scored.toSorted((a, b) => a.edits - b.edits)[0]?.candidate;
}

/** The end of a message about an unknown word: the nearest valid one, or all valid ones when none is near. */
export function suggestion(word: string, candidates: readonly string[]): string {
  const meant = nearest(word, candidates);
  if (meant !== undefined) return `; did you mean ${quoted(meant)}?`;
  if (candidates.length === 0) return "";
  const shown = candidates.slice(0, 30).join(", ");
  return `; valid here: ${shown}${candidates.length > 30 ? ", …" : ""}`;
}

const allowed = (word: string, candidate: string): number =>
  Math.max(1, Math.min(3, Math.floor(Math.max(word.length, candidate.length) / 3)));

/** A word cut short or grown at its end (`env`, `modelsList`) counts as one edit. */
function editsFor(word: string, candidate: string): number {
  const [short, long] = word.length < candidate.length ? [word, candidate] : [candidate, word];
  if (short.length >= 3 && long.startsWith(short)) return Math.min(1, long.length - short.length);
  return editDistance(word, candidate);
}

/** Insertions, deletions, replacements and swaps of neighbours ("optimal string alignment"). */
function editDistance(left: string, right: string): number {
  let before: readonly number[] = [];
  let above: readonly number[] = Array.from({ length: right.length + 1 }, (_, column) => column);
  for (let row = 1; row <= left.length; row += 1) {
    const line = [row];
    for (let column = 1; column <= right.length; column += 1) {
      const same = left[row - 1] === right[column - 1];
      const swapped =
        row > 1 && column > 1 && left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1];
      line.push(
        Math.min(
          cell(above, column) + 1,
          cell(line, column - 1) + 1,
          cell(above, column - 1) + (same ? 0 : 1),
          swapped ? cell(before, column - 2) + 1 : Number.POSITIVE_INFINITY,
        ),
      );
    }
    before = above;
    above = line;
  }
  return cell(above, right.length);
}

const cell = (line: readonly number[], column: number): number => line[column] ?? Number.POSITIVE_INFINITY;
