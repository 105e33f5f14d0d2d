import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { checkItem } from "./sqlite-tables.ts";

/** Named bytes in numbered parts, for state that only its owner reads. All calls are synchronous and join a transaction. */
export interface BlobStore {
  /** Writes one part, over what was there. */
  put(name: string, part: number, bytes: Uint8Array): void;
  /** The parts of a name in order; empty when there are none. */
  read(name: string): readonly Uint8Array[];
  /** Makes these the only parts of the name, numbered from 0, in one transaction. */
  replaceAll(name: string, parts: Iterable<Uint8Array>): void;
}

/** Blobs in the store's file. */
export function blobStore(store: Store): BlobStore {
  const { put, read, clear } = prepared(store, {
    put: `INSERT INTO blobs (name, part, schema, bytes) VALUES (?, ?, 1, ?)
          ON CONFLICT (name, part) DO UPDATE SET schema = 1, bytes = excluded.bytes`,
    read: "SELECT schema, bytes FROM blobs WHERE name = ? ORDER BY part",
    clear: "DELETE FROM blobs WHERE name = ?",
  });
  return {
    put(name, part, bytes) {
      inTransaction(store, () => put.run(name, part, bytes));
    },
    read(name) {
      return reading(store, () => read.all(name)).map((row) => {
        checkItem(row, 1, `the stored state "${name}"`);
        const bytes = row["bytes"];
        return bytes instanceof Uint8Array ? bytes : new Uint8Array();
      });
    },
    replaceAll(name, parts) {
      inTransaction(store, () => {
        clear.run(name);
        let part = 0;
        for (const bytes of parts) put.run(name, part++, bytes);
      });
    },
  };
}
