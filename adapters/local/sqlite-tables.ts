import { Fault } from "../../core/fault.ts";

/** The version of the layout as a whole. A newer one is refused, so add to it only together with a way to read this one. */
export const storeSchema = 4;

/** "Cord" in ASCII: tells our files from other SQLite files (PRAGMA application_id). */
export const applicationId = 0x436f7264;

/** What came with store schema 2. */
export const lineageTables: readonly string[] = [
  `CREATE TABLE links (key TEXT NOT NULL, id TEXT NOT NULL, schema INTEGER NOT NULL, kept_until INTEGER NOT NULL,
     item TEXT NOT NULL, PRIMARY KEY (key, id)) STRICT, WITHOUT ROWID`,
  "CREATE INDEX links_kept ON links (kept_until)",
  `CREATE TABLE waiting (id TEXT PRIMARY KEY, schema INTEGER NOT NULL, at INTEGER NOT NULL, item TEXT NOT NULL) STRICT`,
  "CREATE INDEX waiting_at ON waiting (at)",
  `CREATE TABLE waiting_keys (key TEXT NOT NULL, id TEXT NOT NULL, PRIMARY KEY (key, id)) STRICT, WITHOUT ROWID`,
  "CREATE INDEX waiting_keys_id ON waiting_keys (id)",
];

/** What came with store schema 3. */
export const iamTable = `CREATE TABLE iam_writes (key TEXT NOT NULL, id TEXT NOT NULL, schema INTEGER NOT NULL,
     at INTEGER NOT NULL, item TEXT NOT NULL, PRIMARY KEY (key, id)) STRICT, WITHOUT ROWID`;

/** What came with store schema 4. */
export const responseTables: readonly string[] = [
  `CREATE TABLE journal (run TEXT NOT NULL, sequence INTEGER NOT NULL, schema INTEGER NOT NULL, item TEXT NOT NULL,
     PRIMARY KEY (run, sequence)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE runs (run TEXT PRIMARY KEY, principal TEXT NOT NULL, ended INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  "CREATE INDEX runs_open ON runs (run) WHERE ended = 0",
  `CREATE TABLE leases (principal TEXT PRIMARY KEY, owner TEXT NOT NULL, fence INTEGER NOT NULL, until INTEGER NOT NULL,
     free INTEGER NOT NULL) STRICT, WITHOUT ROWID`,
  `CREATE TABLE spends (run TEXT PRIMARY KEY, schema INTEGER NOT NULL, account TEXT NOT NULL, at INTEGER NOT NULL,
     item TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  "CREATE INDEX spends_account ON spends (account, at)",
  `CREATE TABLE approvals (id TEXT PRIMARY KEY, schema INTEGER NOT NULL, case_id TEXT NOT NULL, plan TEXT NOT NULL,
     used_by TEXT, item TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  "CREATE INDEX approvals_plan ON approvals (case_id, plan)",
];

/** Every table of a store. Each item carries its own `schema` besides. */
export const tables: readonly string[] = [
  "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID",
  ...lineageTables,
  `CREATE TABLE grants (workload TEXT NOT NULL, id TEXT NOT NULL, schema INTEGER NOT NULL, item TEXT NOT NULL,
     PRIMARY KEY (workload, id)) STRICT, WITHOUT ROWID`,
  `CREATE TABLE windows (name TEXT PRIMARY KEY, schema INTEGER NOT NULL, start INTEGER NOT NULL, item TEXT NOT NULL)
     STRICT, WITHOUT ROWID`,
  "CREATE INDEX windows_start ON windows (start)",
  `CREATE TABLE activity (identity TEXT NOT NULL, action TEXT NOT NULL, day TEXT NOT NULL, schema INTEGER NOT NULL,
     item TEXT NOT NULL, PRIMARY KEY (identity, action, day)) STRICT, WITHOUT ROWID`,
  "CREATE INDEX activity_day ON activity (day)",
  `CREATE TABLE later (key TEXT PRIMARY KEY, schema INTEGER NOT NULL, at INTEGER NOT NULL, done INTEGER NOT NULL,
     item TEXT NOT NULL) STRICT, WITHOUT ROWID`,
  "CREATE INDEX later_due ON later (at, key) WHERE done = 0",
  iamTable,
  ...responseTables,
  `CREATE TABLE entries (chain TEXT NOT NULL, sequence INTEGER NOT NULL, key TEXT NOT NULL, case_id TEXT, schema INTEGER NOT NULL,
     item TEXT NOT NULL, PRIMARY KEY (chain, sequence), UNIQUE (chain, key)) STRICT`,
  "CREATE INDEX entries_case ON entries (case_id, chain, sequence) WHERE case_id IS NOT NULL",
  `CREATE TABLE heads (chain TEXT PRIMARY KEY, schema INTEGER NOT NULL, entries INTEGER NOT NULL, digest TEXT NOT NULL)
     STRICT, WITHOUT ROWID`,
  `CREATE TABLE blobs (name TEXT NOT NULL, part INTEGER NOT NULL, schema INTEGER NOT NULL, bytes BLOB NOT NULL,
     PRIMARY KEY (name, part)) STRICT`,
  `CREATE TABLE lines (kind TEXT NOT NULL, at INTEGER NOT NULL, id TEXT NOT NULL, schema INTEGER NOT NULL, case_id TEXT,
     line TEXT NOT NULL, PRIMARY KEY (kind, at, id)) STRICT, WITHOUT ROWID`,
  "CREATE INDEX lines_case ON lines (case_id, kind, at, id)",
];

/** A row as SQLite gives it. */
export type Row = Readonly<Record<string, unknown>>;

/** The text of a column; a column of another kind means that the file was changed by something else. */
export function textIn(row: Row, column: string): string {
  const value = row[column];
  if (typeof value === "string") return value;
  throw new Fault(
    "misconfigured",
    `a stored item has no text in "${column}"; the store was changed by something else: restore a copy`,
  );
}

/** The number of a column, as `textIn`. */
export function numberIn(row: Row, column: string): number {
  const value = row[column];
  if (typeof value === "number") return value;
  throw new Fault(
    "misconfigured",
    `a stored item has no number in "${column}"; the store was changed by something else: restore a copy`,
  );
}

/** Refuses an item of a newer schema by name: guessing at its meaning could cost a decision. */
export function checkItem(row: Row, known: number, item: string): void {
  const found = numberIn(row, "schema");
  if (found <= known) return;
  throw new Fault(
    "misconfigured",
    `${item} has schema ${found}, this version reads up to ${known}; it was left as it is: upgrade Cordon to read it`,
  );
}

/** The item of a row, after its schema was checked. */
export function itemIn<Item>(row: Row, known: number, name: string, read: (json: string) => Item): Item {
  checkItem(row, known, name);
  try {
    return read(textIn(row, "item"));
  } catch (cause) {
    if (cause instanceof Fault) throw cause;
    throw new Fault(
      "misconfigured",
      `${name} is not readable; the store was changed by something else: restore a copy`,
      { cause },
    );
  }
}
