import {
  byWindow,
  foldWindow,
  type Window,
  type WindowStore,
  windowName,
} from "../../core/detect/windows/window-store.ts";

/** Windows that live as long as their process. */
export function memoryWindows(): WindowStore {
  const windows = new Map<string, Window>();
  return {
    async add(batch) {
      const changed: Window[] = [];
      for (const [name, marks] of byWindow(batch)) {
        const [key] = marks;
        const window = key && foldWindow(windows.get(name), key, marks);
        if (window === undefined) continue;
        windows.set(name, window);
        changed.push(window);
      }
      return changed;
    },
    async read(key) {
      return windows.get(windowName(key));
    },
    async evict(horizon) {
      const old = [...windows].filter(([, window]) => window.start < horizon);
      for (const [name] of old) windows.delete(name);
      return old.length;
    },
  };
}
