import { readFileSync } from "node:fs";
import { Command, InvalidArgumentError, Option } from "commander";
import { atLeast, type Severity, severities } from "../core/detect/finding.ts";
import { emptyRegistry } from "../core/identity/registry.ts";
import type { Review } from "../core/record/review.ts";
import { reviewMarkdown } from "../core/record/review-markdown.ts";
import { sarifOf } from "../core/record/sarif.ts";
import { registryFrom } from "./registry.ts";
import { time } from "./replay.ts";
import { type GivenCandidate, withCandidates } from "./simulate-candidates.ts";
import { itemsOf } from "./simulate-items.ts";
import { simulationLines } from "./simulate-lines.ts";
import { type RecordOptions, type SimulatedRecords, withRecords } from "./simulate-records.ts";
import { accountsFor, judgedCalls, judgedManifests, judgedPlan, type Result, readyCandidates } from "./simulate-run.ts";
import { blindSpots, summaryOf } from "./simulate-summary.ts";
import { simulationTable } from "./simulate-table.ts";
import { answering } from "./store.ts";
import { exit, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

export interface SimulateOptions extends RecordOptions {
  readonly workloads?: string;
  readonly against?: string;
  readonly accountState?: readonly string[];
  readonly strict?: boolean;
  readonly json?: boolean;
  readonly format?: "table" | "markdown" | "sarif";
  readonly failOn?: Severity;
}

/** `cordon simulate`: what candidates would have turned into findings, pages and denials. Resolves to the exit code. */
export async function simulate(
  paths: readonly string[],
  given: readonly GivenCandidate[],
  options: SimulateOptions,
  terminal: Terminal,
): Promise<number> {
  mustFit(paths, given, options);
  const { workloads, against } = options;
  const registry = await registryFrom(workloads, terminal);
  const before = against === undefined ? emptyRegistry : await registryFrom(against, terminal);
  const byRecords = given.filter(({ kind }) => kind !== "terraform" && kind !== "change-set");
  const manifests = asksForManifests(given, options);
  const ready = await readyCandidates(byRecords, registry);
  const accounts = await accountsFor(options.accountState ?? [], terminal);
  const planned: Result[] = [];
  for (const one of given) if (!byRecords.includes(one)) planned.push(await judgedPlan(one, registry, accounts));
  return answering(terminal, async () => {
    const results: Result[] = [];
    let read: SimulatedRecords | undefined;
    const resources = options.strict ? "apart" : "together";
    const code =
      ready.length === 0 && !manifests
        ? exit.done
        : await withRecords(paths, options, registry, terminal, async (records) => {
            read = records;
            if (manifests)
              results.push(
                await judgedManifests(workloads ?? "workloads", { now: registry, before }, records, resources),
              );
            for (const one of ready) results.push(judgedCalls(one, records, resources));
          });
    results.push(...planned);
    const strict = options.strict ? "every-call" : "findings";
    const items = results.flatMap((one) => itemsOf(one, { registry, strict }));
    const summary = [...(read === undefined ? [] : [`${read.read}`]), ...results.flatMap(summaryOf)];
    await printed(
      { items, summary, blind: blindSpots(results, read) },
      { results, registry, strict },
      options,
      terminal,
    );
    if (code !== exit.done) return code;
    const { failOn } = options;
    return failOn !== undefined && items.some(({ severity }) => atLeast(severity, failOn)) ? exit.findings : exit.done;
  });
}

/** Manifests are a candidate where others are named to compare them with, or where nothing else is. */
const asksForManifests = (given: readonly GivenCandidate[], { workloads, against }: SimulateOptions): boolean =>
  against !== undefined || (given.length === 0 && workloads !== undefined);

function mustFit(paths: readonly string[], given: readonly GivenCandidate[], options: SimulateOptions): void {
  const { store, workloads, against, json, format } = options;
  if ([...paths, store, workloads, against, ...(options.accountState ?? [])].includes(""))
    throw usageError("a path is empty, as of a variable that is not set: name a file or folder (. is this folder)");
  const manifests = asksForManifests(given, options);
  if (given.length === 0 && !manifests)
    throw usageError(
      "name a candidate: --workloads DIR, --policy or --boundary FILE --for WHO, --scp, --plan, --terraform or --change-set FILE",
    );
  const needsRecords = manifests || given.some(({ kind }) => kind !== "terraform" && kind !== "change-set");
  if (needsRecords && store === undefined && paths.length === 0)
    throw usageError("say what to read: --store FILE, or files and folders with records (- is standard input)");
  if (!needsRecords && (store !== undefined || paths.length > 0))
    throw usageError(
      "a Terraform plan or a change set is judged without records: name no files and no store beside it",
    );
  if (store !== undefined && paths.length > 0)
    throw usageError("give either --store FILE or files with records, not both");
  if (json && format !== undefined) throw usageError(`--json and --format ${format} exclude each other`);
}

interface Printing {
  readonly results: readonly Result[];
  readonly registry: Parameters<typeof itemsOf>[1]["registry"];
  readonly strict: Parameters<typeof itemsOf>[1]["strict"];
}

async function printed(
  review: Review,
  printing: Printing,
  options: SimulateOptions,
  terminal: Terminal,
): Promise<void> {
  const { results, ...how } = printing;
  if (options.json) {
    for (const one of results) for (const line of simulationLines(one)) await terminal.out(line);
    await terminal.out(JSON.stringify({ type: "simulation-limits", because: review.blind }));
    return;
  }
  switch (options.format ?? "table") {
    case "sarif":
      await terminal.out(JSON.stringify(sarifOf(review, version())));
      return;
    case "markdown":
      for (const line of reviewMarkdown(review)) await terminal.out(line);
      return;
    case "table":
      for (const one of results) {
        for (const line of simulationTable(summaryOf(one), itemsOf(one, how), terminal.columns))
          await terminal.out(line);
        await terminal.out("");
      }
      if (review.blind.length > 0) await terminal.out("What this cannot show:");
      for (const line of review.blind) await terminal.out(`  ${visible(line)}`);
  }
}

function version(): string {
  const parsed = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8")) as { version: string };
  return parsed.version;
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

function threads(value: string): number {
  const count = Number(value);
  if (!Number.isInteger(count) || count < 1 || count > 64)
    throw new InvalidArgumentError("give a whole number from 1 to 64.");
  return count;
}

export function simulateCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  const given: GivenCandidate[] = [];
  const command = new Command("simulate")
    .description("What a change would have done to the calls in records, or what it would grant. Nothing acts.")
    .argument("[PATH...]", "files or folders with records, or - for standard input")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store, instead of files")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists); the candidate where no other is named")
    .option("--against <DIR>", "the manifests that these would replace (default: none)");
  return withCandidates(command, given)
    .option(
      "--account-state <PATH>",
      "IAM as it is, for --terraform and --change-set: a file or a folder (repeatable)",
      collect,
    )
    .option("--strict", "every call outside an envelope counts, and each resource by itself")
    .option("--since <T>", "records from this time on (inclusive)", time)
    .option("--until <T>", "records before this time", time)
    .option("--workers <N>", "parsing threads (default: the cores; 1 = no thread)", threads)
    .option("--json", "NDJSON lines on standard output")
    .addOption(
      new Option("--format <FORMAT>", "how it is printed (default: table)").choices(["table", "markdown", "sarif"]),
    )
    .addOption(new Option("--fail-on <SEVERITY>", "exit with 1 when something is this severe").choices([...severities]))
    .option("--quiet", "no progress")
    .addHelpText("after", help)
    .action(async (paths: string[], options: SimulateOptions) =>
      exitWith(await simulate(paths, given, options, terminal)),
    );
}

const help = `
Exit codes: 0 done · 1 something at or above --fail-on · 2 wrong usage · 3 some input was parked · 4 the store failed

Examples:
  cordon simulate ./pulled --workloads new --against workloads
  cordon simulate ./pulled --policy bot.json --for support-bot --fail-on high
  terraform show -json plan.out > plan.json && cordon simulate --terraform plan.json --format markdown`;
