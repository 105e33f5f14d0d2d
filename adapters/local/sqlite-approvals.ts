import type { Approval, Approvals } from "../../core/respond/approval.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Approvals on disk. Each is written once and used up once. */
export function sqliteApprovals(store: Store): Approvals {
  const { put, read, used, use } = prepared(store, {
    put: "INSERT INTO approvals (id, schema, case_id, plan, item) VALUES (?, 1, ?, ?, ?) ON CONFLICT DO NOTHING",
    read: "SELECT schema, item FROM approvals WHERE case_id = ? AND plan = ? ORDER BY id",
    used: "SELECT used_by FROM approvals WHERE id = ?",
    use: "UPDATE approvals SET used_by = ? WHERE id = ? AND schema <= 1",
  });
  return {
    async give(approval) {
      const { changes } = inTransaction(store, () =>
        put.run(approval.id, approval.caseId, approval.plan, JSON.stringify(approval)),
      );
      return changes === 0 ? "known" : "written";
    },
    async of(caseId, plan) {
      return reading(store, () => read.all(caseId, plan)).map((row) =>
        itemIn(row, 1, `an approval of ${caseId}`, (json): Approval => JSON.parse(json)),
      );
    },
    async consume(ids, run) {
      return inTransaction(store, () => {
        const rows = ids.map((id) => used.get(id));
        if (ids.length === 0 || rows.some((row) => row === undefined || (row["used_by"] ?? run) !== run)) return false;
        for (const id of ids) use.run(run, id);
        return true;
      });
    },
  };
}
