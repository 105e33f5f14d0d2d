import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import process from "node:process";
import { expect, it } from "vitest";
import { openStore, openStoreReadOnly } from "../../../adapters/local/sqlite.ts";
import { sqliteLedger } from "../../../adapters/local/sqlite-ledger.ts";
import { witnessFile } from "../../../adapters/local/sqlite-witness.ts";
import { instant } from "../../../core/event/instant.ts";
import type { Step } from "../../../core/record/ledger.ts";
import { type Verification, verifyLedger } from "../../../core/record/verify.ts";
import { storeFolder } from "./store-folder.ts";

const { open, path } = storeFolder();
const step = (key: string): Step => ({ kind: "found", key, body: {} });

/** Appends to the store of a file and closes it. */
function recorded(file: string, ...keys: readonly string[]): void {
  const store = openStore(file);
  try {
    sqliteLedger(store).appendNow("replay", keys.map(step), instant(1));
  } finally {
    store.close();
  }
}

async function verified(file: string): Promise<Verification> {
  const store = openStoreReadOnly(file);
  try {
    return await verifyLedger(sqliteLedger(store));
  } finally {
    store.close();
  }
}

it("notes the heads beside the store after each append, and nothing when nothing was appended", async () => {
  const file = path();
  recorded(file, "a");
  const first = readFileSync(witnessFile(file), "utf8");
  recorded(file, "a");
  expect(readFileSync(witnessFile(file), "utf8")).toBe(first);
  recorded(file, "b");
  expect(readFileSync(witnessFile(file), "utf8")).not.toBe(first);
  expect(await verified(file)).toMatchObject({ kind: "unbroken", entries: 2, witnessed: true });
});

it("a store that lost its newest entries together with their head is tampered, and refused for writing", async () => {
  const file = path();
  recorded(file, "a", "b");
  copyFileSync(file, `${file}.old`);
  recorded(file, "c", "d");
  copyFileSync(`${file}.old`, file);
  expect(await verified(file)).toMatchObject({ kind: "tampered", chain: "replay", sequence: 3 });
  expect(() => recorded(file, "e")).toThrow(
    expect.objectContaining({
      code: "misconfigured",
      message: expect.stringContaining("holds 2 ledger entries of chain replay, but 4"),
    }),
  );
});

it("a note that lags behind, as after a crash, is caught up by the next append", async () => {
  const file = path();
  recorded(file, "a");
  const old = readFileSync(witnessFile(file));
  recorded(file, "b");
  writeFileSync(witnessFile(file), old);
  expect(await verified(file)).toMatchObject({ kind: "unbroken", entries: 2 });
  recorded(file, "c");
  expect(await verified(file)).toMatchObject({ kind: "unbroken", entries: 3, witnessed: true });
});

it("a copy without its note verifies, and says that it has none", async () => {
  const file = path();
  recorded(file, "a");
  rmSync(witnessFile(file));
  expect(await verified(file)).toMatchObject({ kind: "unbroken", witnessed: false });
});

it("a new store in the place of a removed one starts anew, and its first append replaces the note", async () => {
  const file = path();
  recorded(file, "a", "b", "c");
  rmSync(file);
  recorded(file, "a");
  expect(await verified(file)).toMatchObject({ kind: "unbroken", entries: 1, witnessed: true });
});

it("a store that was exchanged for another one, or a damaged note, is incomplete and refused for writing", async () => {
  const [file, other] = [path(), path()];
  recorded(file, "a", "b");
  recorded(other, "a");
  copyFileSync(other, file);
  expect(await verified(file)).toMatchObject({ kind: "incomplete", why: expect.stringContaining("another store") });
  expect(() => recorded(file, "x")).toThrow(expect.objectContaining({ code: "misconfigured" }));
  for (const damage of ["{", "[]", '{"schema":1,"store":"x"}', '{"schema":2}']) {
    writeFileSync(witnessFile(other), damage);
    expect(await verified(other)).toMatchObject({ kind: "incomplete" });
    expect(() => recorded(other, "x")).toThrow(expect.objectContaining({ code: "misconfigured" }));
  }
});

it("a log cut anywhere after a kill is recovered whole or called tampered, never read as a shorter ledger", async () => {
  const file = path();
  const from = (relative: string): string => JSON.stringify(new URL(relative, import.meta.url).href);
  const script = `import { openStore } from ${from("../../../adapters/local/sqlite.ts")};
    import { sqliteLedger } from ${from("../../../adapters/local/sqlite-ledger.ts")};
    const ledger = sqliteLedger(openStore(${JSON.stringify(file)}));
    for (let n = 0; n < 20; n++) ledger.appendNow("replay", [{ kind: "found", key: "k" + n, body: { n } }], n);
    process.kill(process.pid, "SIGKILL");`;
  expect(() => execFileSync(process.execPath, ["--input-type=module", "-e", script])).toThrow();
  const log = readFileSync(`${file}-wal`);
  const kinds = new Set<string>();
  for (let part = 0; part <= 24; part++) {
    const torn = path();
    copyFileSync(file, torn);
    copyFileSync(witnessFile(file), witnessFile(torn));
    writeFileSync(`${torn}-wal`, log.subarray(0, Math.floor((log.length * part) / 24)));
    const found = await verified(torn).catch((fault: unknown) => fault);
    if (part === 24) expect(found).toMatchObject({ kind: "unbroken", entries: 20 });
    else expect(found).not.toMatchObject({ kind: "unbroken" });
    kinds.add(found instanceof Error ? found.message.replace(torn, "FILE") : (found as Verification).kind);
  }
  expect(kinds).toContain("tampered");
});

it("leaves no draft behind", () => {
  const file = path();
  recorded(file, "a");
  expect(existsSync(`${witnessFile(file)}.new`)).toBe(false);
  open(file);
});
