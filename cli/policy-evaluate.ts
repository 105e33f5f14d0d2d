import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Readable } from "node:stream";
import { Command } from "commander";
import { isObject, type JsonObject } from "../core/event/json.ts";
import type { ActionTable } from "../core/iam/action-table.ts";
import { type Evaluation, evaluate } from "../core/iam/evaluate.ts";
import { type Answer, answerLines } from "./answer-lines.ts";
import { iamTables } from "./iam-tables.ts";
import { questionOf } from "./policy-question.ts";
import { exit, pathFrom, type Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** `cordon policy evaluate FILE|-`: whether policies allow a request, and which statement or rule says so. */
export function evaluateCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("evaluate")
    .summary("whether policies allow a request, and why")
    .description("Says whether policies allow a request, and which statements or rules decide.")
    .argument("<FILE|->", "a request with its policies (JSON), or - for NDJSON on standard input")
    .addHelpText("after", help)
    .action(async (path: string) =>
      exitWith(
        path === "-" ? await evaluateLines(process.stdin, terminal) : await evaluateFile(await textIn(path), terminal),
      ),
    );
}

const help = `
Input:
  FILE  {"request": {"action": …, "resource": {"resource": …, "accountId": …}, "principal": …, "context": {…}},
         "identityPolicies": [document, …], "permissionBoundaries": [document, …], "sessionPolicy": document}
        and, where known: "resourcePolicy": document,
        "serviceControlPolicies" and "resourceControlPolicies": [{"orgIdentifier": …, "policies": [document, …]}, …]
  -     NDJSON, one such object a line with its "id"; answered in order with that id
  A document is an object, a JSON string or a URL-encoded string; null = none.

Output:
  {"decision": "Allowed|ImplicitlyDenied|ExplicitlyDenied", "because": […], "notConsidered": […]}

Exit codes:
  0  answered, whatever the decision
  2  wrong usage, or the file cannot be read
  3  a line could not be read or answered; the others were

Example:
  $ cordon policy evaluate question.json
`;

/** Answers one question. A text that is none is answered with its error and exit code 3. */
export async function evaluateFile(text: string, terminal: Terminal): Promise<number> {
  const value = parsed(text);
  const answer: Answer = isObject(value)
    ? answerOf(value, { line: 1 }, iamTables.table)
    : { kind: "unread", line: { line: 1, error: value === undefined ? "not JSON" : "not a JSON object" } };
  await terminal.out(JSON.stringify(answer.line));
  return answer.kind === "unread" ? exit.unread : exit.done;
}

/** Answers NDJSON. */
export async function evaluateLines(input: Readable, terminal: Terminal): Promise<number> {
  const table = iamTables.table;
  return answerLines(input, terminal, (line, number) => answerOf(line, { line: number }, table));
}

function answerOf(line: JsonObject, place: JsonObject, table: ActionTable): Answer {
  const id = line["id"];
  const named = id === undefined ? {} : { id };
  const question = questionOf(line, table);
  if (!question.ok) return { kind: "unread", line: { ...(id === undefined ? place : named), error: question.because } };
  return { kind: "said", line: { ...named, ...printed(evaluate(question.request, question.layers)) } };
}

/** An absent value is left out. */
const printed = ({ decision, because, notConsidered }: Evaluation): JsonObject => ({
  decision,
  because: because.map((reason) => ({ ...reason })),
  ...(notConsidered.length === 0 ? {} : { notConsidered }),
});

function parsed(text: string): unknown {
  try {
    return JSON.parse(text.startsWith("\ufeff") ? text.slice(1) : text);
  } catch {
    return undefined;
  }
}

async function textIn(path: string): Promise<string> {
  try {
    return await readFile(pathFrom(path), "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw usageError(`cordon policy evaluate: cannot read ${path} (${code}); give the path of a JSON file`);
  }
}
