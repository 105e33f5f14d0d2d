import { hash } from "node:crypto";
import { type ParkedItem, type ParkedStore, parkedKey } from "../../core/record/parked.ts";
import { blobStore } from "./blob-store.ts";
import { prepared, reading, type Store } from "./sqlite.ts";

/** Parked items in the store's file, each under a digest of its source and body. */
export function sqliteParked(store: Store): ParkedStore {
  const blobs = blobStore(store);
  const { names } = prepared(store, {
    names: "SELECT DISTINCT name FROM blobs WHERE name LIKE 'parked:%' ORDER BY name",
  });
  const read = (name: string): readonly ParkedItem[] =>
    blobs.read(name).map((bytes) => JSON.parse(Buffer.from(bytes).toString("utf8")) as ParkedItem);
  return {
    async park(item) {
      const name = `parked:${hash("sha256", parkedKey(item), "hex")}`;
      if (read(name).length === 0) blobs.put(name, 0, Buffer.from(JSON.stringify(item)));
    },
    async list() {
      return reading(store, () => names.all()).flatMap((row) => read(String(row["name"])));
    },
  };
}
