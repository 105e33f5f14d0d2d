import type { IdentityRow, SecretRow } from "../core/flow/inventory/inventory-row.ts";
import { printSecond } from "./inventory-lines.ts";

/** The identities as CSV (RFC 4180), header first; a spreadsheet takes no cell for a formula. */
export function* identityCsv(rows: readonly IdentityRow[]): Generator<string> {
  yield csvLine(identityColumns.map(([name]) => name));
  for (const row of rows) yield csvLine(identityColumns.map(([, cell]) => cell(row)));
}

/** The secrets as CSV, one line for each secret and reader. */
export function* secretCsv(rows: readonly SecretRow[]): Generator<string> {
  yield csvLine(["kind", "secret", "reader", "reader kind", "declared", "reads", "denied", "last"]);
  for (const { kind, id, readers } of rows)
    for (const one of readers)
      yield csvLine([
        kind,
        id,
        one.id,
        one.kind,
        one.declared,
        String(one.reads),
        String(one.denied),
        printSecond(one.last),
      ]);
}

const identityColumns: readonly (readonly [name: string, cell: (row: IdentityRow) => string])[] = [
  ["risk", (row) => String(row.risk)],
  ["kind", (row) => row.kind],
  ["id", (row) => row.id],
  ["account", (row) => row.account ?? ""],
  ["workload", (row) => row.workload ?? ""],
  ["owner", (row) => row.owner],
  ["credential", (row) => row.credential],
  ["exists", (row) => (row.exists === undefined ? "" : row.exists ? "yes" : "no")],
  ["created", (row) => printSecond(row.created)],
  ["created by", (row) => row.createdBy ?? ""],
  ["last used", (row) => printSecond(row.lastUsed)],
  ["calls", (row) => String(row.calls)],
  ["may assume", (row) => row.mayAssume.join("; ")],
  ["assumed by", (row) => row.assumedBy.join("; ")],
  ["members", (row) => row.members.join("; ")],
  ["granted", (row) => String(row.granted ?? "")],
  ["used", (row) => String(row.used ?? "")],
  ["escalation", (row) => (row.escalation ?? []).join("; ")],
  ["secrets", (row) => row.secrets.join("; ")],
  ["decrypts", (row) => String(row.decrypts)],
  ["flags", (row) => row.flags.join("; ")],
  ["reasons", (row) => row.reasons.map(({ rule, points }) => `${rule} ${points}`).join("; ")],
];

const csvLine = (cells: readonly string[]): string => cells.map(csvCell).join(",");

/** OWASP's advice against CSV injection: a quote before what a spreadsheet would calculate, also where blanks stand before it. */
export function csvCell(text: string): string {
  const plain = text.toWellFormed().replaceAll("\u0000", "");
  const safe =
    /^[\s\u00a0]*[=+\-@|%\uff1d\uff0b\uff0d\uff20]/.test(plain) || /^[\t\r\n]/.test(plain) ? `'${plain}` : plain;
  return /[",\r\n;\t']/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
