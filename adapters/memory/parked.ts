import { type ParkedItem, type ParkedStore, parkedKey } from "../../core/record/parked.ts";

/** Parked items that live as long as their process. */
export function memoryParked(): ParkedStore {
  const items = new Map<string, ParkedItem>();
  return {
    async park(item) {
      if (!items.has(parkedKey(item))) items.set(parkedKey(item), item);
    },
    async list() {
      return [...items.values()];
    },
  };
}
