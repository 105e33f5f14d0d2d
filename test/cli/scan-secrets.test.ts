import { Readable } from "node:stream";
import { expect, it } from "vitest";
import { scanSecrets } from "../../cli/scan-secrets.ts";
import { exit } from "../../cli/terminal.ts";
import { drawn } from "../fixtures/drawn.ts";
import { spoken } from "./spoken.ts";

async function answers(lines: readonly string[], key = "one key"): Promise<{ code: number; lines: readonly string[] }> {
  const heard = spoken();
  const code = await scanSecrets(Readable.from(lines.map((line) => `${line}\n`)), key, heard.terminal);
  return { code, lines: heard.out };
}

const asked = (key: string, value: string): string => JSON.stringify({ key, value });

it("answers each line in order and never repeats a value", async () => {
  const token = `ghp_${drawn(36)}`;
  const { code, lines } = await answers([asked("A", token), asked("B", "plain"), asked("C", `x=${token}`)]);
  expect(code).toBe(exit.done);
  const [first, second, third] = lines.map((line) => JSON.parse(line));
  expect(first).toEqual({ isSecret: true, kind: "github-token", fingerprint: expect.stringMatching(/^[a-f0-9]{32}$/) });
  expect(second).toEqual({ isSecret: false });
  expect(third.fingerprint).toBe(first.fingerprint);
  expect(lines.join("")).not.toContain(token.slice(4));
});

it("makes another fingerprint with another key", async () => {
  const line = asked("A", `ghp_${drawn(36)}`);
  const [one, other] = [await answers([line], "one"), await answers([line], "other")];
  expect(one.lines).not.toEqual(other.lines);
});

it("names lines that it cannot read, and goes on", async () => {
  const { code, lines } = await answers(["{", '{"key":"A"}', '{"key":1,"value":"x"}', asked("A", "b")]);
  expect(code).toBe(exit.unread);
  expect(lines.map((line) => JSON.parse(line))).toEqual([
    { line: 1, error: "not JSON" },
    { line: 2, error: "value is missing or not text" },
    { line: 3, error: "key is not text" },
    { isSecret: false },
  ]);
});
