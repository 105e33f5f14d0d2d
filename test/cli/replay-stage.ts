import { type ChildProcessWithoutNullStreams, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll } from "vitest";
import { run } from "../../cli/main.ts";

/** What came of one command. */
export interface Outcome {
  readonly code: number;
  readonly out: readonly string[];
  readonly err: readonly string[];
}

export type Line = Readonly<Record<string, unknown>> & { readonly type: string };

/** Runs the command line in this process. */
export async function cordon(...words: readonly string[]): Promise<Outcome> {
  const out: string[] = [];
  const err: string[] = [];
  const code = await run(words, {
    out: (line) => void out.push(line),
    err: (line) => void err.push(line),
    interactive: false,
    columns: 120,
  });
  return { code, out, err };
}

/** `replay --json` on one thread: the lines and what else came of it. */
export async function replayed(...words: readonly string[]): Promise<Outcome & { readonly lines: readonly Line[] }> {
  const outcome = await cordon("replay", "--json", "--workers", "1", ...words);
  return { ...outcome, lines: outcome.out.map((line) => JSON.parse(line)) };
}

export const ofType = (lines: readonly Line[], type: string): readonly Line[] =>
  lines.filter((line) => line.type === type);

/** Lines whose bytes are promised: all but attributions, whose order is free, and the seconds of the summary. */
export const promised = (out: readonly string[]): readonly string[] =>
  out.filter((line) => !line.startsWith('{"type":"attribution"')).map((line) => line.replace(/,"seconds":[^}]*/, ""));

/** The set of attribution lines, in an order of our own. */
export const attributions = (out: readonly string[]): readonly string[] =>
  out.filter((line) => line.startsWith('{"type":"attribution"')).sort();

export const project = join(import.meta.dirname, "../..");
const main = join(project, "cli/cordon.mjs");

/** Starts the real command line as a process of its own. */
export const started = (
  words: readonly string[],
  { cwd = project, env = {} }: { readonly cwd?: string; readonly env?: NodeJS.ProcessEnv } = {},
): ChildProcessWithoutNullStreams =>
  spawn(process.execPath, [main, ...words], { cwd, env: { ...process.env, INIT_CWD: undefined, ...env } });

/** Waits for a process to end; a signal that ended it counts as a code no command promises. */
export function ended(child: ChildProcessWithoutNullStreams): Promise<Outcome> {
  const [out, err]: [Buffer[], Buffer[]] = [[], []];
  child.stdout.on("data", (piece) => out.push(piece));
  child.stderr.on("data", (piece) => err.push(piece));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? -1, out: linesIn(out), err: linesIn(err) }));
  });
}

/** Runs the real command line with nothing, or with this text, on standard input. */
export function ran(
  words: readonly string[],
  options: Parameters<typeof started>[1] = {},
  input = "",
): Promise<Outcome> {
  const child = started(words, options);
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  return ended(child);
}

/** A temporary folder with these files in it, removed at the end of the test file. */
export function folderWith(files: Readonly<Record<string, string | Uint8Array>>): string {
  const folder = mkdtempSync(join(tmpdir(), "cordon-replay-"));
  folders.push(folder);
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, name)), { recursive: true });
    writeFileSync(join(folder, name), text);
  }
  return folder;
}

const folders: string[] = [];
afterAll(() => {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
});

const linesIn = (pieces: readonly Buffer[]): readonly string[] =>
  Buffer.concat(pieces)
    .toString("utf8")
    .split("\n")
    .filter((line) => line !== "");
