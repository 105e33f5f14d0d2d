import process from "node:process";
import { Command, InvalidArgumentError, Option } from "commander";
import { openStore } from "../adapters/local/sqlite.ts";
import type { Mode } from "../core/decide/decision.ts";
import { atLeast, type Severity, severities } from "../core/detect/finding.ts";
import { parseInstant } from "../core/event/instant.ts";
import { parkedLine } from "../core/record/line.ts";
import { attributedRecords } from "./attributed.ts";
import { defaultWorkers, type LineListener, type LineResult, runLine } from "./embedded-line.ts";
import { type InitialStateOptions, initialState, withInitialState } from "./initial-state.ts";
import { linesOf, printAttributions } from "./lines.ts";
import { progressBar } from "./progress.ts";
import { registryFrom } from "./registry.ts";
import { responsePolicy } from "./response-policy.ts";
import { spooledInput } from "./standard-input.ts";
import { recordRun } from "./store-run.ts";
import { replaySummary } from "./summary.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";
import { watchersFor } from "./watchers.ts";

export interface ReplayOptions extends InitialStateOptions {
  readonly json?: boolean;
  readonly attributions?: boolean;
  readonly workloads?: string;
  readonly mode: Mode;
  readonly only?: readonly string[];
  readonly store?: string;
  readonly workers?: number;
  readonly since?: number;
  readonly until?: number;
  readonly failOn?: Severity;
  readonly quiet?: boolean;
}

/** `cordon replay`: the whole line over files. Resolves to the exit code; throws a usage error before anything ran. */
export async function replay(paths: readonly string[], options: ReplayOptions, terminal: Terminal): Promise<number> {
  if (paths.length === 0) throw usageError("name at least one file or folder, or - for standard input");
  if ([...paths, ...(options.accountState ?? []), options.orgState, options.store, options.workloads].includes(""))
    throw usageError("a path is empty, as of a variable that is not set: name a file or folder (. is this folder)");
  const registry = await registryFrom(options.workloads, terminal);
  const { initial, code } = await initialState(options, terminal);
  const watchers = watchersFor(options.only ?? []);
  const store = options.store === undefined ? undefined : openStore(pathFrom(options.store));
  const input = paths.includes("-") ? await spooledInput(process.stdin) : undefined;
  try {
    const listener = listening(options, terminal);
    const horizon = {
      ...(options.since === undefined ? {} : { since: options.since }),
      ...(options.until === undefined ? {} : { until: options.until }),
    };
    const result = await runLine(
      {
        inputs: paths.map((shown) => ({ shown, path: shown === "-" ? (input?.path ?? "") : pathFrom(shown) })),
        registry,
        watchers,
        policy: responsePolicy(options.mode, registry),
        horizon,
        workers: options.workers ?? defaultWorkers(),
        rows: options.json && options.attributions ? "wanted" : "not-wanted",
        iam: { initial },
        ...(store === undefined ? {} : { store }),
      },
      listener,
    );
    listener.done();
    await recordRun(result, store);
    if (options.json) {
      if (options.attributions) await printAttributions(attributedRecords(result, horizon), terminal);
      for (const line of linesOf(result)) await terminal.out(line);
    } else if (!options.quiet)
      for (const line of replaySummary(result, {
        registry,
        paths,
        columns: terminal.columns,
        ...(options.workloads === undefined ? {} : { workloads: options.workloads }),
        ...(options.store === undefined ? {} : { store: options.store }),
      }))
        await terminal.out(line);
    return code === exit.unread ? code : codeFor(result, options);
  } finally {
    input?.close();
    store?.close();
  }
}

/** The lines of a replay in memory, for commands that read cases from files. What is parked is named on standard error. */
export async function replayLines(
  paths: readonly string[],
  options: InitialStateOptions & Pick<ReplayOptions, "workloads">,
  terminal: Terminal,
): Promise<readonly string[]> {
  const lines: string[] = [];
  await replay(
    paths,
    { ...options, json: true, mode: "observe" },
    { ...terminal, out: (line) => void lines.push(line) },
  );
  return lines;
}

function codeFor({ summary, settlement }: LineResult, { failOn }: ReplayOptions): number {
  if (summary.parked > 0) return exit.unread;
  if (failOn !== undefined && settlement.findings.some((one) => atLeast(one.severity, failOn))) return exit.findings;
  return exit.done;
}

/** How many parked items a person is shown by name; all of them are counted, and `--json` prints every one. */
const shownParked = 10;

/** Says on the terminal what happens while the line runs: a bar, and what could not be read. */
export function listening(
  options: Pick<ReplayOptions, "json" | "quiet">,
  terminal: Terminal,
): LineListener & { done(): void } {
  const bar = progressBar(terminal, options.quiet === true);
  let parked = 0;
  return {
    total: (files, bytes) => bar.start(files, bytes),
    progress: (files, bytes, records) => bar.advance(files, bytes, records),
    parked(source, reason) {
      parked++;
      if (options.json) void terminal.out(parkedLine(source, reason));
      else if (parked <= shownParked) bar.note(`parked ${visible(source)}: ${reason}`);
      else if (parked === shownParked + 1) bar.note("more was parked; --json names all of it");
    },
    passedOver: (shown, because) => bar.note(`passed over ${visible(shown)}: ${because}`),
    done: () => bar.stop(),
  };
}

/** Times are compared by the second, as CloudTrail writes them. */
export function time(value: string): number {
  const at =
    parseInstant(value) ?? (/^\d{4}-\d{2}-\d{2}$/.test(value) ? parseInstant(`${value}T00:00:00Z`) : undefined);
  if (at === undefined) throw new InvalidArgumentError("write a time such as 2026-01-31T23:59:59Z or 2026-01-31.");
  if (at % 1000 !== 0) throw new InvalidArgumentError("give whole seconds: records are dated by the second.");
  return at / 1000;
}

function threads(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new InvalidArgumentError("give a whole number from 1 to 64.");
  return count;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function replayCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return withInitialState(new Command("replay"))
    .description(
      "Runs the whole line over CloudTrail records and EventBridge events. Nothing leaves this machine; nothing acts.",
    )
    .argument(
      "[PATH...]",
      "files or folders (log files, NDJSON, arrays, LookupEvents pages; plain or gzip), or - for standard input",
    )
    .option("--json", "print NDJSON lines on standard output")
    .option("--attributions", "also print who ran each record (with --json)")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists)")
    .addOption(
      new Option("--mode <MODE>", "what decisions may name")
        .choices(["observe", "ticket", "contain"])
        .default("observe"),
    )
    .option("--only <ID>", "only this detector (repeatable)", collect)
    .option("--store <FILE>", "keep state, cases and ledger in this SQLite file")
    .option("--workers <N>", "parsing threads (default: the cores; 1 = no thread)", threads)
    .option("--since <T>", "records from this time on (inclusive)", time)
    .option("--until <T>", "records before this time", time)
    .addOption(
      new Option("--fail-on <SEVERITY>", "exit with 1 when there is a finding this severe").choices([...severities]),
    )
    .option("--quiet", "no summary and no progress")
    .addHelpText(
      "after",
      `
Exit codes: 0 done · 1 findings at or above --fail-on · 2 wrong usage · 3 some input was parked · 4 the store failed

Examples:
  cordon replay ./pulled
  cordon replay --json --attributions trail.json.gz | jq 'select(.type == "finding")'
  zcat *.json.gz | cordon replay - --fail-on high --quiet`,
    )
    .action(async (paths: string[], options: ReplayOptions) => exitWith(await replay(paths, options, terminal)));
}
