import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { openStore } from "../../adapters/local/sqlite.ts";
import { caseCommand, type ReplayLines } from "../../cli/case.ts";
import { caseA, caseB, type Heard, hearing, lines, run, storesMade, tamper } from "./store-made.ts";

const { made, folder } = storesMade();
const replayed: string[][] = [];
const replayLines: ReplayLines = async (paths) => {
  replayed.push([...paths]);
  return [lines.finding, lines.decision, lines.caseB, lines.caseA, '{"type":"summary","records":1}'];
};

const cordon = (...words: readonly string[]): Promise<Heard> => cordonOver(replayLines, ...words);

async function cordonOver(from: ReplayLines, ...words: readonly string[]): Promise<Heard> {
  const terminal = hearing();
  const command = caseCommand(
    terminal,
    (code) => {
      terminal.code = code;
    },
    from,
  );
  await run(command, ...words);
  return terminal;
}

/** Control characters and marks that change direction: none may reach a terminal. */
const live = /[\u0000-\u001f\u007f-\u009f\u202e]/;

describe("cordon case list", () => {
  it("lists the most severe case first, and names the next command", async () => {
    const file = made();
    const { code, said } = await cordon("list", "--store", file);
    expect(code).toBe(0);
    expect(said[0]).toMatch(/^CASE +SEVERITY +OPENED +UPDATED +FINDINGS +WHO$/);
    expect(said[1]).toMatch(/^a2a2a2a2a2a2 +critical +2026-11-20T10:00:00Z +2026-11-20T10:00:00Z +0 +person /);
    expect(said[2]).toMatch(/^a1a1a1a1a1a1 +high .* 1 +workload support-bot$/);
    expect(said.at(-1)).toBe(`next: cordon case show ID --store ${file}`);
    expect(said.filter((line) => live.test(line))).toEqual([]);
  });
  it("prints the case lines as they were settled, in their order, with --json", async () => {
    const { code, said } = await cordon("list", "--json", "--store", made());
    expect([code, said]).toEqual([0, [lines.caseA, lines.caseB]]);
  });
  it("reads cases from files by replaying them", async () => {
    const { code, said } = await cordon("list", "--json", "logs", "more.json");
    expect([code, said]).toEqual([0, [lines.caseB, lines.caseA]]);
    expect(replayed.at(-1)).toEqual(["logs", "more.json"]);
  });
  it("says that there are none", async () => {
    const file = join(folder(), "new.sqlite");
    openStore(file).close();
    expect(await cordon("list", "--store", file)).toMatchObject({
      code: 0,
      said: [expect.stringContaining("no cases")],
    });
    expect(await cordon("list", "--store", file, "--json")).toMatchObject({ code: 0, said: [] });
  });
  it("is wrong usage without a source, and with two", async () => {
    await expect(cordon("list")).rejects.toMatchObject({ usage: true });
    await expect(cordon("list", "logs", "--store", "x")).rejects.toMatchObject({ usage: true });
  });
  it("exits 4 for a store that is not there or was damaged", async () => {
    expect(await cordon("list", "--store", join(folder(), "absent"))).toMatchObject({ code: 4, said: [] });
    const file = made();
    tamper(file, "UPDATE lines SET line = '{'");
    expect(await cordon("list", "--store", file)).toMatchObject({
      code: 4,
      warned: [expect.stringContaining("not JSON")],
    });
  });
});

describe("cordon case show", () => {
  it("shows who, what, the decision with its reason and the ledger's entries, by a prefix of the id", async () => {
    const { code, said } = await cordon("show", "A1", "--store", made());
    const text = said.join("\n");
    expect(code).toBe(0);
    expect(said[0]).toBe(`HIGH  case ${caseA}`);
    expect(text).toContain("workload support-bot");
    expect(text).toContain("drift-trust-widened 1 (privilege-drift)");
    expect(text).toContain("observe (mode observe); in contain mode: contain");
    expect(text).toContain("contain-role arn:aws:iam::111122223333:role/a");
    expect(text).toContain("playbook, detector drift-trust-widened");
    expect(text).toMatch(
      /LEDGER {2}2 entries\n {2}replay #1 {2}2026-11-20T10:00:00Z {2}found {2}[0-9a-f]{16}\n {2}replay #2 /,
    );
    expect(said.filter((line) => live.test(line))).toEqual([]);
    expect(text).toContain("title \\u{1b}[31mred\\u{202e}");
  });
  it("prints its finding, decision and case lines with --json", async () => {
    const { said } = await cordon("show", caseA, "--json", "--store", made());
    expect(said).toEqual([lines.finding, lines.decision, lines.caseA]);
  });
  it("shows a case from files, without a ledger", async () => {
    const { code, said } = await cordon("show", caseA, "logs");
    expect(code).toBe(0);
    expect(said.join("\n")).toContain("drift-trust-widened");
    expect(said.join("\n")).not.toContain("LEDGER");
  });
  it("refuses an id that two cases share and one that none has, with what to do", async () => {
    const file = made();
    await expect(cordon("show", "a", "--store", file)).rejects.toMatchObject({
      usage: true,
      message: expect.stringContaining(`${caseA} and ${caseB}`),
    });
    await expect(cordon("show", "ff\u001b", "--store", file)).rejects.toMatchObject({
      message: `there is no case ff\\u{1b}; see cordon case list --store ${file}`,
    });
    await expect(cordon("show", "", "--store", file)).rejects.toMatchObject({ usage: true });
  });
});

describe("a case whose findings moved to another", () => {
  const now = "b1".repeat(16);
  const moved = JSON.stringify({ ...JSON.parse(lines.finding), caseId: now });
  const taker = JSON.stringify({ ...JSON.parse(lines.caseA), id: now, supersedes: [caseA] });
  const merged: ReplayLines = async () => [moved, lines.caseA, taker];
  const partly: ReplayLines = async () => [moved, lines.finding, lines.caseA, taker];

  it("is listed as merged into that one, without findings", async () => {
    const { said } = await cordonOver(merged, "list", "logs");
    expect(said.find((line) => line.startsWith("a1a1"))).toMatch(/ 0 +merged into b1b1b1b1b1b1$/);
    expect(said.find((line) => line.startsWith("b1b1"))).toMatch(/ 1 +workload support-bot$/);
  });
  it("says into which, and the other says what it supersedes", async () => {
    expect((await cordonOver(merged, "show", caseA, "logs")).said).toContain(`MERGED      into ${now}`);
    const { said } = await cordonOver(merged, "show", now, "logs");
    expect(said).toContain(`SUPERSEDES  ${caseA}`);
    expect(said.join("\n")).not.toContain("MERGED");
  });
  it("stays a case of its own while findings are left in it", async () => {
    const { said } = await cordonOver(partly, "list", "logs");
    expect(said.find((line) => line.startsWith("a1a1"))).toMatch(/ 1 +workload support-bot$/);
    expect((await cordonOver(partly, "show", caseA, "logs")).said.join("\n")).not.toContain("MERGED");
  });
});
