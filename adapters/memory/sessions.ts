import {
  joinLinks,
  type LinksByKey,
  type SessionStore,
  type StoredLink,
} from "../../core/identity/lineage/session-store.ts";

/** Lineage that lives as long as its process. */
export function memorySessions(): SessionStore {
  const links = new Map<string, readonly StoredLink[]>();
  const under = (keys: Iterable<string>): LinksByKey => new Map([...keys].map((key) => [key, links.get(key) ?? []]));
  return {
    async put(seen) {
      const byKey = Map.groupBy(seen, (link) => link.key);
      for (const [key, own] of byKey) {
        const joined = joinLinks(key, links.get(key) ?? [], own);
        if (joined !== undefined) links.set(key, joined);
      }
      return under(byKey.keys());
    },
    async find(keys) {
      return under(keys);
    },
    async evict(horizon) {
      let evicted = 0;
      for (const [key, own] of links) {
        const kept = own.filter((link) => link.keptUntil >= horizon);
        evicted += own.length - kept.length;
        if (kept.length === 0) links.delete(key);
        else if (kept.length < own.length) links.set(key, kept);
      }
      return evicted;
    },
  };
}
