import {
  admitted,
  byTime,
  mostWaiting,
  type WaitingRecord,
  type WaitingStore,
} from "../../core/flow/live/waiting-store.ts";
import { longestSession } from "../../core/identity/lineage/session-store.ts";

/** What waits as long as its process lives. */
export function memoryWaiting(): WaitingStore {
  const records = new Map<string, WaitingRecord>();
  const byKey = new Map<string, Set<string>>();
  const isFull = (key: string): boolean => (byKey.get(key)?.size ?? 0) >= mostWaiting;
  return {
    async put(seen) {
      const full: string[] = [];
      for (const one of seen) {
        const { write, short } = admitted(records.get(one.id), one, isFull);
        if (short) full.push(one.id);
        if (write === undefined) continue;
        records.set(one.id, write);
        for (const key of write.keys) byKey.set(key, (byKey.get(key) ?? new Set()).add(one.id));
      }
      return full;
    },
    async read(ids) {
      return ids.flatMap((id) => records.get(id) ?? []);
    },
    async under(keys) {
      const ids = new Set(keys.flatMap((key) => [...(byKey.get(key) ?? [])]));
      return [...ids].flatMap((id) => records.get(id) ?? []).sort(byTime);
    },
    async evict(horizon) {
      const old = [...records.values()].filter(({ at }) => at + longestSession <= horizon);
      for (const { id, keys } of old) {
        records.delete(id);
        for (const key of keys) {
          const ids = byKey.get(key);
          ids?.delete(id);
          if (ids?.size === 0) byKey.delete(key);
        }
      }
      return old.length;
    },
  };
}
