import Table from "cli-table3";
import type { DifferenceRow } from "../core/iam/compare/difference.ts";
import type { TrustRow } from "../core/iam/compare/trust-difference.ts";
import type { Compared } from "./policy-comparing.ts";
import { visible } from "./terminal.ts";

/** For a person: what was gained and lost, actions of one resource together, and which ways to more rights are now open. */
export function explained({ added, removed, escalates, left }: Compared): readonly string[] {
  if (added.length === 0 && removed.length === 0) return ["No difference: both allow the same."];
  const notes = [
    ...(left === 0 ? [] : ["", `${left.toLocaleString("en-US")} further rows are left out.`]),
    "",
    escalates.length === 0
      ? "No known way to more rights is newly open."
      : `Newly open ways to more rights: ${escalates.length}`,
    ...escalates.map(({ path }) => `  ${path.severity.toUpperCase().padEnd(8)}  ${path.id}: ${path.title}.`),
  ];
  return [...section("Newly allowed", added), ...section("No longer allowed", removed), ...notes];
}

function section(title: string, rows: readonly (DifferenceRow | TrustRow)[]): readonly string[] {
  if (rows.length === 0) return [];
  const groups = new Map<string, { readonly first: DifferenceRow | TrustRow; readonly actions: string[] }>();
  for (const row of rows) {
    const key = JSON.stringify([place(row), row.except, row.condition, notes(row)]);
    const found = groups.get(key);
    if (found === undefined) groups.set(key, { first: row, actions: [row.action] });
    else found.actions.push(row.action);
  }
  const table = new Table({
    head: ["actions", "principal" in (rows[0] ?? {}) ? "principal" : "resource", "only if"],
    colWidths: [34, 40, 34],
    wordWrap: true,
    wrapOnWordBoundary: false,
    style: { head: [], border: [] },
  });
  const shown = [...groups.values()].slice(0, mostGroups);
  for (const { first, actions } of shown)
    table.push([listed(actions, 8), placeText(first), [conditionText(first), ...notes(first)].join("\n")].map(clean));
  const more = groups.size - shown.length;
  return [
    `${title}: ${rows.length.toLocaleString("en-US")} ${rows.length === 1 ? "row" : "rows"}`,
    ...table.toString().split("\n"),
    ...(more === 0 ? [] : [`… and ${more} more groups; the answer on standard output has them all`]),
  ];
}

const mostGroups = 40;

/** Line by line, so that a policy cannot draw on the terminal. */
const clean = (text: string): string => text.split("\n").map(visible).join("\n");

const place = (row: DifferenceRow | TrustRow): string => ("principal" in row ? row.principal : row.resource);

const placeText = (row: DifferenceRow | TrustRow): string => {
  const except = row.except ?? [];
  const shown = cut(place(row));
  return except.length === 0 ? shown : `${shown}\nexcept ${listed(except, 3)}`;
};

const conditionText = ({ condition }: DifferenceRow | TrustRow): string =>
  Object.entries(condition)
    .flatMap(([operator, keys]) =>
      Object.entries(keys).map(([key, values]) => `${operator} ${cut(key)} ${listed(values, 3, ", ")}`),
    )
    .join("\n");

const notes = (row: DifferenceRow | TrustRow): readonly string[] => [
  ...("dropped" in row && row.dropped !== undefined ? [`no longer asked: ${row.dropped.join(", ")}`] : []),
  ...("missing" in row && row.missing !== undefined ? [`not bounded by: ${row.missing.join(", ")}`] : []),
];

const listed = (texts: readonly string[], most: number, between = "\n"): string =>
  [...texts.slice(0, most).map(cut), ...(texts.length > most ? [`and ${texts.length - most} more`] : [])].join(between);

const cut = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);
