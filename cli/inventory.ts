import process from "node:process";
import { Command, Option } from "commander";
import { type Inventory, inventoryOf } from "../core/flow/inventory/inventory.ts";
import { penFor } from "./chain-picture.ts";
import { iamTables } from "./iam-tables.ts";
import { identityCsv, secretCsv } from "./inventory-csv.ts";
import { identityLine, secretLine } from "./inventory-lines.ts";
import { type InventorySource, type InventorySourceOptions, withInventorySource } from "./inventory-source.ts";
import { inventorySummary } from "./inventory-summary.ts";
import { identityTable, secretTable } from "./inventory-table.ts";
import { time } from "./replay.ts";
import type { Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";

interface InventoryOptions extends InventorySourceOptions {
  readonly secrets?: boolean;
  readonly format?: Format;
}

type Format = "table" | "json" | "csv";

/** `cordon inventory`: every non-human identity and credential by risk, and who reads which secret. */
export function inventory(paths: readonly string[], options: InventoryOptions, terminal: Terminal): Promise<number> {
  if (options.json && options.format !== undefined && options.format !== "json")
    throw usageError(`--json and --format ${options.format} exclude each other`);
  const format = options.json ? "json" : (options.format ?? "table");
  return withInventorySource(paths, options, terminal, async (source) => {
    const { first, last } = recordedIn(source);
    const at = momentOf(source, last);
    const found = inventoryOf({
      ...source,
      tables: iamTables,
      at,
      usage: options.store === undefined && paths.length > 0 ? "counted" : "unknown",
      ...(last === 0 ? {} : { recordsFrom: first }),
    });
    for (const line of linesOf(found, { format, secrets: options.secrets === true, columns: terminal.columns }))
      await terminal.out(line);
    for (const line of inventorySummary(found, { at, read: source.read, accounts: source.accounts.accounts.size }))
      terminal.err(line);
    if (options.store !== undefined)
      terminal.err("a store does not keep who used which call or read which secret: name the files to see both");
  });
}

function linesOf(
  { identities, secrets }: Inventory,
  { format, secrets: only, columns }: { readonly format: Format; readonly secrets: boolean; readonly columns: number },
): Iterable<string> {
  const page = { pen: penFor(process.env), columns };
  switch (format) {
    case "json":
      return [...(only ? [] : identities.map(identityLine)), ...secrets.map(secretLine)];
    case "csv":
      return only ? secretCsv(secrets) : identityCsv(identities);
    case "table":
      return only ? secretTable(secrets, page) : identityTable(identities, page);
  }
}

/** `--until`; else the latest moment that the records or the IAM state speak of, so that old files are judged by their own time; else now. */
function momentOf({ horizon, accounts }: InventorySource, last: number): number {
  if (horizon.until !== undefined) return horizon.until;
  let latest = last;
  for (const { lastUsed } of accounts.roles.values())
    latest = Math.max(latest, Math.floor((lastUsed?.at ?? 0) / 1_000));
  return latest === 0 ? Math.floor(Date.now() / 1_000) : latest;
}

/** The earliest and the latest second of the records; 0 when there is none. */
function recordedIn({ state }: InventorySource): { readonly first: number; readonly last: number } {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  state.records.each((_pointer, _flags, second) => {
    first = Math.min(first, second);
    last = Math.max(last, second);
  });
  return { first, last };
}

const collect = (value: string, before: readonly string[] = []): readonly string[] => [...before, value];

export function inventoryCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  return new Command("inventory")
    .description(
      "Every non-human identity and credential in records or IAM state, by risk; and who reads which secret.",
    )
    .argument("[PATH...]", "files or folders with records, or - for standard input")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store, instead of files")
    .option("--workloads <DIR>", "manifests (default: ./workloads if it exists)")
    .option(
      "--account-state <PATH>",
      "output of aws iam get-account-authorization-details: a file or a folder (repeatable)",
      collect,
    )
    .option("--secrets", "the secrets, from the side of their readers")
    .addOption(new Option("--format <FORMAT>", "how it is printed (default: table)").choices(["table", "json", "csv"]))
    .option("--json", "the same as --format json: identity and secret lines as NDJSON")
    .option("--since <T>", "use from this time on (inclusive)", time)
    .option("--until <T>", "use before this time; dormancy is judged from it", time)
    .addHelpText(
      "after",
      `
Exit codes: 0 done · 2 wrong usage · 3 some input was parked or a part of the IAM state could not be read · 4 the store failed

Examples:
  aws iam get-account-authorization-details > iam.json
  cordon inventory ./pulled --account-state iam.json
  cordon inventory ./pulled --secrets --format csv > secrets.csv`,
    )
    .action(async (paths: string[], options: InventoryOptions) => exitWith(await inventory(paths, options, terminal)));
}
