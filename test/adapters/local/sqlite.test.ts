import { execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import { copyFileSync, existsSync, readdirSync, readFileSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import process from "node:process";
import { DatabaseSync } from "node:sqlite";
import { describe, expect, it } from "vitest";
import { blobStore } from "../../../adapters/local/blob-store.ts";
import { lineStore } from "../../../adapters/local/line-store.ts";
import { inTransaction, openStore, openStoreReadOnly } from "../../../adapters/local/sqlite.ts";
import { sqliteLedger } from "../../../adapters/local/sqlite-ledger.ts";
import { storeSchema } from "../../../adapters/local/sqlite-tables.ts";
import { instant } from "../../../core/event/instant.ts";
import { storeFolder } from "./store-folder.ts";

const { open, path } = storeFolder();
const fault = (code: string, message: unknown = expect.anything()) =>
  expect.objectContaining({ name: "Fault", code, message });
const sqlite = new URL("../../../adapters/local/sqlite.ts", import.meta.url).href;

describe("opening a store", () => {
  it("refuses a second opening in this process, and names the file", () => {
    const store = open();
    expect(() => openStore(store.file)).toThrow(fault("conflict", expect.stringContaining(store.file)));
    expect(() => openStoreReadOnly(store.file)).toThrow(fault("conflict"));
    store.close();
    open(store.file);
  });
  it("refuses a second process, and lets it in when the first is killed", async () => {
    const file = path();
    const script = `import { openStore } from ${JSON.stringify(sqlite)}; openStore(${JSON.stringify(file)}); process.stdout.write("open"); setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", script], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      await once(other.stdout, "data");
      expect(() => openStore(file)).toThrow(fault("conflict", expect.stringContaining(file)));
    } finally {
      other.kill("SIGKILL");
      await once(other, "exit");
    }
    open(file);
  });
  it("keeps what was committed by a process that was killed, and nothing of what was not", () => {
    const file = path();
    const script = `import { openStore } from ${JSON.stringify(sqlite)};
      const { db } = openStore(${JSON.stringify(file)});
      const put = db.prepare("INSERT INTO blobs (name, part, schema, bytes) VALUES (?, 0, 1, x'01')");
      put.run("committed"); db.exec("BEGIN"); put.run("not committed"); process.kill(process.pid, "SIGKILL");`;
    expect(() => execFileSync(process.execPath, ["--input-type=module", "-e", script])).toThrow();
    const blobs = blobStore(open(file));
    expect([blobs.read("committed").length, blobs.read("not committed").length]).toEqual([1, 0]);
  });
  it("leaves one file behind, readable by its owner only, and reading it makes no other", () => {
    const store = open();
    blobStore(store).put("a", 0, new Uint8Array([1]));
    store.close();
    expect(readdirSync(dirname(store.file))).toEqual(["store.sqlite"]);
    expect(statSync(store.file).mode & 0o077).toBe(0);
    const reader = openStoreReadOnly(store.file);
    expect(readdirSync(dirname(store.file))).toEqual(["store.sqlite"]);
    reader.close();
  });
  it("takes an empty file and one that was left without tables as new", () => {
    const file = path();
    writeFileSync(file, "");
    open(file).close();
    const bare = path();
    new DatabaseSync(bare).close();
    open(bare).close();
    expect(openStoreReadOnly(bare).id).toMatch(/^[0-9a-f-]{36}$/);
  });
  it("refuses what is no store and leaves it as it was: text, or another program's database", () => {
    const garbage = path();
    writeFileSync(garbage, "not a database ".repeat(100));
    const foreign = path();
    const db = new DatabaseSync(foreign);
    db.exec("CREATE TABLE theirs (a)");
    db.close();
    for (const file of [garbage, foreign]) {
      const before = readFileSync(file);
      expect(() => openStore(file)).toThrow(fault("misconfigured", expect.stringContaining("not a Cordon store")));
      expect(() => openStoreReadOnly(file)).toThrow(fault("misconfigured"));
      expect(readFileSync(file).equals(before)).toBe(true);
    }
  });
  it("refuses a store of a newer layout by its number", () => {
    const store = open();
    store.db.exec(`UPDATE meta SET value = '${storeSchema + 1}' WHERE key = 'schema'`);
    store.close();
    expect(() => openStore(store.file)).toThrow(
      fault("misconfigured", expect.stringContaining(`store schema ${storeSchema + 1}`)),
    );
  });
  it("says what is wrong with a path that cannot be a store", () => {
    const file = path();
    expect(() => openStoreReadOnly(file)).toThrow(fault("not-found"));
    expect(existsSync(file)).toBe(false);
    expect(() => openStore(`${file}/deeper`)).toThrow(
      fault("misconfigured", expect.stringContaining("make the folder first")),
    );
    expect(() => openStore(dirname(file))).toThrow(fault("misconfigured", expect.stringContaining("is a folder")));
  });
  it("refuses or recovers a file cut at any page, and never reads it as a shorter ledger", async () => {
    const store = open();
    const ledger = sqliteLedger(store);
    for (let n = 0; n < 200; n++)
      ledger.appendNow("replay", [{ kind: "found", key: `k${n}`, body: { text: "x".repeat(200) } }], instant(n));
    store.close();
    const size = statSync(store.file).size;
    for (let at = 1; at < 20; at++) {
      const cut = path();
      copyFileSync(store.file, cut);
      truncateSync(cut, Math.floor((size * at) / 20));
      const read = async (): Promise<number> => {
        const torn = openStoreReadOnly(cut);
        try {
          let entries = 0;
          for await (const _ of sqliteLedger(torn).stored()) entries++;
          return entries;
        } finally {
          torn.close();
        }
      };
      await expect(read()).rejects.toEqual(fault("misconfigured"));
    }
  });
});

describe("a transaction", () => {
  it("keeps nothing of what failed half-way, across stores of one file", () => {
    const store = open();
    const blobs = blobStore(store);
    blobs.put("state", 0, new Uint8Array([1]));
    const failing = () =>
      inTransaction(store, () => {
        blobs.replaceAll("state", [new Uint8Array([2]), new Uint8Array([3])]);
        lineStore(store).replace("case", [{ id: "c", at: instant(1), line: "{}" }]);
        sqliteLedger(store).appendNow("replay", [{ kind: "found", key: "k", body: {} }], instant(1));
        throw new Error("half-way");
      });
    expect(failing).toThrow("half-way");
    expect(blobs.read("state")).toEqual([new Uint8Array([1])]);
    expect(lineStore(store).list("case")).toEqual([]);
    expect(store.db.prepare("SELECT count(*) AS n FROM entries").get()?.["n"]).toBe(0);
    expect(existsSync(`${store.file}-heads`)).toBe(false);
    blobs.put("state", 0, new Uint8Array([4]));
    expect(existsSync(`${store.file}-heads`)).toBe(false);
  });
  it("says that the disk is full, by name, and leaves the store as it was", () => {
    const store = open();
    const blobs = blobStore(store);
    blobs.put("state", 0, new Uint8Array([1]));
    const pages = Number(store.db.prepare("PRAGMA page_count").get()?.["page_count"]);
    store.db.exec(`PRAGMA max_page_count = ${pages}`);
    expect(() => blobs.replaceAll("state", [new Uint8Array(1_000_000)])).toThrow(
      fault("full", expect.stringContaining(store.file)),
    );
    expect(blobs.read("state")).toEqual([new Uint8Array([1])]);
  });
  it("refuses to write to a store opened for reading", () => {
    const store = open();
    store.close();
    const reader = openStoreReadOnly(store.file);
    expect(() => blobStore(reader).put("a", 0, new Uint8Array())).toThrow(fault("misconfigured"));
    reader.close();
  });
});
