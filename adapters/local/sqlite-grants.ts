import { canonical } from "../../core/event/canonical.ts";
import {
  type ApprovedGrant,
  byStart,
  checkGrant,
  type GrantStore,
  grantConflict,
} from "../../core/identity/envelope/grant-store.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Run-time grants on disk. */
export function sqliteGrants(store: Store): GrantStore {
  const { insert, find, list } = prepared(store, {
    insert: "INSERT INTO grants (workload, id, schema, item) VALUES (?, ?, 1, ?) ON CONFLICT DO NOTHING",
    find: "SELECT schema, item FROM grants WHERE workload = ? AND id = ?",
    list: "SELECT id, schema, item FROM grants WHERE workload = ?",
  });
  const named = (workload: string, id: unknown): string => `grant ${String(id)} of ${workload}`;
  return {
    async put(grant) {
      checkGrant(grant);
      const item = canonical(grant);
      return inTransaction(store, () => {
        if (insert.run(grant.workload, grant.id, item).changes === 1) return "written";
        const row = find.get(grant.workload, grant.id) ?? {};
        const known = itemIn(row, 1, named(grant.workload, grant.id), (json) => json);
        if (known !== item) throw grantConflict(grant);
        return "known";
      });
    },
    async ofWorkload(workload) {
      const rows = reading(store, () => list.all(workload));
      return rows
        .map((row) => itemIn(row, 1, named(workload, row["id"]), (json): ApprovedGrant => JSON.parse(json)))
        .sort(byStart);
    },
  };
}
