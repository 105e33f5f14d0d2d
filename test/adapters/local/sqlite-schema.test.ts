import { expect, it } from "vitest";
import { blobStore } from "../../../adapters/local/blob-store.ts";
import { lineStore } from "../../../adapters/local/line-store.ts";
import type { Store } from "../../../adapters/local/sqlite.ts";
import { sqliteActivity } from "../../../adapters/local/sqlite-activity.ts";
import { sqliteApprovals } from "../../../adapters/local/sqlite-approvals.ts";
import { sqliteBudget } from "../../../adapters/local/sqlite-budget.ts";
import { sqliteGrants } from "../../../adapters/local/sqlite-grants.ts";
import { sqliteWrites } from "../../../adapters/local/sqlite-iam.ts";
import { sqliteJournal } from "../../../adapters/local/sqlite-journal.ts";
import { sqliteLater } from "../../../adapters/local/sqlite-later.ts";
import { sqliteLedger } from "../../../adapters/local/sqlite-ledger.ts";
import { sqliteSessions } from "../../../adapters/local/sqlite-sessions.ts";
import { sqliteWaiting } from "../../../adapters/local/sqlite-waiting.ts";
import { sqliteWindows } from "../../../adapters/local/sqlite-windows.ts";
import { instant } from "../../../core/event/instant.ts";
import { policyKey } from "../../../core/iam/account/write-key.ts";
import { issuanceLinks } from "../../../core/identity/lineage/session-store.ts";
import type { Approval } from "../../../core/respond/approval.ts";
import type { PlanHash } from "../../../core/respond/plan.ts";
import { eventId } from "../../contracts/examples.ts";
import { callers } from "../../contracts/session-store.contract.ts";
import { waitingExample } from "../../contracts/waiting-store.contract.ts";
import { storeFolder } from "./store-folder.ts";

const { open } = storeFolder();
const at = instant(5);
const key = { detector: "d", subject: "s", start: at };
const policy = "arn:aws:iam::111122223333:policy/p";
const [link = missing()] = issuanceLinks(callers);

/** For each table: how to write an item, how to read it again, and how the item is called. */
const items: readonly {
  readonly table: string;
  readonly named: string;
  write(store: Store): Promise<unknown>;
  read(store: Store): Promise<unknown>;
}[] = [
  {
    table: "links",
    named: `a link under "${link.key}"`,
    write: (store) => sqliteSessions(store).put([link]),
    read: (store) => sqliteSessions(store).find([link.key]),
  },
  {
    table: "waiting",
    named: `the waiting record ${waitingExample().id}`,
    write: (store) => sqliteWaiting(store).put([waitingExample()]),
    read: (store) => sqliteWaiting(store).under(["key a"]),
  },
  {
    table: "grants",
    named: "grant g of w",
    write: (store) =>
      sqliteGrants(store).put({
        schema: 1,
        workload: "w",
        id: "g",
        statements: [],
        from: at,
        until: instant(9),
        approvedBy: "a",
      }),
    read: (store) => sqliteGrants(store).ofWorkload("w"),
  },
  {
    table: "windows",
    named: "the window of d over s",
    write: (store) => sqliteWindows(store).add([{ ...key, member: "m", at, eventID: eventId("e") }]),
    read: (store) => sqliteWindows(store).add([{ ...key, member: "n", at, eventID: eventId("e") }]),
  },
  {
    table: "activity",
    named: "the activity of i with a",
    write: (store) => sqliteActivity(store).add([{ identity: "i", action: "a", at, eventID: eventId("e") }]),
    read: (store) => sqliteActivity(store).read("i", "a"),
  },
  {
    table: "later",
    named: "the waiting message k",
    write: (store) => sqliteLater(store).schedule("k", at, {}),
    read: (store) => sqliteLater(store).due(at),
  },
  {
    table: "iam_writes",
    named: `a write of IAM under "${policyKey(policy)}"`,
    write: (store) =>
      sqliteWrites(store).learn([{ schema: 1, at, id: "e", change: { kind: "policy-deleted", policy } }]),
    read: (store) => sqliteWrites(store).read([policyKey(policy)]),
  },
  {
    table: "journal",
    named: "an entry of the journal of r",
    write: async (store) => {
      const lease = await sqliteJournal(store).claim("AROA", "worker", at, 60);
      if (lease === undefined) return missing();
      return sqliteJournal(store).append("r", lease, 0, [{ kind: "received", request: {} }], at);
    },
    read: (store) => sqliteJournal(store).read("r"),
  },
  {
    table: "spends",
    named: "a counted containment",
    write: (store) => sqliteBudget(store).take({ schema: 1, run: "r", account: "a", principal: "p", at }),
    read: (store) => sqliteBudget(store).take({ schema: 1, run: "r", account: "a", principal: "p", at }),
  },
  {
    table: "approvals",
    named: "an approval of c",
    write: (store) => sqliteApprovals(store).give(approval),
    read: (store) => sqliteApprovals(store).of("c", approval.plan),
  },
  {
    table: "entries",
    named: "ledger entry 1 of chain replay",
    write: (store) => sqliteLedger(store).append("replay", [{ kind: "found", key: "k", caseId: "c", body: {} }], at),
    read: async (store) => sqliteLedger(store).ofCase("c"),
  },
  {
    table: "heads",
    named: "the head of chain replay",
    write: (store) => sqliteLedger(store).append("replay", [{ kind: "found", key: "k", body: {} }], at),
    read: (store) => Promise.resolve(sqliteLedger(store)),
  },
  {
    table: "blobs",
    named: 'the stored state "b"',
    write: async (store) => blobStore(store).put("b", 0, new Uint8Array([1])),
    read: async (store) => blobStore(store).read("b"),
  },
  {
    table: "lines",
    named: "case c",
    write: async (store) => lineStore(store).replace("case", [{ id: "c", at, line: "{}" }]),
    read: async (store) => lineStore(store).list("case"),
  },
];

