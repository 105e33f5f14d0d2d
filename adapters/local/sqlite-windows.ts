import {
  byWindow,
  foldWindow,
  type Window,
  type WindowKey,
  type WindowStore,
  windowName,
} from "../../core/detect/windows/window-store.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Windows on disk; a batch is one transaction with at most one write per window. */
export function sqliteWindows(store: Store): WindowStore {
  const { find, put, evict } = prepared(store, {
    find: "SELECT schema, item FROM windows WHERE name = ?",
    put: `INSERT INTO windows (name, schema, start, item) VALUES (?, 1, ?, ?)
          ON CONFLICT (name) DO UPDATE SET item = excluded.item`,
    evict: "DELETE FROM windows WHERE start < ? AND schema <= 1",
  });
  const read = (key: WindowKey): Window | undefined => {
    const row = reading(store, () => find.get(windowName(key)));
    const name = `the window of ${key.detector} over ${key.subject}`;
    return row && itemIn(row, 1, name, (json): Window => JSON.parse(json));
  };
  return {
    async add(batch) {
      return inTransaction(store, () => {
        const changed: Window[] = [];
        for (const [name, marks] of byWindow(batch)) {
          const [key] = marks;
          const window = key && foldWindow(read(key), key, marks);
          if (window === undefined) continue;
          put.run(name, window.start, JSON.stringify(window));
          changed.push(window);
        }
        return changed;
      });
    },
    async read(key) {
      return read(key);
    },
    async evict(horizon) {
      return Number(inTransaction(store, () => evict.run(horizon)).changes);
    },
  };
}
