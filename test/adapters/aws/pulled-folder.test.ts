import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import process from "node:process";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openFolder } from "../../../adapters/aws/pulled-folder.ts";
import { readWhole } from "../../../core/event/text-reader.ts";

let base = "";
let root = "";
beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), "cordon-folder-"));
  root = join(base, "pulled");
});
afterEach(() => rmSync(base, { recursive: true, force: true }));

async function* one(text: string) {
  yield Buffer.from(text);
}

describe("the folder that a pull fills", () => {
  test("remembers over a restart what was remembered", async () => {
    const first = await openFolder(root);
    const unfinished = { path: "c", token: "t", bytes: 3, records: 1 };
    await first.remember({ objects: new Map([["a", '"e"']]), settled: new Map([["b", 4]]), unfinished });
    await first.close();
    const second = await openFolder(root);
    expect(await second.remembered()).toEqual({
      objects: new Map([["a", '"e"']]),
      settled: new Map([["b", 4]]),
      unfinished,
    });
    await second.remember({ ...(await second.remembered()), unfinished: undefined });
    await second.close();
    const third = await openFolder(root);
    expect((await third.remembered()).unfinished).toBeUndefined();
    await third.close();
  });

  test("leaves no trace when nothing was put into it", async () => {
    await (await openFolder(root)).close();
    expect(existsSync(root)).toBe(false);
  });

  test("keeps its own files below a name that begins with a dot, and a replay of the folder takes them for no records", async () => {
    const folder = await openFolder(root);
    await folder.write("AWSLogs/x.json.gz", one("abc"), 3);
    const unfinished = { path: "c", token: "t", bytes: 3, records: 1 };
    await folder.remember({ objects: new Map([["a", "e"]]), settled: new Map(), unfinished });
    await folder.close();
    expect(readdirSync(root).sort()).toEqual([".cordon-pull", "AWSLogs"]);
    const sink = { item: () => expect.unreachable(), broken: () => expect.unreachable() };
    for (const name of ["state", "unfinished"])
      expect(readWhole(readFileSync(join(root, ".cordon-pull", name), "utf8"), sink)).toBe("not-json");
  });

  test("takes a state that cannot be read for none", async () => {
    mkdirSync(join(root, ".cordon-pull"), { recursive: true });
    writeFileSync(join(root, ".cordon-pull/state"), '# x\n{"objects":[[1,2],["a"],');
    const folder = await openFolder(root);
    expect((await folder.remembered()).objects.size).toBe(0);
    await folder.close();
  });

  test("refuses a state that a newer version wrote", async () => {
    mkdirSync(join(root, ".cordon-pull"), { recursive: true });
    writeFileSync(join(root, ".cordon-pull/state"), '# x\n{"schema":2}');
    await expect(openFolder(root)).rejects.toMatchObject({ code: "misconfigured" });
    rmSync(join(root, ".cordon-pull/state"));
    await (await openFolder(root)).close();
  });

  test("refuses a second pull at the same time", async () => {
    const first = await openFolder(root);
    await expect(openFolder(root)).rejects.toMatchObject({ code: "conflict" });
    await first.close();
    await (await openFolder(root)).close();
  });

  test("refuses one of another process, and takes over at once when that was killed", async () => {
    const lines = `
      import { openFolder } from ${JSON.stringify(join(import.meta.dirname, "../../../adapters/aws/pulled-folder.ts"))};
      await openFolder(${JSON.stringify(root)});
      console.log("open");
      setInterval(() => {}, 1000);`;
    const other = spawn(process.execPath, ["--input-type=module", "-e", lines], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    await once(other.stdout, "data");
    await expect(openFolder(root)).rejects.toMatchObject({ code: "conflict" });
    other.kill("SIGKILL");
    await once(other, "exit");
    expect(readdirSync(join(root, ".cordon-pull"))).toContain("lock");
    await (await openFolder(root)).close();
  });

  test("does not follow a link out of itself", async () => {
    mkdirSync(join(base, "elsewhere"));
    mkdirSync(root);
    symlinkSync(join(base, "elsewhere"), join(root, "AWSLogs"));
    const folder = await openFolder(root);
    await expect(folder.write("AWSLogs/x.json.gz", one("abc"), 3)).rejects.toMatchObject({ code: "misconfigured" });
    await folder.close();
    expect(readdirSync(join(base, "elsewhere"))).toEqual([]);
  });

  test("given a path that cannot be a folder, says what to check", async () => {
    writeFileSync(root, "a file");
    await expect(openFolder(root)).rejects.toThrow("check the path of -o");
  });
});
