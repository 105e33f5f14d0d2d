import Table from "cli-table3";
import type { ReviewItem } from "../core/record/review.ts";
import { visible } from "./terminal.ts";

/** Rows that a person is shown of each candidate. */
const mostRows = 50;

/** What a candidate came to, for a person: its sentences, then a table of what to look at. */
export function* simulationTable(
  summary: readonly string[],
  items: readonly ReviewItem[],
  columns: number,
): Generator<string> {
  for (const line of summary) yield visible(line);
  if (items.length === 0) return;
  const [first, where] = [10, Math.max(24, Math.floor((columns - 14) * 0.4))];
  const table = new Table({
    head: ["severity", "what", "seen"],
    colWidths: [first, Math.max(30, columns - first - where - 4), where],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  for (const { severity, message, details, seen = "" } of items.slice(0, mostRows))
    table.push([severity, [message, ...details].map((one) => visible(cut(one))).join("\n"), visible(cut(seen))]);
  yield* table.toString().split("\n");
  if (items.length > mostRows) yield `… and ${items.length - mostRows} more; --json has them all`;
}

const cut = (text: string): string => (text.length > 240 ? `${text.slice(0, 239)}…` : text);
