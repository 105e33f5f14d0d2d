import { instant, printInstant } from "../../event/instant.ts";
import type { Span } from "./suggest-use.ts";

/** A count with its noun: `1 call`, `1,204 calls`. */
export const counted = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

/** The second as RFC 3339. */
export const printed = (second: number): string => printInstant(instant(second * 1_000));

/** `1,204 calls, first 2026-01-01T00:00:00Z, last 2026-01-24T11:59:59Z` */
export const seenText = ({ calls, first, last }: Span): string =>
  calls === 0
    ? "not seen"
    : `${counted(calls, "call")}, ${first === last ? `at ${printed(first)}` : `first ${printed(first)}, last ${printed(last)}`}`;

/** The names that come most often with their counts, and how many others there are. */
export function mostOf(counts: Iterable<readonly [name: string, count: number]>, most: number): string {
  const sorted = [...counts].toSorted((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  const shown = sorted.slice(0, most).map(([name, count]) => `${name} ${count.toLocaleString("en-US")}`);
  return [...shown, ...(sorted.length > most ? [`${sorted.length - most} more`] : [])].join(", ");
}
