import { DatabaseSync } from "node:sqlite";
import { expect, it } from "vitest";
import { openStoreReadOnly } from "../../../adapters/local/sqlite.ts";
import { sqliteWrites } from "../../../adapters/local/sqlite-iam.ts";
import { sqliteLedger } from "../../../adapters/local/sqlite-ledger.ts";
import { sqliteSessions } from "../../../adapters/local/sqlite-sessions.ts";
import { storeSchema } from "../../../adapters/local/sqlite-tables.ts";
import { sqliteWaiting } from "../../../adapters/local/sqlite-waiting.ts";
import { factKey } from "../../../core/detect/facts/fact.ts";
import { storedFacts } from "../../../core/detect/facts/history-facts.ts";
import { instant } from "../../../core/event/instant.ts";
import { nothingInitial } from "../../../core/iam/account/account-history.ts";
import { issuanceLinks } from "../../../core/identity/lineage/session-store.ts";
import { callers } from "../../contracts/session-store.contract.ts";
import { waitingExample } from "../../contracts/waiting-store.contract.ts";
import { storeFolder } from "./store-folder.ts";

const { open, path } = storeFolder();
const step = { kind: "found", key: "k", caseId: "c", body: {} } as const;

/** Managed policies as schemas 1 and 2 had them. */
const policies = `CREATE TABLE policies (policy TEXT NOT NULL, at INTEGER NOT NULL, event TEXT NOT NULL, schema INTEGER NOT NULL,
  item TEXT NOT NULL, PRIMARY KEY (policy, at, event)) STRICT, WITHOUT ROWID`;

/** What came with schema 4. */
const response = ["journal", "runs", "leases", "spends", "approvals"];

/** A store as schema 1 had it: credentials by key id in a table of their own, nothing waiting. */
async function olderStore(items: readonly unknown[]): Promise<string> {
  const store = open(path());
  await sqliteLedger(store).append("replay", [step], instant(5));
  store.close();
  const db = new DatabaseSync(store.file);
  for (const table of ["links", "waiting", "waiting_keys", "iam_writes", ...response]) db.exec(`DROP TABLE ${table}`);
  db.exec(policies);
  db.exec(`CREATE TABLE sessions (child TEXT PRIMARY KEY, schema INTEGER NOT NULL, rank TEXT NOT NULL,
    kept_until INTEGER NOT NULL, item TEXT NOT NULL) STRICT, WITHOUT ROWID`);
  db.exec("CREATE INDEX sessions_kept ON sessions (kept_until)");
  db.exec("UPDATE meta SET value = '1' WHERE key = 'schema'");
  const put = db.prepare("INSERT INTO sessions (child, schema, rank, kept_until, item) VALUES (?, 1, '', 0, ?)");
  for (const [place, item] of items.entries()) put.run(String(place), JSON.stringify(item));
  db.close();
  return store.file;
}

it("a store of schema 1 is brought to this one: its credentials are found under all their keys", async () => {
  const old = { schema: 1, parent: "AKIAIOSFODNN7EXAMPLE", ...callers };
  const store = open(await olderStore([old, { schema: 1, accessKeyId: "ASIAI44QH8DHBEXAMPLE" }]));
  const links = issuanceLinks(callers);
  const found = await sqliteSessions(store).find(links.map((link) => link.key));
  for (const link of links) expect(found.get(link.key)).toEqual([link]);
  expect(store.db.prepare("SELECT count(*) AS n FROM links").get()?.["n"]).toBe(links.length);
  expect(store.db.prepare("SELECT value FROM meta WHERE key = 'schema'").get()?.["value"]).toBe(String(storeSchema));
  expect(store.db.prepare("SELECT 1 FROM sqlite_schema WHERE name = 'sessions'").get()).toBeUndefined();
  expect(await sqliteWaiting(store).put([waitingExample()])).toEqual([]);
  expect(sqliteLedger(store).ofCase("c")).toHaveLength(1);
});

it("a store of schema 1 opens twice, and for reading as it is", async () => {
  const file = await olderStore([]);
  const reader = openStoreReadOnly(file);
  expect(sqliteLedger(reader).ofCase("c")).toHaveLength(1);
  reader.close();
  open(file).close();
  expect(sqliteLedger(open(file)).ofCase("c")).toHaveLength(1);
});

it("a store of schema 2 is brought to this one: its policies are found among the writes of IAM", async () => {
  const store = open(path());
  store.close();
  const db = new DatabaseSync(store.file);
  for (const table of ["iam_writes", ...response]) db.exec(`DROP TABLE ${table}`);
  db.exec(policies);
  db.exec("UPDATE meta SET value = '2' WHERE key = 'schema'");
  const policy = "arn:aws:iam::111122223333:policy/p";
  const document = { Statement: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }] };
  const put = db.prepare("INSERT INTO policies (policy, at, event, schema, item) VALUES (?, ?, ?, 1, ?)");
  put.run(policy, 10, "e1", JSON.stringify({ schema: 1, policy, at: 10, eventID: "e1", document }));
  put.run(policy, 30, "e2", JSON.stringify({ schema: 1, policy, at: 30, eventID: "e2" }));
  db.close();
  const facts = storedFacts(sqliteWrites(open(store.file)), nothingInitial);
  const asked = [10, 29, 30].map((at) => ({ kind: "managed-policy", policy, at: instant(at) }) as const);
  const found = await facts.answer(asked);
  expect(asked.map((one) => found.get(factKey(one))?.kind)).toEqual(["managed-policy", "managed-policy", "unknown"]);
});
