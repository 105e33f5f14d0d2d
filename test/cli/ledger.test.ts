import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../adapters/local/sqlite.ts";
import { ledgerCommand } from "../../cli/ledger.ts";
import { type Heard, hearing, run, storesMade, tamper } from "./store-made.ts";

const { made, folder } = storesMade();

async function verify(...words: readonly string[]): Promise<Heard> {
  const terminal = hearing();
  const command = ledgerCommand(terminal, (code) => {
    terminal.code = code;
  });
  await run(command, "verify", ...words);
  return terminal;
}

describe("cordon ledger verify", () => {
  it("says unbroken with the heads and exits 0, and leaves the file as it was", async () => {
    const file = made();
    const before = readFileSync(file);
    const { code, said, warned } = await verify("--store", file);
    expect(code).toBe(0);
    expect(said[0]).toBe(`unbroken: 3 entries in 1 chain of ${file}`);
    expect(said[1]).toMatch(/^ {2}chain replay: 3 entries, head [0-9a-f]{64}$/);
    expect(said[2]).toContain("agrees with the heads noted in");
    expect(warned).toEqual([]);
    expect(readFileSync(file).equals(before)).toBe(true);
  });
  it("says the same to a program with --json", async () => {
    const { code, said } = await verify("--store", made(), "--json");
    expect(code).toBe(0);
    expect(said).toHaveLength(1);
    expect(JSON.parse(said[0] ?? "")).toMatchObject({ type: "ledger", state: "unbroken", entries: 3, witnessed: true });
  });
  it.each([
    ["a changed entry", "UPDATE entries SET item = replace(item, '\"observe\"', '\"contain\"') WHERE sequence = 2", 2],
    ["a deleted entry", "DELETE FROM entries WHERE sequence = 2", 2],
    ["a cut tail", "DELETE FROM entries WHERE sequence > 1", 2],
    [
      "a cut tail and its head",
      "DELETE FROM entries WHERE sequence = 3; UPDATE heads SET entries = 2, digest = json_extract((SELECT item FROM entries WHERE sequence = 2), '$.digest')",
      3,
    ],
    ["a moved entry", "UPDATE entries SET sequence = 9 WHERE sequence = 1", 1],
    ["an edited head", "UPDATE heads SET digest = 'x'", 3],
    ["a renamed chain", "UPDATE entries SET chain = 'zzz'", 1],
    ["an emptied ledger", "DELETE FROM entries; DELETE FROM heads", 1],
  ])("finds %s, prints the first bad entry and exits 1", async (_name, sql, sequence) => {
    const file = made();
    tamper(file, sql);
    const { code, said } = await verify("--store", file);
    expect(code).toBe(1);
    expect(said[0]).toContain(`TAMPERED: ${file}, chain replay, entry ${sequence}: `);
    const json = await verify("--store", file, "--json");
    expect(json.code).toBe(1);
    expect(JSON.parse(json.said[0] ?? "")).toMatchObject({
      type: "ledger",
      state: "tampered",
      chain: "replay",
      sequence,
    });
  });
  it("shows a forged entry without letting it write to the terminal", async () => {
    const file = made();
    tamper(file, "UPDATE entries SET item = char(27) || '[2Jcleared' || char(8238) WHERE sequence = 2");
    const { code, said } = await verify("--store", file);
    expect(code).toBe(1);
    expect(said[1]).toBe("  entry as stored: \\u{1b}[2Jcleared\\u{202e}");
  });
  it("has nothing to verify in a new store and exits 3", async () => {
    const file = join(folder(), "new.sqlite");
    openStore(file).close();
    const { code, said } = await verify("--store", file);
    expect(code).toBe(3);
    expect(said[0]).toContain("incomplete");
  });
  it("exits 4 for a missing file, for what is no store, and for one in use, and says so on standard error", async () => {
    const absent = join(folder(), "absent.sqlite");
    expect(await verify("--store", absent)).toMatchObject({
      code: 4,
      said: [],
      warned: [expect.stringContaining(absent)],
    });
    const garbage = join(folder(), "garbage.sqlite");
    writeFileSync(garbage, "x".repeat(5_000));
    expect(await verify("--store", garbage)).toMatchObject({
      code: 4,
      warned: [expect.stringContaining("not a Cordon store")],
    });
    const file = made();
    const store = openStore(file);
    expect(await verify("--store", file)).toMatchObject({ code: 4, warned: [expect.stringContaining("in use")] });
    store.close();
  });
  it("is wrong usage without --store", async () => {
    await expect(verify()).rejects.toMatchObject({ usage: true, message: expect.stringContaining("--store FILE") });
  });
});
