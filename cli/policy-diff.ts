import { readFile } from "node:fs/promises";
import process from "node:process";
import type { Readable } from "node:stream";
import { Command } from "commander";
import type { JsonObject } from "../core/event/json.ts";
import type { DifferenceRow } from "../core/iam/compare/difference.ts";
import type { TrustRow } from "../core/iam/compare/trust-difference.ts";
import { type Answer, answerLines } from "./answer-lines.ts";
import { type Compared, type Comparing, comparing } from "./policy-comparing.ts";
import { explained } from "./policy-diff-table.ts";
import { exit, pathFrom, type Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** `cordon policy diff OLD NEW|- [--trust]`: what the second document allows that the first did not, and the other way round. */
export function diffCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("diff")
    .summary("what one policy allows that another does not")
    .description("Compares two policies by what they allow, not by how they are written.")
    .argument("<OLD|->", "the policy document before (JSON), or - for NDJSON on standard input")
    .argument("[NEW]", "the policy document after")
    .option("--trust", "the documents are trust policies: whom they let in")
    .option("--json", "no explanation on standard error, only the answer")
    .addHelpText("after", help)
    .action(async (old: string, now: string | undefined, { trust, json }: Flags) => {
      const kind = trust === true ? "trust" : "identity";
      if (old === "-" && now === undefined) return exitWith(await diffLines(process.stdin, { terminal, kind }));
      if (now === undefined) throw usageError("cordon policy diff: give two documents, OLD and NEW, or - for NDJSON");
      const texts = { old: await documentIn(old), now: await documentIn(now) };
      const quiet = json === true ? { ...terminal, err: () => {} } : terminal;
      return exitWith(await diffFiles(texts, { terminal: quiet, kind }));
    });
}

interface Flags {
  readonly trust?: boolean;
  readonly json?: boolean;
}

const help = `
Input:
  OLD, NEW  policy documents
  -         NDJSON, a line each: {"id": …, "old": …, "new": …}, answered in order with that id;
            a document is an object, a JSON string or a URL-encoded string; null = nothing

Output:
  {"added": [row, …], "removed": [row, …], "escalates": ["<service>:<actions joined by +>", …]}
  row, an action each:  {"action", "resource", "except": […], "condition": {…}, "witness": {"action", "resource", "context"}}
  row, with --trust:    {"principal", "action", "condition": {…}, "witness": {"principal", "action", "context"}}
  A witness is a request that one side allows and the other does not.
  With OLD and NEW the same is explained on standard error.

Exit codes:
  0  answered, whether or not there is a difference
  2  wrong usage, or a file cannot be read
  3  a document or a line could not be read; the others were answered

Example:
  $ cordon policy diff before.json after.json
`;

export interface Speaking {
  readonly terminal: Terminal;
  readonly kind: "identity" | "trust";
}

/** Answers for two documents' texts. A text that is no policy is answered with its error and exit code 3. */
export async function diffFiles(texts: { readonly old: string; readonly now: string }, { terminal, kind }: Speaking) {
  const compare = await comparing();
  const bare = (text: string): unknown =>
    text.trim() === "null" ? null : text.startsWith("\ufeff") ? text.slice(1) : text;
  const answer = compare(kind, bare(texts.old), bare(texts.now));
  if (!answer.ok) {
    await terminal.out(JSON.stringify({ line: 1, error: answer.because }));
    return exit.unread;
  }
  await terminal.out(JSON.stringify(said(answer)));
  for (const line of explained(answer)) terminal.err(line);
  return exit.done;
}

/** Answers NDJSON. */
export async function diffLines(input: Readable, { terminal, kind }: Speaking): Promise<number> {
  const compare = await comparing();
  return answerLines(input, terminal, (line, number) => answerOf(line, number, { compare, kind }));
}

interface Answering {
  readonly compare: Comparing;
  readonly kind: Speaking["kind"];
}

function answerOf(line: JsonObject, number: number, { compare, kind }: Answering): Answer {
  const id = line["id"];
  const named: JsonObject = id === undefined ? {} : { id };
  const unread = (error: string): Answer => ({
    kind: "unread",
    line: { ...(id === undefined ? { line: number } : named), error },
  });
  const missing = ["old", "new"].find((name) => !Object.hasOwn(line, name));
  if (missing !== undefined) return unread(`no ${missing}: give a document, or null for nothing`);
  const answer = compare(kind, line["old"], line["new"]);
  return answer.ok ? { kind: "said", line: { ...named, ...said(answer) } } : unread(answer.because);
}

const said = ({ added, removed, escalates, left }: Compared): JsonObject => ({
  added: added.map(printed),
  removed: removed.map(printed),
  escalates: escalates.map(({ path }) => path.id),
  ...(left === 0 ? {} : { leftOut: left }),
});

/** An absent value is left out. */
function printed(row: DifferenceRow | TrustRow): JsonObject {
  if ("principal" in row) return { ...row, witness: { ...row.witness } };
  const { resourcePolicy, ...witness } = row.witness;
  return {
    ...row,
    witness: resourcePolicy === undefined ? witness : { ...witness, resourcePolicy: { ...resourcePolicy } },
  };
}

async function documentIn(path: string): Promise<string> {
  try {
    return await readFile(pathFrom(path), "utf8");
  } catch (cause) {
    const code = cause instanceof Error && "code" in cause ? String(cause.code) : "unreadable";
    throw usageError(`cordon policy diff: cannot read ${path} (${code}); give the path of a policy document`);
  }
}