const approval: Approval = {
  schema: 1,
  id: "a",
  caseId: "c",
  plan: "0".repeat(64) as PlanHash,
  kind: "approve",
  by: { issuer: "local", subject: "local:sam" },
  at,
  until: at,
  local: true,
};

/** Only the test names tables in text; the code under test never builds SQL. */
const raise = (store: Store, table: string): void => store.db.exec(`UPDATE ${table} SET schema = 2`);

it.each(items)(
  "an item of a newer schema in $table is refused by name and left as it is",
  async ({ table, named, write, read }) => {
    const store = open();
    await write(store);
    await expect(async () => read(store)).not.toThrow();
    raise(store, table);
    const reading = async () => read(store);
    await expect(reading()).rejects.toMatchObject({
      code: "misconfigured",
      message: expect.stringContaining(`${named} has schema 2`),
    });
    await expect(reading()).rejects.toMatchObject({ message: expect.stringContaining("upgrade Cordon") });
    expect(store.db.prepare(`SELECT count(*) AS n FROM ${table} WHERE schema = 2`).get()?.["n"]).toBe(1);
  },
);

it("a link or a waiting record of a newer schema is neither overwritten nor evicted", async () => {
  const store = open();
  await sqliteSessions(store).put([link]);
  await sqliteWaiting(store).put([waitingExample()]);
  raise(store, "links");
  raise(store, "waiting");
  const newer = { ...link, rank: "0" };
  await expect(sqliteSessions(store).put([newer])).rejects.toMatchObject({ code: "misconfigured" });
  await expect(sqliteWaiting(store).put([waitingExample(1, { cases: ["x"] })])).rejects.toMatchObject({
    code: "misconfigured",
  });
  expect(await sqliteSessions(store).evict(instant(1e15))).toBe(0);
  expect(await sqliteWaiting(store).evict(instant(1e15))).toBe(0);
  expect(store.db.prepare("SELECT count(*) AS n FROM waiting_keys").get()?.["n"]).toBe(2);
});

it("every table that holds items has a schema column", () => {
  const store = open();
  const tables = store.db
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
    .all()
    .map((row) => row["name"]);
  expect(tables.toSorted()).toEqual(
    ["leases", "meta", "runs", "waiting_keys", ...items.map((one) => one.table)].toSorted(),
  );
});

it("an item that something else damaged is named, not thrown as a syntax error", async () => {
  const store = open();
  await sqliteLater(store).schedule("k", at, {});
  store.db.exec("UPDATE later SET item = '{'");
  await expect(sqliteLater(store).due(at)).rejects.toMatchObject({
    code: "misconfigured",
    message: expect.stringContaining("message k"),
  });
});

function missing(): never {
  throw new Error("an issuing call has at least one key");
}
