import { type Severity, severities } from "../detect/finding.ts";
import type { Review, ReviewItem } from "./review.ts";

/** Rows and details beyond these are counted: a comment on a pull request may have 65,536 characters. */
const most = { rows: 40, details: 4, characters: 60_000, text: 200 } as const;

/**
 * A review as GitHub-flavoured Markdown, for a comment on a pull request. Names are foreign text: whatever is no plain word
 * comes as code in which every other character is a character reference, so that it makes no markup, link or mention.
 */
export function reviewMarkdown({ items, summary, blind }: Review): readonly string[] {
  const head = ["### cordon simulate", "", ...summary.map((one) => `- ${foreign(one)}`), ""];
  const sorted = items.toSorted((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
  const grave = sorted.filter(({ severity }) => severity !== "info");
  const tail = [
    ...folded(
      "For information",
      sorted.filter(({ severity }) => severity === "info").map(({ message }) => message),
    ),
    ...folded("What this cannot show", blind),
  ];
  if (grave.length === 0) return [...head, "Nothing to review.", "", ...tail];
  const rows = grave.slice(0, most.rows).map(rowOf);
  const room = most.characters - [...head, ...tail].join("\n").length;
  let [used, shown] = [0, 0];
  for (const row of rows) {
    if (used + row.length > room) break;
    used += row.length + 1;
    shown++;
  }
  return [
    ...head,
    "| severity | what | seen | where |",
    "| --- | --- | --- | --- |",
    ...rows.slice(0, shown),
    "",
    ...(grave.length > shown ? [`and ${grave.length - shown} more; the table and SARIF have all of them`, ""] : []),
    ...tail,
  ];
}

const marks: Readonly<Record<Severity, string>> = {
  critical: "**critical**",
  high: "**high**",
  medium: "medium",
  low: "low",
  info: "info",
};

function rowOf({ severity, message, details, seen, place }: ReviewItem): string {
  const shown = details.slice(0, most.details).map(foreign);
  const more = details.length > most.details ? [`and ${details.length - most.details} more`] : [];
  const what = [foreign(message), ...shown, ...more].join("<br>");
  return `| ${marks[severity]} | ${what} | ${seen === undefined ? "" : foreign(seen)} | ${foreign(`${place.file}:${place.line}`)} |`;
}

function folded(title: string, lines: readonly string[]): readonly string[] {
  if (lines.length === 0) return [];
  const shown = lines.slice(0, most.rows).map((one) => `- ${foreign(one)}`);
  const more = lines.length > most.rows ? [`- and ${lines.length - most.rows} more`] : [];
  return ["<details>", `<summary>${title}</summary>`, "", ...shown, ...more, "", "</details>", ""];
}

/** Words and numbers as they are, everything else as code. */
const foreign = (text: string): string =>
  (text.length > most.text ? `${text.slice(0, most.text - 1)}…` : text)
    .toWellFormed()
    .split(" ")
    .map((word) => (plainWord.test(word) ? word : coded(word)))
    .join(" ");

/** Letters and small numbers make no markup, and no link: no dot, no `#`, nothing that looks like a commit. */
const plainWord = /^(?:[A-Za-z]+(?:-[a-z]+)*|\d{1,6})?[,:;]?$/;

/**
 * Character references never make structure (CommonMark, "Entity and numeric character references"), and services make no
 * mentions or links inside code.
 */
const coded = (word: string): string => {
  const safe = word.replaceAll(/[^A-Za-z0-9]/gu, (found) => {
    const point = found.codePointAt(0) ?? 0xfffd;
    return isInvisible(point) ? "&#65533;" : `&#${point};`;
  });
  return `<code>${safe}</code>`;
};

/** Control, direction and zero-width characters change what is read, not what is meant. */
const isInvisible = (point: number): boolean =>
  point < 0x20 ||
  (point >= 0x7f && point <= 0x9f) ||
  (point >= 0x200b && point <= 0x200f) ||
  (point >= 0x2028 && point <= 0x202e) ||
  (point >= 0x2060 && point <= 0x2069) ||
  point === 0xfeff ||
  point >= 0xe0000;
