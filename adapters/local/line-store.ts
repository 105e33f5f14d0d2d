import type { Instant } from "../../core/event/instant.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { checkItem, type Row, textIn } from "./sqlite-tables.ts";

/** The settled lines that a store keeps. */
export type LineKind = "finding" | "decision" | "case";

/** One settled line, exactly as replay prints it, with what it is found by. */
export interface SettledLine {
  readonly id: string;
  readonly at: Instant;
  readonly caseId?: string;
  readonly line: string;
}

/** What replay settled last, so that cases can be read without the records. All calls are synchronous and join a transaction. */
export interface LineStore {
  /** Makes these the only lines of their kind, in one transaction. */
  replace(kind: LineKind, rows: readonly SettledLine[]): void;
  /** The lines of a kind, sorted by (at, id). */
  list(kind: LineKind): readonly string[];
  /** The lines that name a case: itself, its findings, its decisions, each kind sorted by (at, id). */
  ofCase(caseId: string): readonly string[];
}

/** Settled lines in the store's file. */
export function lineStore(store: Store): LineStore {
  const { clear, put, list, ofCase } = prepared(store, {
    clear: "DELETE FROM lines WHERE kind = ?",
    put: "INSERT INTO lines (kind, at, id, schema, case_id, line) VALUES (?, ?, ?, 1, ?, ?)",
    list: "SELECT kind, id, schema, line FROM lines WHERE kind = ? ORDER BY at, id",
    ofCase: `SELECT kind, id, schema, line FROM lines WHERE case_id = ?
             ORDER BY CASE kind WHEN 'case' THEN 0 WHEN 'finding' THEN 1 ELSE 2 END, at, id`,
  });
  const lineIn = (row: Row): string => {
    checkItem(row, 1, `${textIn(row, "kind")} ${textIn(row, "id")}`);
    return textIn(row, "line");
  };
  return {
    replace(kind, rows) {
      inTransaction(store, () => {
        clear.run(kind);
        for (const { id, at, caseId, line } of rows)
          put.run(kind, at, id, caseId ?? (kind === "case" ? id : null), line);
      });
    },
    list(kind) {
      return reading(store, () => list.all(kind)).map(lineIn);
    },
    ofCase(caseId) {
      return reading(store, () => ofCase.all(caseId)).map(lineIn);
    },
  };
}
