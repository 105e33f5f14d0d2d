import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { cordon, project, ran } from "./replay-stage.ts";

const version = String(JSON.parse(readFileSync(join(project, "package.json"), "utf8")).version);

describe("cordon", () => {
  it("prints its version alone on standard output", async () => {
    expect(await ran(["--version"])).toEqual({ code: 0, out: [version], err: [] });
  });

  it("lists every command in its help, and each command has a help of its own", async () => {
    const { code, out, err } = await cordon("--help");
    expect([code, err]).toEqual([0, []]);
    const [, listed = ""] = out.join("\n").split("Commands:\n");
    const commands = [...listed.matchAll(/^ {2}([a-z-]+)/gm)].map((found) => found[1] ?? "");
    expect(commands).toEqual(expect.arrayContaining(["sample", "replay", "case", "ledger", "match", "pull"]));
    for (const command of commands.filter((one) => one !== "help")) {
      const help = await cordon(command, "--help");
      expect([help.code, help.err], command).toEqual([0, []]);
      expect(help.out[0], command).toMatch(`Usage: cordon ${command} `);
    }
  });

  it("names every flag of replay and every exit code in its help", async () => {
    const { code, out, err } = await ran(["replay", "--help"]);
    expect([code, err]).toEqual([0, []]);
    const text = out.join("\n");
    const flags = "json attributions workloads mode only store workers since until fail-on quiet";
    for (const flag of flags.split(" ")) expect(text).toContain(`--${flag}`);
    for (const code of [0, 1, 2, 3, 4]) expect(text).toMatch(new RegExp(`Exit codes:.*\\b${code} `));
  });

  it("is wrong usage without a command, and says where help is", async () => {
    const { code, out, err } = await cordon();
    expect([code, out]).toEqual([2, []]);
    expect(err.join("\n")).toContain("Usage: cordon");
  });

  it.each([
    ["an unknown command", ["repaly"], "replay"],
    ["an unknown flag before a command", ["--nonsense"], "--nonsense"],
    ["an unknown flag of a command", ["replay", "--jsno", "x"], "--json"],
    ["a missing value", ["replay", "x", "--store"], "--store"],
    ["an unknown subcommand", ["ledger", "verfiy"], "verify"],
  ])("is wrong usage with %s, and says what was meant", async (_, words, meant) => {
    const { code, out, err } = await cordon(...words);
    expect([code, out]).toEqual([2, []]);
    expect(err.join("\n")).toContain(meant);
  });

  it("escapes what it repeats of a wrong word", async () => {
    const { err } = await cordon("replay", "x", "--only", "\u001b[2Jwiped");
    expect(err.join("")).not.toContain("\u001b");
    expect(err.join("")).toContain("\\u{1b}");
    const wrong = await cordon("replay", "--\u001b[2J", "x");
    expect(wrong.code).toBe(2);
    expect(wrong.err.join("")).not.toContain("\u001b");
  });
});
