import type { IamWrite } from "../../core/iam/account/iam-change.ts";
import { inOrder, keysOf } from "../../core/iam/account/write-key.ts";
import { outranks, type WriteStore } from "../../core/iam/account/write-log.ts";
import { inTransaction, prepared, reading, type Store } from "./sqlite.ts";
import { itemIn, type Row } from "./sqlite-tables.ts";

/** Writes of IAM on disk, each under every key that it is found by; a batch is one transaction. */
export function sqliteWrites(store: Store): WriteStore {
  const { find, put, under } = prepared(store, {
    find: "SELECT schema, item FROM iam_writes WHERE key = ? AND id = ?",
    put: `INSERT INTO iam_writes (key, id, schema, at, item) VALUES (?, ?, 1, ?, ?)
          ON CONFLICT (key, id) DO UPDATE SET at = excluded.at, item = excluded.item`,
    under: "SELECT schema, item FROM iam_writes WHERE key = ?",
  });
  const writeIn = (row: Row, key: string): IamWrite =>
    itemIn(row, 1, `a write of IAM under "${key}"`, (json): IamWrite => JSON.parse(json));
  return {
    async learn(writes) {
      inTransaction(store, () => {
        for (const write of writes)
          for (const key of keysOf(write.change)) {
            const known = find.get(key, write.id);
            if (known === undefined || outranks(write, writeIn(known, key)))
              put.run(key, write.id, write.at, JSON.stringify(write));
          }
      });
    },
    async read(keys) {
      return reading(
        store,
        () =>
          new Map(
            keys.map((key) => [
              key,
              under
                .all(key)
                .map((row) => writeIn(row, key))
                .sort(inOrder),
            ]),
          ),
      );
    },
  };
}
