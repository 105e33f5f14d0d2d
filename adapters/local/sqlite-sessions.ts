import { issuanceRank, keptUntil, type SessionStore, type StoredIssuance } from "../../core/identity/session-store.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Lineage on disk; one conditional write per new credential. */
export function sqliteSessions(store: Store): SessionStore {
  const { put, find, evict } = prepared(store, {
    // The better of two records of one call wins, whichever came first.
    put: `INSERT INTO sessions (child, schema, rank, kept_until, item) VALUES (?, 1, ?, ?, ?)
          ON CONFLICT (child) DO UPDATE SET rank = excluded.rank, kept_until = excluded.kept_until, item = excluded.item
          WHERE excluded.rank < sessions.rank AND sessions.schema <= 1`,
    find: "SELECT schema, item FROM sessions WHERE child = ?",
    evict: "DELETE FROM sessions WHERE kept_until < ? AND schema <= 1",
  });
  return {
    async put(issuance) {
      const kept = keptUntil(issuance);
      const { changes } = inTransaction(store, () =>
        put.run(issuance.accessKeyId, issuanceRank(issuance), kept, JSON.stringify(issuance)),
      );
      return changes === 0 ? "known" : "written";
    },
    async find(accessKeyId) {
      const row = reading(store, () => find.get(accessKeyId));
      return row && itemIn(row, 1, `the session of ${accessKeyId}`, (json): StoredIssuance => JSON.parse(json));
    },
    async evict(horizon) {
      return Number(inTransaction(store, () => evict.run(horizon)).changes);
    },
  };
}
