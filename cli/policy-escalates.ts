import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Readable } from "node:stream";
import { Command } from "commander";
import type { ActionTable } from "../core/iam/action-table.ts";
import { escalates, type OpenPath } from "../core/iam/reach/escalates.ts";
import type { EscalationPath } from "../core/iam/reach/escalation-path.ts";
import { reachStatements } from "../core/iam/reach/reach-statement.ts";
import { type Answer, answerLines } from "./answer-lines.ts";
import { iamTables } from "./iam-tables.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

interface Tables {
  readonly paths: readonly EscalationPath[];
  readonly table: ActionTable;
}

/** `cordon policy escalates FILE|-`: which known ways to more rights an identity policy opens. */
export function escalatesCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("escalates")
    .summary("which known ways to more rights a policy opens")
    .description("Says which known ways to more rights one identity policy opens, if it were all that its holder has.")
    .argument("<FILE|->", "a policy document (JSON), or - for NDJSON on standard input")
    .option("--json", "no explanation on standard error, only the answer")
    .addHelpText("after", help)
    .action(async (path: string, { json }: { readonly json?: boolean }) =>
      exitWith(
        path === "-"
          ? await escalatesLines(process.stdin, terminal)
          : await escalatesFile(await documentIn(path), json === true ? { ...terminal, err: () => {} } : terminal),
      ),
    );
}

const help = `
Input:
  FILE  a policy document
  -     NDJSON, a line each: {"id": …, "document": …}, answered in order with that id;
        a document is an object, a JSON string or a URL-encoded string; null = no policy

Output:
  {"escalates": true|false, "paths": ["<service>:<actions joined by +>", …]}
  With FILE the same is explained on standard error.

Exit codes:
  0  answered, whether or not a path is open
  2  wrong usage, or the file cannot be read
  3  a document or a line could not be read; the others were answered

Example:
  $ cordon policy escalates bot.json
`;

/** Answers for one document's text. A text that is no policy is answered with its error and exit code 3. */
export async function escalatesFile(text: string, terminal: Terminal): Promise<number> {
  const answer = openPaths(text.startsWith("\ufeff") ? text.slice(1) : text, iamTables);
  if (typeof answer === "string") {
    await terminal.out(JSON.stringify({ line: 1, error: answer }));
    return exit.unread;
  }
  await terminal.out(JSON.stringify(said(answer)));
  for (const line of explained(answer)) terminal.err(line);
  return exit.done;
}

/** Answers NDJSON. */
export async function escalatesLines(input: Readable, terminal: Terminal): Promise<number> {
  const own = iamTables;
  return answerLines(input, terminal, (line, number): Answer => {
    const id = line["id"];
    const named = id === undefined ? {} : { id };
    if (!Object.hasOwn(line, "document"))
      return { kind: "unread", line: { ...(id === undefined ? { line: number } : named), error: "no document" } };
    const answer = openPaths(line["document"], own);
    if (typeof answer === "string")
      return { kind: "unread", line: { ...(id === undefined ? { line: number } : named), error: answer } };
    return { kind: "said", line: { ...named, ...said(answer) } };
  });
}

/** The open paths, or what is wrong with the document. */
function openPaths(document: unknown, own: Tables): readonly OpenPath[] | string {
  const read = reachStatements(document);
  return read.ok ? escalates(read.statements, own) : read.because;
}

const said = (open: readonly OpenPath[]) => ({ escalates: open.length > 0, paths: open.map(({ path }) => path.id) });

const gravest = ["critical", "high", "medium", "low"] as const;

/** For a person: each path with what it does, its severity, and the grants that open it. */
function explained(open: readonly OpenPath[]): readonly string[] {
  if (open.length === 0) return ["No known way to more rights, as far as this policy alone can tell."];
  const sorted = open.toSorted((a, b) => gravest.indexOf(a.path.severity) - gravest.indexOf(b.path.severity));
  return [
    `${open.length} known ${open.length === 1 ? "way" : "ways"} to more rights:`,
    ...sorted.flatMap(({ path, grants }) => [
      "",
      `${path.severity.toUpperCase().padEnd(8)}  ${path.id}`,
      `          ${path.title}.`,
      ...grants.map(({ action, resource }) => visible(`          ${action} on ${shortened(resource)}`)),
      `          ${path.reference}`,
    ]),
    "",
    "Whether a role, function or machine worth taking exists, and what boundaries and organization policies forbid, is not in the document.",
  ];
}

const shortened = (text: string): string => (text.length > 120 ? `${text.slice(0, 119)}…` : text);

async function documentIn(path: string): Promise<string> {
  try {
    return await readFile(pathFrom(path), "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw usageError(`cordon policy escalates: cannot read ${path} (${code}); give the path of a policy document`);
  }
}
