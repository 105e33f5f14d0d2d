import { randomUUID } from "node:crypto";
import { closeSync, existsSync, openSync } from "node:fs";
import { resolve } from "node:path";
import { DatabaseSync, type StatementSync } from "node:sqlite";
import { Fault } from "../../core/fault.ts";
import { toFault } from "./sqlite-fault.ts";
import { applicationId, storeSchema, tables } from "./sqlite-tables.ts";
import { upgradeFrom1, upgradeFrom2, upgradeFrom3 } from "./sqlite-upgrade.ts";

/** One opened store: an SQLite file that this process alone holds until `close`. */
export interface Store {
  readonly db: DatabaseSync;
  /** The file's absolute path. */
  readonly file: string;
  readonly readOnly: boolean;
  /** Random, made with the store: tells one store from another that took its place. */
  readonly id: string;
  /** What to run once the current transaction is on disk; dropped when it is rolled back. */
  readonly committed: (() => void)[];
  close(): void;
}

/**
 * Opens a store for writing, making it when the file is absent or empty. The lock is held until `close`: a second process
 * gets Fault "conflict". A file that is no store, or one of a newer version, is Fault "misconfigured".
 */
export function openStore(given: string): Store {
  const file = resolve(given);
  return guarded(file, "open", () => {
    // Made by us, not by SQLite, so that nobody but the owner can read it.
    closeSync(openSync(file, "a", 0o600));
    const db = new DatabaseSync(file);
    return closingOnError(db, () => {
      // The exclusive mode holds its lock from the first use until the file is closed, and needs no shared memory file.
      db.exec("PRAGMA busy_timeout = 0; PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; BEGIN IMMEDIATE");
      if (tablesOf(db) === 0) make(db);
      const found = checkOurs(db, file);
      if (found < storeSchema) upgrade(db, found);
      db.exec("COMMIT");
      // The file is ours by now; another process that is just being refused may need a moment to let go.
      db.exec("PRAGMA busy_timeout = 1000; PRAGMA journal_mode = WAL; PRAGMA busy_timeout = 0");
      return storeOf(db, file, { readOnly: false });
    });
  });
}

/**
 * Opens a store for reading only and sees one unchanging state of it. An absent file is Fault "not-found". A store of an
 * older version is read as it is: what that version did not have is not there.
 */
export function openStoreReadOnly(given: string): Store {
  const file = resolve(given);
  if (!existsSync(file))
    throw new Fault("not-found", `${file}: there is no such file; give the store that a replay wrote with --store`);
  return guarded(file, "open", () => {
    const db = new DatabaseSync(file, { readOnly: true });
    return closingOnError(db, () => {
      db.exec("PRAGMA busy_timeout = 0; BEGIN");
      checkOurs(db, file);
      return storeOf(db, file, { readOnly: true });
    });
  });
}

/**
 * Runs `work` as one transaction: all of it is on disk afterwards, or none. Within another transaction it joins that
 * one, which must then not swallow what `work` throws.
 */
export function inTransaction<Result>(store: Store, work: () => Result): Result {
  const { db, file, committed } = store;
  if (db.isTransaction) return guarded(file, "write", work);
  return guarded(file, "write", () => {
    db.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      db.exec("COMMIT");
      for (const after of committed.splice(0)) after();
      return result;
    } finally {
      committed.length = 0;
      if (db.isTransaction) db.exec("ROLLBACK");
    }
  });
}

/** Runs a read and turns what SQLite throws into a Fault that names the file. */
export const reading = <Result>(store: Store, work: () => Result): Result => guarded(store.file, "read", work);

/** Prepares each of the statements once; their texts are constants, everything else is bound. */
export function prepared<const Name extends string>(
  store: Store,
  texts: Readonly<Record<Name, string>>,
): Readonly<Record<Name, StatementSync>> {
  return guarded(store.file, "open", () => {
    const statements = Object.entries<string>(texts).map(([name, text]) => [name, store.db.prepare(text)]);
    return Object.fromEntries(statements);
  });
}

function storeOf(db: DatabaseSync, file: string, { readOnly }: { readonly readOnly: boolean }): Store {
  return {
    db,
    file,
    readOnly,
    id: metaIn(db, "id"),
    committed: [],
    close() {
      if (!db.isOpen) return;
      guarded(file, "close", () => {
        if (db.isTransaction) db.exec("ROLLBACK");
        // Back to one file without a log beside it: it can be copied whole and read from read-only media.
        if (!readOnly) db.exec("PRAGMA journal_mode = DELETE");
        db.close();
      });
    },
  };
}

const metaIn = (db: DatabaseSync, key: string): string =>
  String(db.prepare("SELECT value FROM meta WHERE key = ?").get(key)?.["value"] ?? "");

const tablesOf = (db: DatabaseSync): unknown =>
  db.prepare("SELECT count(*) AS tables FROM sqlite_schema").get()?.["tables"];

/** Brings an older store to this version, within the transaction that opened it. */
function upgrade(db: DatabaseSync, found: number): void {
  if (found < 2) upgradeFrom1(db);
  if (found < 3) upgradeFrom2(db);
  if (found < 4) upgradeFrom3(db);
  db.prepare("UPDATE meta SET value = ? WHERE key = 'schema'").run(String(storeSchema));
}

function make(db: DatabaseSync): void {
  for (const table of tables) db.exec(table);
  const meta = db.prepare("INSERT INTO meta (key, value) VALUES (?, ?)");
  meta.run("schema", String(storeSchema));
  meta.run("id", randomUUID());
  db.exec(`PRAGMA application_id = ${applicationId}`);
}

/** The store's schema, when this version can read it. */
function checkOurs(db: DatabaseSync, file: string): number {
  if (db.prepare("PRAGMA application_id").get()?.["application_id"] !== applicationId)
    throw new Fault(
      "misconfigured",
      `${file} is not a Cordon store; give another --store file, this one was not changed`,
    );
  const found = Number(metaIn(db, "schema"));
  if (found >= 1 && found <= storeSchema) return found;
  const why = found > storeSchema ? "upgrade Cordon, or give another --store file" : "it is damaged: restore a copy";
  throw new Fault("misconfigured", `${file} has store schema ${found}, this version reads ${storeSchema}; ${why}`);
}

function closingOnError<Result>(db: DatabaseSync, work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    db.close();
    throw cause;
  }
}

function guarded<Result>(file: string, doing: "open" | "read" | "write" | "close", work: () => Result): Result {
  try {
    return work();
  } catch (cause) {
    throw toFault(cause, file, doing);
  }
}
