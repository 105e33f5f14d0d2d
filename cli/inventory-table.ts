import Table from "cli-table3";
import type { IdentityRow, SecretRow } from "../core/flow/inventory/inventory-row.ts";
import { drawn, type Pen } from "./chain-picture.ts";
import { printSecond } from "./inventory-lines.ts";

/** How a table is drawn. */
export interface TablePage {
  readonly pen: Pen;
  readonly columns: number;
}

/** The identities as a table that fits the terminal, the greatest risk first. */
export function identityTable(rows: readonly IdentityRow[], page: TablePage): readonly string[] {
  const known = rows.some((one) => one.granted !== undefined);
  return table(
    [
      { head: "RISK", least: 4, cells: rows.map((row) => String(row.risk)) },
      { head: "KIND", least: 8, cells: rows.map(({ kind }) => kind) },
      { head: "IDENTITY", least: 20, cells: rows.map(nameOf), keep: "end" },
      { head: "OWNER", least: 9, cells: rows.map(({ owner }) => owner), dropped: 3 },
      { head: "LAST USED", least: 10, cells: rows.map(({ lastUsed }) => dayOf(lastUsed) || "not seen"), dropped: 2 },
      { head: known ? "USED/GRANTED" : "USED", least: 4, cells: rows.map((row) => usedOf(row, known)), dropped: 4 },
      ...(known ? [{ head: "WAYS", least: 4, cells: rows.map(waysOf) }] : []),
      { head: "SECRETS", least: 7, cells: rows.map(({ secrets }) => String(secrets.length)), dropped: 1 },
      { head: "FLAGS", least: 8, cells: rows.map(flagText) },
    ],
    page,
  );
}

/** The secrets as a table: each with the one that read it last and how many others did. */
export function secretTable(rows: readonly SecretRow[], page: TablePage): readonly string[] {
  const readers = rows.flatMap(({ id, kind, readers: all }) => all.map((reader) => ({ id, kind, reader })));
  return table(
    [
      { head: "KIND", least: 9, cells: readers.map(({ kind }) => kind), dropped: 3 },
      { head: "SECRET", least: 20, cells: readers.map(({ id }) => shortArn(id)), keep: "end" },
      { head: "READ BY", least: 16, cells: readers.map(({ reader }) => shortArn(reader.id)), keep: "end" },
      { head: "READS", least: 5, cells: readers.map(({ reader }) => String(reader.reads)) },
      { head: "DENIED", least: 6, cells: readers.map(({ reader }) => String(reader.denied)), dropped: 1 },
      { head: "LAST", least: 20, cells: readers.map(({ reader }) => printSecond(reader.last)), dropped: 2 },
      { head: "DECLARED", least: 12, cells: readers.map(({ reader }) => reader.declared) },
    ],
    page,
  );
}

/** Account and name are what a person looks for; the rest of an ARN is the same in every row. */
const shortArn = (id: string): string => id.replace(/^(?:(?:role|user|lambda|sagemaker):)?arn:[^:]+:[^:]+:[^:]*:/, "");

const nameOf = ({ kind, id, account }: IdentityRow): string =>
  kind === "service-linked-roles"
    ? `all of ${account ?? "no account"}`
    : kind === "aws-services"
      ? "all"
      : shortArn(id);

function usedOf({ used, granted }: IdentityRow, known: boolean): string {
  if (!known) return String(used ?? "-");
  return used === undefined && granted === undefined ? "-" : `${used ?? "?"}/${granted ?? "?"}`;
}

const dayOf = (second: number | undefined): string => printSecond(second).slice(0, 10);

/** How many known ways to more rights are open. */
function waysOf({ escalation, reasons }: IdentityRow): string {
  if (reasons.some(({ rule }) => rule === "administrator")) return "all";
  return escalation === undefined ? "-" : String(escalation.length);
}

/** The owner's column says what is undeclared. */
const flagText = ({ flags, exists }: IdentityRow): string =>
  [...flags.filter((one) => one !== "undeclared"), ...(exists === false ? ["gone"] : [])].join(" ");

/** One column of a table. */
export interface Column {
  readonly head: string;
  /** Characters it is never narrower than. */
  readonly least: number;
  readonly cells: readonly string[];
  /** Which end of a text stays when it is cut. */
  readonly keep?: "end";
  /** Left out, the lowest number first, where the terminal has no room for all. */
  readonly dropped?: number;
}

const gap = 2;

/** Leaves out what may be left out until the narrowest form fits. */
function fitting(columns: readonly Column[], room: number): readonly Column[] {
  const least = sum(columns.map((one) => Math.max(one.least, one.head.length))) + gap * (columns.length - 1);
  const order = columns.flatMap(({ dropped }) => dropped ?? []);
  return least <= room || order.length === 0
    ? columns
    : fitting(
        columns.filter(({ dropped }) => dropped !== Math.min(...order)),
        room,
      );
}

/** Columns side by side, cut and dropped until they fit. */
export function table(all: readonly Column[], { pen, columns: room }: TablePage): readonly string[] {
  const columns = fitting(all, room);
  const cells = columns.map((one) => one.cells.map((cell) => drawn(cell, pen)));
  const widths = columns.map(({ head }, at) =>
    Math.max(head.length, ...(cells[at] ?? []).slice(0, longTable).map((cell) => cell.length)),
  );
  for (let over = sum(widths) + gap * (columns.length - 1) - room; over > 0; over--) {
    // The widest column above its least gives first; where all are at their least, the terminal wraps.
    const spare = widths.map((width, at) => width - Math.max(columns[at]?.least ?? 0, columns[at]?.head.length ?? 0));
    const widest = spare.indexOf(Math.max(...spare));
    if ((spare[widest] ?? 0) <= 0) break;
    widths[widest] = (widths[widest] ?? 0) - 1;
  }
  const drawnTable = new Table({
    head: columns.map(({ head }) => head),
    chars: bare,
    style: { head: [], border: [], "padding-left": 0, "padding-right": gap },
  });
  for (let row = 0; row < (cells[0]?.length ?? 0); row++)
    drawnTable.push(
      columns.map(({ keep }, at) => cut(cells[at]?.[row] ?? "", widths[at] ?? 0, { pen, keep: keep ?? "beginning" })),
    );
  return drawnTable
    .toString()
    .split("\n")
    .map((line) => line.trimEnd());
}

/** Widths are taken from so many rows; a spread of a hundred thousand arguments would end the stack. */
const longTable = 10_000;

const sum = (all: readonly number[]): number => all.reduce((total, one) => total + one, 0);

function cut(
  text: string,
  width: number,
  { pen, keep }: { readonly pen: Pen; readonly keep: "end" | "beginning" },
): string {
  if (text.length <= width) return text;
  const mark = pen === "unicode" ? "…" : "...";
  const room = Math.max(0, width - mark.length);
  return keep === "end" ? `${mark}${text.slice(text.length - room)}` : `${text.slice(0, room)}${mark}`;
}

const bare = Object.fromEntries(
  ["top", "bottom", "left", "right", "mid"]
    .flatMap((side) => [side, `${side}-mid`, `${side}-left`, `${side}-right`])
    .concat("middle", "mid-mid")
    .map((name) => [name, ""]),
);
