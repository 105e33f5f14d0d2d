import { describe, expect, it } from "vitest";
import { cordon, project, ran } from "./replay-stage.ts";

describe("cordon sample (npm start)", () => {
  it("tells the incident in at most 40 lines and ends with what to do next", async () => {
    const { code, out, err } = await cordon("sample");
    expect([code, err]).toEqual([0, []]);
    expect(out.length).toBeLessThanOrEqual(40);
    const next = out.findIndex((line) => line.endsWith("Next:"));
    const commands = out.slice(next + 1);
    expect(next).toBeGreaterThan(0);
    expect(commands.length).toBeGreaterThan(0);
    for (const line of commands) expect(line).toMatch(/^ {2}npm run -s cordon -- [a-z]+ /);
  });

  it("shows the four kinds of harm, the chain behind them and what would have been done", async () => {
    const text = (await cordon("sample")).out.join("\n");
    for (const told of [
      "CRITICAL",
      "CHAIN",
      "would have: contain-role",
      "would have: deactivate-key",
      "issued by event",
    ])
      expect(text).toContain(told);
    expect(text).toMatch(/\n +\d\d:\d\d:\d\d critical .*trail/i);
  });

  it("says the same to a process, whatever folder it is started from", async () => {
    const timeless = (lines: readonly string[]) => lines.map((line) => line.replace(/in [\d.]+ s/, ""));
    const { code, out, err } = await ran(["sample"], { cwd: "/" });
    expect([code, err]).toEqual([0, []]);
    expect(timeless(out.map((line) => line.trimEnd()))).toEqual(
      timeless((await ran(["sample"], { cwd: project })).out.map((line) => line.trimEnd())),
    );
  });

  it("names next commands that work", async () => {
    const { out } = await cordon("sample");
    const listed = out.find((line) => line.includes("case list")) ?? "";
    const words =
      listed
        .slice(listed.indexOf("-- ") + 3)
        .split(/ {2,}/)[0]
        ?.split(" ") ?? [];
    const { code, out: cases } = await ran(words, { cwd: project });
    expect(code).toBe(0);
    expect(cases.join("\n")).toContain("critical");
  });
});
