import type { Instant } from "../../core/event/instant.ts";
import {
  joinLinks,
  type LinksByKey,
  type SessionStore,
  type StoredLink,
} from "../../core/identity/lineage/session-store.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn } from "./sqlite-tables.ts";

/** Lineage and placements on disk; a batch is one transaction that writes what is new under each key, and nothing else. */
export function sqliteSessions(store: Store): SessionStore {
  const { find, put, drop, evict } = prepared(store, {
    find: "SELECT schema, item FROM links WHERE key = ? ORDER BY id",
    put: `INSERT INTO links (key, id, schema, kept_until, item) VALUES (?, ?, 1, ?, ?)
          ON CONFLICT (key, id) DO UPDATE SET kept_until = excluded.kept_until, item = excluded.item`,
    drop: "DELETE FROM links WHERE key = ? AND id = ?",
    evict: "DELETE FROM links WHERE kept_until < ? AND schema <= 1",
  });
  const under = (key: string): readonly StoredLink[] =>
    find.all(key).map((row) => itemIn(row, 1, `a link under "${key}"`, (json): StoredLink => JSON.parse(json)));
  const join = (key: string, seen: readonly StoredLink[]): readonly StoredLink[] => {
    const known = under(key);
    const joined = joinLinks(key, known, seen);
    if (joined === undefined) return known;
    const before = new Map(known.map((link) => [link.id, link.rank]));
    for (const link of joined) {
      if (before.get(link.id) !== link.rank) put.run(key, link.id, link.keptUntil, JSON.stringify(link));
      before.delete(link.id);
    }
    for (const id of before.keys()) drop.run(key, id);
    return joined;
  };
  return {
    async put(seen): Promise<LinksByKey> {
      const byKey = [...Map.groupBy(seen, (link) => link.key)];
      return inTransaction(store, () => new Map(byKey.map(([key, own]) => [key, join(key, own)])));
    },
    async find(keys): Promise<LinksByKey> {
      return reading(store, () => new Map(keys.map((key) => [key, under(key)])));
    },
    async evict(horizon: Instant) {
      return Number(inTransaction(store, () => evict.run(horizon)).changes);
    },
  };
}
