import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { isObject, type JsonObject } from "../core/event/json.ts";
import { exit, type Terminal } from "./terminal.ts";

/** The answer to one line, as it is printed; `unread` when the line could not be. */
export type Answer = { readonly kind: "said" | "unread"; readonly line: JsonObject };

/**
 * Answers NDJSON line by line, in order: one line out for each line in, empty lines aside. A line that is no JSON object is
 * answered with its number. Resolves to the exit code, 3 when a line could not be read.
 */
export async function answerLines(
  input: Readable,
  terminal: Terminal,
  answer: (line: JsonObject, number: number) => Answer,
): Promise<number> {
  let number = 0;
  let unread = 0;
  for await (const text of createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })) {
    number++;
    if (text.trim() === "") continue;
    const value = parsed(text);
    const said: Answer = isObject(value)
      ? answer(value, number)
      : { kind: "unread", line: { line: number, error: value === undefined ? "not JSON" : "not a JSON object" } };
    if (said.kind === "unread") unread++;
    await terminal.out(JSON.stringify(said.line));
  }
  return unread === 0 ? exit.done : exit.unread;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}
