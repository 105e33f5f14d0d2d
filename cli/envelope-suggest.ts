import { existsSync } from "node:fs";
import { join, relative } from "node:path";
import process from "node:process";
import { fileURLToPath } from "node:url";
import { Command, InvalidArgumentError } from "commander";
import { type DraftFile, fileOf, inTheWay, writeDrafts } from "../adapters/local/draft-folder.ts";
import { notedYaml } from "../adapters/local/noted-yaml.ts";
import { loadWorkloads } from "../adapters/local/workloads.ts";
import accelerators from "../core/detect/accelerators.data.json" with { type: "json" };
import { parseInstant } from "../core/event/instant.ts";
import type { Horizon } from "../core/flow/horizon.ts";
import type { Draft, Suggestions } from "../core/flow/suggest/suggest.ts";
import type { History } from "../core/flow/suggest/suggest-manifest.ts";
import { historyIn, suggestFrom } from "../core/flow/suggest/suggest-source.ts";
import { nearest } from "../core/identity/manifest/nearest.ts";
import { penFor } from "./chain-picture.ts";
import { suggestionLine, suggestionSummary, suggestionTable } from "./envelope-suggest-table.ts";
import { iamTables } from "./iam-tables.ts";
import { type InventorySource, type InventorySourceOptions, withInventorySource } from "./inventory-source.ts";
import { type OwnerOptions, ownersFrom } from "./owner-source.ts";
import { time } from "./replay.ts";
import { exit, pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

export interface SuggestOptions extends Omit<InventorySourceOptions, "since" | "until" | "usage">, OwnerOptions {
  readonly all?: boolean;
  readonly since?: Since;
  /** Whole seconds, exclusive. */
  readonly until?: number;
  readonly output?: string;
  readonly force?: boolean;
}

/** A moment, or so many seconds before the last record. */
export type Since =
  | { readonly kind: "from"; readonly second: number }
  | { readonly kind: "last"; readonly seconds: number };

/** `cordon envelope suggest`: draft manifests with the smallest envelopes that cover what was done. */
export async function suggestEnvelopes(
  given: readonly string[],
  options: SuggestOptions,
  terminal: Terminal,
): Promise<number> {
  const { all, since, until, output, force, terraform, cloudformation, kubernetes, ...from } = options;
  if (output === "" || given.includes(""))
    throw usageError("a path is empty, as of a variable that is not set: name a file or folder (. is this folder)");
  const [wanted, ...rest] = all === true ? [undefined, ...given] : given;
  if (all !== true && wanted === undefined) throw usageError("name a workload, a role or an identity, or say --all");
  const paths = rest.filter((one) => one !== undefined);
  const owners = await ownersFrom({ ...options }, terminal);
  const code = await withInventorySource(
    paths,
    { ...from, conduct: "wanted", findings: "not-wanted" },
    terminal,
    async (source) => {
      const suggestions = suggestFrom(source.state, {
        ...source,
        horizon: horizonFor(source, since, until),
        tables: iamTables,
        accelerators,
        facts: owners.facts,
        taken: await namesIn(output),
      });
      if (suggestions === undefined)
        return void terminal.err("no record lies in that time: there is nothing to draw an envelope from");
      const drafts = wanted === undefined ? suggestions.drafts : chosen(wanted, suggestions.drafts);
      await told({ ...suggestions, drafts }, { source, options, terminal });
    },
  );
  return code === exit.done ? owners.code : code;
}

/** `--since 30d` counts back from the last record, so that old files are judged by their own time. */
function horizonFor({ state }: InventorySource, since: Since | undefined, until: number | undefined): Horizon {
  const before = until === undefined ? {} : { until };
  if (since === undefined) return before;
  if (since.kind === "from") return { since: since.second, ...before };
  const last = historyIn(state, before)?.last ?? 0;
  return { since: last - since.seconds + 1, ...before };
}

function chosen(wanted: string, drafts: readonly Draft[]): readonly Draft[] {
  const found = drafts.filter(({ name, asked }) => name === wanted || asked.has(wanted));
  if (found.length > 0) return found;
  const close = nearest(
    wanted,
    drafts.flatMap(({ name, asked }) => [name, ...asked]),
  );
  throw usageError(
    `nothing of that name acted: ${JSON.stringify(wanted)}${close === undefined ? "; --all drafts everything that did" : `; did you mean ${JSON.stringify(close)}?`}`,
  );
}

interface Telling {
  readonly source: InventorySource;
  readonly options: SuggestOptions;
  readonly terminal: Terminal;
}

async function told(
  suggestions: Suggestions & { readonly history: History },
  { source, options, terminal }: Telling,
): Promise<void> {
  const { output, json } = options;
  const { drafts } = suggestions;
  if (output !== undefined) await written(drafts, output, options.force === true);
  const page = { pen: penFor(process.env), columns: terminal.columns };
  if (json === true)
    for (const draft of drafts)
      await terminal.out(suggestionLine(draft, output === undefined ? undefined : join(output, fileOf(draft.name))));
  else {
    const rows = drafts.length === 0 ? [] : suggestionTable(drafts, page);
    if (output === undefined) {
      for (const [place, { document }] of drafts.entries())
        await terminal.out(`${place === 0 ? "" : "---\n"}${notedYaml(document).trimEnd()}`);
      for (const line of rows) terminal.err(line);
    } else for (const line of rows) await terminal.out(line);
  }
  for (const line of suggestionSummary(suggestions, {
    read: source.read,
    ...(output === undefined ? {} : { folder: output }),
  }))
    terminal.err(line);
  if (options.store !== undefined && suggestions.drafts.length + suggestions.passedOver.size === 0)
    terminal.err("  a store that was written without an active manifest does not know what was done: name the files");
}

/** Nothing is written when something stands in the way. */
async function written(drafts: readonly Draft[], output: string, force: boolean): Promise<void> {
  const folder = pathFrom(output);
  const files = drafts.map(
    ({ name, document }): DraftFile => ({ name, text: withSchema(notedYaml(document), folder) }),
  );
  const standing = await inTheWay(folder, files, force ? "drafts" : "nothing");
  if (standing.length > 0)
    throw usageError(
      `nothing was written to ${output}: ${standing
        .slice(0, 5)
        .map(({ file, because }) => `${file} ${because}`)
        .join("; ")}${standing.length > 5 ? `; and ${standing.length - 5} more` : ""}`,
    );
  await writeDrafts(folder, files);
}

/** Editors find the schema by the second line; the first says how thin the history is. */
function withSchema(text: string, folder: string): string {
  const schema = relative(folder, fileURLToPath(new URL("../docs/schema/workload.schema.json", import.meta.url)));
  return visible(schema) === schema && !schema.includes(" ")
    ? text.replace("\n", () => `\n# yaml-language-server: $schema=${schema}\n`)
    : text;
}

/** Names that other files of the folder have already: a folder with one name twice cannot be read. */
async function namesIn(output: string | undefined): Promise<ReadonlySet<string>> {
  const folder = pathFrom(output ?? "");
  if (output === undefined || !existsSync(folder)) return new Set();
  const loaded = await loadWorkloads(folder);
  if (!loaded.ok) return new Set();
  const others = loaded.registry.workloads.filter(
    ({ name, where }) => where.slice(0, where.lastIndexOf(":")) !== join(folder, fileOf(name)),
  );
  return new Set(others.map(({ name }) => name));
}

const units: Readonly<Record<string, number>> = { m: 60, h: 3_600, d: 86_400 };

/** `30d`, `12h`, `90m`, a day or a time. */
export function since(value: string): Since {
  const [, count, unit = ""] = /^([1-9]\d{0,5})([mhd])$/.exec(value) ?? [];
  if (count !== undefined) return { kind: "last", seconds: Number(count) * (units[unit] ?? 0) };
  const at = parseInstant(/^\d{4}-\d{2}-\d{2}$/.test(value) ? `${value}T00:00:00Z` : value);
  if (at === undefined) throw new InvalidArgumentError("write 30d, 12h, or a time such as 2026-01-31T23:59:59Z.");
  return { kind: "from", second: Math.ceil(at / 1_000) };
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function suggestCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("suggest")
    .summary("draft manifests from what was done")
    .description("Draws the smallest envelope that covers what a workload did, as a draft manifest with its evidence.")
    .argument("[WORKLOAD|PATH...]", "a workload, role or identity (not with --all), then files or folders with records")
    .option("--all", "a draft for everybody who acted and is not a person or a service")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store, instead of files")
    .option("--since <T>", "use from this time on: 30d before the last record, or a time", since)
    .option("--until <T>", "use before this time", time)
    .option("-o, --output <DIR>", "write each draft to DIR/<workload>.yaml")
    .option("--force", "replace drafts that are there; other files are never replaced")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists)")
    .option("--account-state <PATH>", "output of aws iam get-account-authorization-details (repeatable)", collect)
    .option("--terraform <FILE>", "owners from terraform show -json (repeatable)", collect)
    .option("--cloudformation <FILE>", "owners from a template or describe-stacks (repeatable)", collect)
    .option("--kubernetes <FILE>", "owners from kubectl get -o json (repeatable)", collect)
    .option("--json", "a suggestion line for each draft as NDJSON")
    .addHelpText("after", help)
    .action(async (given: string[], options: SuggestOptions) =>
      exitWith(await suggestEnvelopes(given, options, terminal)),
    );
}

const help = `
Without -o the drafts are printed as YAML, and the table on standard error.

Exit codes: 0 done · 2 wrong usage, or a file stands in the way: nothing was written · 3 some input could not be read · 4 the store failed

Examples:
  cordon envelope suggest --all --since 30d -o workloads/ ./pulled --account-state iam.json
  cordon envelope suggest support-bot ./pulled`;
