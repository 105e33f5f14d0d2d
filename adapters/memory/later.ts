import type { Later, Waiting } from "../../core/flow/later.ts";

/** What waits for its time, as long as the process lives. */
export function memoryLater(): Later {
  const waiting = new Map<string, Waiting>();
  const finished = new Set<string>();
  return {
    async schedule(key, at, message) {
      if (waiting.has(key)) return "known";
      waiting.set(key, { schema: 1, key, at, message });
      return "scheduled";
    },
    async due(now) {
      return [...waiting.values()]
        .filter(({ key, at }) => at <= now && !finished.has(key))
        .sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
    },
    async done(key) {
      if (waiting.has(key)) finished.add(key);
    },
  };
}
