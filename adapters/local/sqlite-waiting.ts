import {
  admitted,
  byTime,
  mostWaiting,
  type WaitingRecord,
  type WaitingStore,
} from "../../core/flow/live/waiting-store.ts";
import { longestSession } from "../../core/identity/lineage/session-store.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn, textIn } from "./sqlite-tables.ts";

/** What waits, on disk: each record once, and under each of its keys a pointer to it. */
export function sqliteWaiting(store: Store): WaitingStore {
  const asked = prepared(store, {
    find: "SELECT id, schema, item FROM waiting WHERE id = ?",
    put: `INSERT INTO waiting (id, schema, at, item) VALUES (?, 1, ?, ?)
          ON CONFLICT (id) DO UPDATE SET item = excluded.item`,
    point: "INSERT INTO waiting_keys (key, id) VALUES (?, ?) ON CONFLICT DO NOTHING",
    count: "SELECT count(*) AS n FROM (SELECT 1 FROM waiting_keys WHERE key = ? LIMIT ?)",
    under: "SELECT id FROM waiting_keys WHERE key = ?",
    unpoint: "DELETE FROM waiting_keys WHERE id IN (SELECT id FROM waiting WHERE at <= ? AND schema <= 1)",
    evict: "DELETE FROM waiting WHERE at <= ? AND schema <= 1",
  });
  const find = (id: string): WaitingRecord | undefined => {
    const row = asked.find.get(id);
    return row && itemIn(row, 1, `the waiting record ${id}`, (json): WaitingRecord => JSON.parse(json));
  };
  const isFull = (key: string): boolean => asked.count.get(key, mostWaiting)?.["n"] === mostWaiting;
  return {
    async put(seen) {
      return inTransaction(store, () => {
        const full: string[] = [];
        for (const one of seen) {
          const { write, short } = admitted(find(one.id), one, isFull);
          if (short) full.push(one.id);
          if (write === undefined) continue;
          asked.put.run(one.id, write.at, JSON.stringify(write));
          for (const key of write.keys) asked.point.run(key, one.id);
        }
        return full;
      });
    },
    async read(ids) {
      return reading(store, () => ids.flatMap((id) => find(id) ?? []));
    },
    async under(keys) {
      return reading(store, () => {
        const ids = new Set(keys.flatMap((key) => asked.under.all(key).map((row) => textIn(row, "id"))));
        return [...ids].flatMap((id) => find(id) ?? []).sort(byTime);
      });
    },
    async evict(horizon) {
      const until = horizon - longestSession;
      return inTransaction(store, () => {
        asked.unpoint.run(until);
        return Number(asked.evict.run(until).changes);
      });
    },
  };
}
