import type { Later, Waiting } from "../../core/flow/later.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** What waits for its time, on disk: it survives the process. */
export function sqliteLater(store: Store): Later {
  const { insert, due, done } = prepared(store, {
    insert: "INSERT INTO later (key, schema, at, done, item) VALUES (?, 1, ?, 0, ?) ON CONFLICT DO NOTHING",
    due: "SELECT key, schema, item FROM later WHERE done = 0 AND at <= ? ORDER BY at, key",
    // The row stays: its key must be known when the same event comes again.
    done: "UPDATE later SET done = 1 WHERE key = ? AND schema <= 1",
  });
  return {
    async schedule(key, at, message) {
      const waiting: Waiting = { schema: 1, key, at, message };
      const { changes } = inTransaction(store, () => insert.run(key, at, JSON.stringify(waiting)));
      return changes === 0 ? "known" : "scheduled";
    },
    async due(now) {
      return reading(store, () => due.all(now)).map((row) =>
        itemIn(row, 1, `the waiting message ${String(row["key"])}`, (json): Waiting => JSON.parse(json)),
      );
    },
    async done(key) {
      inTransaction(store, () => done.run(key));
    },
  };
}
