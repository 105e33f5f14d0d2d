import {
  type Activity,
  type ActivityStore,
  activityName,
  foldActivity,
} from "../../core/detect/windows/activity-store.ts";
import { dayOf } from "../../core/event/instant.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn, type Row } from "./sqlite-tables.ts";

/** Baselines on disk; a batch is one transaction with at most one write per identity, action and day. */
export function sqliteActivity(store: Store): ActivityStore {
  const { find, put, list, evict } = prepared(store, {
    find: "SELECT schema, item FROM activity WHERE identity = ? AND action = ? AND day = ?",
    put: `INSERT INTO activity (identity, action, day, schema, item) VALUES (?, ?, ?, 1, ?)
          ON CONFLICT DO UPDATE SET item = excluded.item`,
    list: "SELECT schema, item FROM activity WHERE identity = ? AND action = ? ORDER BY day",
    evict: "DELETE FROM activity WHERE day < ? AND schema <= 1",
  });
  const item = (row: Row, identity: string, action: string): Activity =>
    itemIn(row, 1, `the activity of ${identity} with ${action}`, (json): Activity => JSON.parse(json));
  return {
    async add(batch) {
      return inTransaction(store, () => {
        const changed: Activity[] = [];
        for (const [first, ...others] of Map.groupBy(batch, activityName).values()) {
          if (first === undefined) continue;
          const { identity, action, at } = first;
          const row = find.get(identity, action, dayOf(at));
          const activity = foldActivity(row && item(row, identity, action), [first, ...others]);
          if (activity === undefined) continue;
          put.run(identity, action, activity.day, JSON.stringify(activity));
          changed.push(activity);
        }
        return changed;
      });
    },
    async read(identity, action) {
      return reading(store, () => list.all(identity, action)).map((row) => item(row, identity, action));
    },
    async evict(horizon) {
      return Number(inTransaction(store, () => evict.run(dayOf(horizon))).changes);
    },
  };
}
