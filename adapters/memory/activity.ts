import {
  type Activity,
  type ActivityStore,
  activityName,
  foldActivity,
} from "../../core/detect/windows/activity-store.ts";
import { dayOf } from "../../core/event/instant.ts";

/** Baselines that live as long as their process. */
export function memoryActivity(): ActivityStore {
  const days = new Map<string, Activity>();
  return {
    async add(batch) {
      const changed: Activity[] = [];
      for (const [name, [first, ...others]] of Map.groupBy(batch, activityName)) {
        const activity = first && foldActivity(days.get(name), [first, ...others]);
        if (activity === undefined) continue;
        days.set(name, activity);
        changed.push(activity);
      }
      return changed;
    },
    async read(identity, action) {
      return [...days.values()]
        .filter((day) => day.identity === identity && day.action === action)
        .sort((a, b) => (a.day < b.day ? -1 : 1));
    },
    async evict(horizon) {
      const old = [...days].filter(([, { day }]) => day < dayOf(horizon));
      for (const [name] of old) days.delete(name);
      return old.length;
    },
  };
}
