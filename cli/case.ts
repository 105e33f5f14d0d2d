import { Command } from "commander";
import { lineStore } from "../adapters/local/line-store.ts";
import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { isObject, type JsonObject, list, text } from "../core/event/json.ts";
import { Fault } from "../core/fault.ts";
import type { LedgerEntry } from "../core/record/ledger.ts";
import { caseTable, caseText } from "./case-view.ts";
import { type InitialStateOptions, withInitialState } from "./initial-state.ts";
import { answering, withStore } from "./store.ts";
import { exit, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** Runs the line over files and resolves to the NDJSON lines that `replay --json` would print. */
export type ReplayLines = (
  paths: readonly string[],
  options: InitialStateOptions & { readonly workloads?: string },
) => Promise<readonly string[]>;

interface CaseOptions extends InitialStateOptions {
  readonly store?: string;
  readonly workloads?: string;
  readonly json?: boolean;
}

/** Where cases are read from: lines by kind, and the ledger's entries of a case where there is a ledger. */
interface Settled {
  readonly findings: readonly string[];
  readonly decisions: readonly string[];
  readonly cases: readonly string[];
  entriesOf(caseId: string): readonly LedgerEntry[];
}

/** `cordon case list`: every case, as a table or as its NDJSON line. */
export async function listCases(
  paths: readonly string[],
  options: CaseOptions,
  terminal: Terminal,
  replayLines: ReplayLines,
): Promise<number> {
  checkSource(paths, options);
  return answering(terminal, () =>
    reading(paths, options, replayLines, async ({ findings, cases }) => {
      if (options.json) {
        for (const line of cases) await terminal.out(line);
        return exit.done;
      }
      if (cases.length === 0) {
        await terminal.out("no cases: nothing was found, or nothing was replayed into this store yet");
        return exit.done;
      }
      for (const line of caseTable(cases.map(parsed), terminal.columns, merging(cases, findings)))
        await terminal.out(line);
      await terminal.out(`\nnext: cordon case show ID ${sourceText(paths, options)}`);
      return exit.done;
    }),
  );
}

/** `cordon case show`: one case, named by its id or the beginning of it, with its findings, decisions and ledger entries. */
export async function showCase(
  id: string,
  paths: readonly string[],
  options: CaseOptions,
  terminal: Terminal,
  replayLines: ReplayLines,
): Promise<number> {
  checkSource(paths, options);
  return answering(terminal, () =>
    reading(paths, options, replayLines, async ({ findings, decisions, cases, entriesOf }) => {
      const one = chosen(cases, id, `cordon case list ${sourceText(paths, options)}`);
      const own = (line: string): boolean => parsed(line)["caseId"] === one.id;
      const [ownFindings, ownDecisions] = [findings.filter(own), decisions.filter(own)];
      if (options.json) {
        for (const line of [...ownFindings, ...ownDecisions, one.line]) await terminal.out(line);
        return exit.done;
      }
      const entries = entriesOf(one.id);
      const file = {
        one: parsed(one.line),
        findings: ownFindings.map(parsed),
        decisions: ownDecisions.map(parsed),
        entries,
        mergedInto: merging(cases, findings)(one.id),
      };
      for (const line of caseText(file)) await terminal.out(line);
      if (options.store !== undefined)
        await terminal.out(`\nnext: cordon ledger verify --store ${visible(options.store)}`);
      return exit.done;
    }),
  );
}

function checkSource(paths: readonly string[], { store, accountState, orgState }: CaseOptions): void {
  if (store === undefined && paths.length === 0)
    throw usageError("say where the cases are: --store FILE, or the files and folders to replay");
  if (store !== undefined && paths.length > 0)
    throw usageError("give either --store FILE or files to replay, not both");
  if (store !== undefined && (accountState !== undefined || orgState !== undefined))
    throw usageError("a store is not judged again: give --account-state and --org-state to replay --store");
}

async function reading(
  paths: readonly string[],
  { store, workloads, accountState, orgState }: CaseOptions,
  replayLines: ReplayLines,
  work: (settled: Settled) => Promise<number>,
): Promise<number> {
  if (store === undefined) {
    const initially = { ...(accountState && { accountState }), ...(orgState && { orgState }) };
    return work(fromLines(await replayLines(paths, { ...initially, ...(workloads && { workloads }) })));
  }
  return withStore(store, (open) => {
    const lines = lineStore(open);
    return work({
      findings: lines.list("finding"),
      decisions: lines.list("decision"),
      cases: lines.list("case"),
      entriesOf: (caseId) => sqliteLedger(open).ofCase(caseId),
    });
  });
}

function fromLines(lines: readonly string[]): Settled {
  const byType = Map.groupBy(lines, (line) => parsed(line)["type"]);
  return {
    findings: byType.get("finding") ?? [],
    decisions: byType.get("decision") ?? [],
    cases: byType.get("case") ?? [],
    entriesOf: () => [],
  };
}

/** Which cases took the findings of one that has none left: a later link showed that somebody else was behind them. */
function merging(cases: readonly string[], findings: readonly string[]): (caseId: string) => readonly string[] {
  const takers = new Map<string, string[]>();
  for (const line of cases.map(parsed))
    for (const old of list(line["supersedes"]).map(text))
      takers.set(old, [...(takers.get(old) ?? []), text(line["id"])]);
  const alive = takers.size === 0 ? new Set() : new Set(findings.map((line) => parsed(line)["caseId"]));
  return (caseId) => (alive.has(caseId) ? [] : (takers.get(caseId) ?? []));
}

function chosen(
  cases: readonly string[],
  given: string,
  listing: string,
): { readonly id: string; readonly line: string } {
  const wanted = given.toLowerCase();
  const found = cases
    .map((line) => ({ id: text(parsed(line)["id"]), line }))
    .filter(({ id }) => wanted !== "" && id.startsWith(wanted));
  const [first, second] = found;
  if (first === undefined) throw usageError(`there is no case ${visible(given)}; see ${listing}`);
  if (second !== undefined && !found.some(({ id }) => id === wanted))
    throw usageError(
      `${found.length} cases begin with ${visible(given)}, such as ${visible(first.id)} and ${visible(second.id)}; give more of the id`,
    );
  return found.find(({ id }) => id === wanted) ?? first;
}

function parsed(line: string): JsonObject {
  try {
    const value: unknown = JSON.parse(line);
    if (isObject(value)) return value;
  } catch {
    // Said below, with what to do.
  }
  throw new Fault(
    "misconfigured",
    "a stored line is not JSON; the store was changed by something else: replay into a new --store file",
  );
}

const sourceText = (
  paths: readonly string[],
  { store, workloads, accountState = [], orgState }: CaseOptions,
): string => {
  const given = [
    ...(workloads === undefined ? [] : [`--workloads ${workloads}`]),
    ...accountState.map((path) => `--account-state ${path}`),
    ...(orgState === undefined ? [] : [`--org-state ${orgState}`]),
  ];
  const declared = given.map((one) => ` ${one}`).join("");
  return visible(store === undefined ? `${paths.join(" ")}${declared}` : `--store ${store}`);
};

/** `cordon case …`. */
export function caseCommand(terminal: Terminal, exitWith: (code: number) => void, replayLines: ReplayLines): Command {
  const command = new Command("case").description(
    "Cases: the findings of one identity on one day, and what was decided.",
  );
  const help = `
Exit codes: 0 done · 2 wrong usage, or no such case · 4 the store failed`;
  withInitialState(command.command("list"))
    .description("Lists every case, the most severe first.")
    .argument("[PATH...]", "files or folders to replay instead of a store")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store")
    .option("--workloads <DIR>", "manifests, when reading from PATH (default: ./workloads if it exists)")
    .option("--json", "print the case lines as NDJSON")
    .addHelpText("after", help)
    .action(async (paths: string[], options: CaseOptions) =>
      exitWith(await listCases(paths, options, terminal, replayLines)),
    );
  withInitialState(command.command("show"))
    .description("Shows one case with its findings, decisions and ledger entries.")
    .argument("<ID>", "the case's id, or as much of its beginning as no other case shares")
    .argument("[PATH...]", "files or folders to replay instead of a store")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store")
    .option("--workloads <DIR>", "manifests, when reading from PATH (default: ./workloads if it exists)")
    .option("--json", "print its finding, decision and case lines as NDJSON")
    .addHelpText("after", help)
    .action(async (id: string, paths: string[], options: CaseOptions) =>
      exitWith(await showCase(id, paths, options, terminal, replayLines)),
    );
  return command;
}
