import { mkdirSync, mkdtempSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { inTheWay, writeDrafts } from "../../../adapters/local/draft-folder.ts";

const folder = (): string => mkdtempSync(join(tmpdir(), "cordon-draft-folder-"));
const manifest = (status: string): string =>
  `apiVersion: cordon/v1\nkind: Workload\nmetadata: { name: bot, status: ${status} }\n`;
const draft = { name: "bot", text: manifest("draft") };

describe("a folder for drafts", () => {
  it("is made where it is not there, and holds each draft under its name and nothing else", async () => {
    const into = join(folder(), "a", "b");
    expect(await inTheWay(into, [draft], "nothing")).toEqual([]);
    await writeDrafts(into, [draft]);
    expect(readdirSync(into)).toEqual(["bot.yaml"]);
    expect(readFileSync(join(into, "bot.yaml"), "utf8")).toBe(draft.text);
  });

  it("keeps a draft that is there unless drafts may be replaced", async () => {
    const into = folder();
    writeFileSync(join(into, "bot.yaml"), manifest("draft"));
    expect(await inTheWay(into, [draft], "nothing")).toMatchObject([{ file: "bot.yaml" }]);
    expect(await inTheWay(into, [draft], "drafts")).toEqual([]);
  });

  it.each([
    ["an active manifest", manifest("active")],
    ["a manifest without a status", "apiVersion: cordon/v1\nkind: Workload\nmetadata: { name: bot }\n"],
    ["a draft with another document behind it", `${manifest("draft")}---\n${manifest("active")}`],
    ["what does not parse", "a: [\n# status: draft"],
    ["an empty file", ""],
  ])("never gives up %s", async (_what, text) => {
    const into = folder();
    writeFileSync(join(into, "bot.yaml"), text);
    expect(await inTheWay(into, [draft], "drafts")).toMatchObject([{ file: "bot.yaml" }]);
  });

  it("never writes through a link, nor over a folder", async () => {
    const into = folder();
    symlinkSync(join(into, "elsewhere"), join(into, "bot.yaml"));
    mkdirSync(join(into, "dir.yaml"));
    expect(await inTheWay(into, [draft, { ...draft, name: "dir" }], "drafts")).toHaveLength(2);
  });
});
