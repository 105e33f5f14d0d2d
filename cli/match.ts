import { readFile } from "node:fs/promises";
import process from "node:process";
import { Command } from "commander";
import { isObject } from "../core/event/json.ts";
import { matches } from "../core/event/pattern/matches.ts";
import { parsePattern, patternLimits } from "../core/event/pattern/parse.ts";
import type { Pattern } from "../core/event/pattern/pattern.ts";
import { type InputLine, type InputValue, valueReader } from "../core/event/pattern/values.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";

/** `cordon match PATTERN.json`: prints those events on standard input that EventBridge would match with the pattern. */
export function matchCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("match")
    .summary("print the events that an EventBridge pattern matches")
    .description(
      "Reads events on standard input and prints, unchanged, those that an EventBridge event pattern matches.",
    )
    .argument("<pattern>", "file with the event pattern, as JSON")
    .addHelpText("after", help)
    .action(async (path: string) => {
      const text = await readPattern(path, terminal);
      exitWith(text === undefined ? exit.usage : await match(text, process.stdin, terminal));
    });
}

/** Prints the events of the input that the pattern matches and promises the exit code of the command. */
export async function match(
  patternText: string,
  input: AsyncIterable<string | Uint8Array>,
  terminal: Terminal,
): Promise<number> {
  const pattern = compile(patternText, terminal);
  if (pattern === undefined) return exit.usage;
  let unread = 0;
  for await (const value of valuesOf(input)) if (!(await printMatches(pattern, value, terminal))) unread++;
  return unread === 0 ? exit.done : exit.unread;
}

const help = `
Input:
  NDJSON (one event a line), one JSON document, or a JSON array of events.

Exit codes:
  0  done, whether or not an event matched
  2  the pattern cannot be read, or AWS would refuse it
  3  a line of the input could not be read; the others were processed

Example:
  $ cat pattern.json
  {"source": ["aws.iam"], "detail": {"eventName": [{"prefix": "Attach"}]}}
  $ cordon match pattern.json < events.ndjson
`;

async function readPattern(path: string, terminal: Terminal): Promise<string | undefined> {
  try {
    return await readFile(pathFrom(path), "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    terminal.err(visible(`cordon match: cannot read the pattern ${path} (${code}); give the path of a JSON file`));
    return undefined;
  }
}

function compile(text: string, terminal: Terminal): Pattern | undefined {
  let value: unknown;
  try {
    value = JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch {
    terminal.err("cordon match: the pattern is not JSON; EventBridge takes a JSON object without comments");
    return undefined;
  }
  const parsed = parsePattern(value);
  if (!parsed.ok) {
    terminal.err(visible(`cordon match: the pattern is invalid at ${parsed.where}: ${parsed.because}`));
    return undefined;
  }
  if (parsed.pattern.length > patternLimits.quota)
    terminal.err(
      `cordon match: note: ${parsed.pattern.length} characters; PutRule takes ${patternLimits.quota} unless the account's quota was raised (up to ${patternLimits.longest})`,
    );
  return parsed.pattern;
}

/** False when the value, or an element of it, is no event. */
async function printMatches(pattern: Pattern, input: InputValue, terminal: Terminal): Promise<boolean> {
  if (!input.ok) {
    terminal.err(`cordon match: line ${input.line}: ${input.because}`);
    return false;
  }
  const { value, text, line } = input;
  if (!Array.isArray(value)) return printEvent(pattern, { event: value, text, where: `line ${line}` }, terminal);
  const elements: readonly unknown[] = value;
  let readable = true;
  for (const [index, event] of elements.entries()) {
    const where = `element ${index} of the list on line ${line}`;
    readable = (await printEvent(pattern, { event, text: undefined, where }, terminal)) && readable;
  }
  return readable;
}

interface Candidate {
  readonly event: unknown;
  /** The line it was read from; nothing for an element of a list, which is printed as JSON. */
  readonly text: string | undefined;
  readonly where: string;
}

async function printEvent(pattern: Pattern, { event, text, where }: Candidate, terminal: Terminal): Promise<boolean> {
  if (!isObject(event)) {
    terminal.err(`cordon match: ${where}: not an event; an event is a JSON object`);
    return false;
  }
  if (matches(pattern, event)) await terminal.out(text ?? JSON.stringify(event));
  return true;
}

async function* valuesOf(input: AsyncIterable<string | Uint8Array>): AsyncGenerator<InputValue> {
  const reader = valueReader();
  for await (const line of linesOf(input)) yield* reader.feed(line);
  yield* reader.end();
}

const newline = 0x0a;

/** Bytes of the longest line that is read. */
const longestLine = 64 * 1024 * 1024;

/** The lines of the input, cut at the byte, so that a character on the border of two chunks stays whole. */
async function* linesOf(input: AsyncIterable<string | Uint8Array>): AsyncGenerator<InputLine> {
  let pieces: Uint8Array[] = [];
  let length = 0;
  const add = (piece: Uint8Array): void => {
    length += piece.length;
    if (length <= longestLine) pieces.push(piece);
    else pieces = [];
  };
  const taken = (): InputLine => {
    const line = length > longestLine ? tooLong : decoded(Buffer.concat(pieces));
    pieces = [];
    length = 0;
    return line;
  };
  for await (const chunk of input) {
    const bytes = typeof chunk === "string" ? Buffer.from(chunk) : chunk;
    let from = 0;
    for (let end = bytes.indexOf(newline); end >= 0; end = bytes.indexOf(newline, from)) {
      add(bytes.subarray(from, end));
      yield taken();
      from = end + 1;
    }
    if (from < bytes.length) add(bytes.subarray(from));
  }
  if (length > 0) yield taken();
}

const tooLong: InputLine = { ok: false, because: `longer than ${longestLine} bytes; it was skipped` };

const utf8 = new TextDecoder("utf-8", { fatal: true });

function decoded(bytes: Uint8Array): InputLine {
  try {
    return { ok: true, text: utf8.decode(bytes) };
  } catch {
    return { ok: false, because: "not UTF-8; JSON has to be" };
  }
}
