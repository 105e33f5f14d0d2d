import { once } from "node:events";
import { isAbsolute, resolve } from "node:path";
import process from "node:process";

/** Exit codes of every command, as docs/commands.md lists them. */
export const exit = { done: 0, findings: 1, usage: 2, unread: 3, store: 4, interrupted: 130 } as const;

/** Where a command speaks: results on `out`, everything else on `err`. Tests pass arrays. */
export interface Terminal {
  /** One line of results; waits when the reader is slow. */
  out(line: string): Promise<void> | void;
  /** One line for the person: progress, notes, errors. */
  err(line: string): void;
  readonly interactive: boolean;
  readonly columns: number;
}

/** The terminal of this process. A reader that goes away ends the process quietly with 0. */
export function processTerminal(): Terminal {
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") process.exit(exit.done);
    throw error;
  });
  // What is said to a person who no longer listens is lost; the results are not.
  process.stderr.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    async out(line) {
      if (!process.stdout.write(`${line}\n`)) await once(process.stdout, "drain");
    },
    err(line) {
      process.stderr.write(`${line}\n`);
    },
    interactive: process.stderr.isTTY === true,
    columns: Math.max(60, Math.min(process.stdout.columns ?? 120, 160)),
  };
}

/** A path as the person meant it: relative to where npm was called from, if npm says so. */
export const pathFrom = (given: string, environment: NodeJS.ProcessEnv = process.env): string =>
  isAbsolute(given) ? given : resolve(environment["INIT_CWD"] ?? process.cwd(), given);

/** Makes foreign text safe for a terminal: control characters, bidirectional and invisible marks become `\u{…}`. */
export const visible = (text: string): string =>
  text
    .toWellFormed()
    .replace(
      /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\u{e0000}-\u{e007f}]/gu,
      (found) => `\\u{${(found.codePointAt(0) ?? 0).toString(16)}}`,
    );
