import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, describe, expect, it } from "vitest";
import { loadAccountState } from "../../../adapters/local/account-state.ts";
import { details, roleDetail } from "../../fixtures/account-details.ts";
import { account, otherAccount } from "../../fixtures/records.ts";

const folder = mkdtempSync(join(tmpdir(), "cordon-account-state-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const put = (name: string, content: string | Uint8Array): void => {
  mkdirSync(join(folder, name, ".."), { recursive: true });
  writeFileSync(join(folder, name), content);
};
const one = JSON.stringify(details({ roles: [roleDetail("bot")] }));
const other = JSON.stringify(details({ roles: [roleDetail("bot", { Arn: `arn:aws:iam::${otherAccount}:role/bot` })] }));
put("all/one.json", `\ufeff${one}`);
put("all/deep/other.json.gz", gzipSync(other));
put("all/notes.txt", "not read");
put("plain-name", gzipSync(one));
put("bad/a.json", "{");
put("bad/b.json", one);
put("empty/readme.md", "nothing");
const load = (...names: readonly string[]) =>
  loadAccountState(names.map((name) => ({ path: join(folder, name), shown: name })));

describe("loading the state of IAM", () => {
  it("reads the JSON files of a folder and the folders in it, plain and gzip", async () => {
    const { state, problems } = await load("all");
    expect(problems).toEqual([]);
    expect([...state.accounts].sort()).toEqual([account, otherAccount]);
  });

  it("tells gzip by its content, not by the file's name", async () => {
    const { state, problems } = await load("plain-name");
    expect(problems).toEqual([]);
    expect(state.roles.size).toBe(1);
  });

  it("names files that cannot be read as they were written, and reads the rest", async () => {
    const { state, problems } = await load("bad", "absent.json", "empty");
    expect(problems.map(({ file, message }) => `${file}: ${message}`)).toEqual([
      "absent.json: cannot be read (ENOENT)",
      "empty: the folder has no .json or .json.gz file",
      "bad/a.json: is not JSON",
    ]);
    expect(state.roles.size).toBe(1);
  });
});
