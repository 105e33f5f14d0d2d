import { Command } from "commander";
import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { witnessFile } from "../adapters/local/sqlite-witness.ts";
import { type Verification, verifyLedger } from "../core/record/verify.ts";
import { exportLedger } from "./ledger-export.ts";
import { answering, withStore } from "./store.ts";
import { exit, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

interface VerifyOptions {
  readonly store?: string;
  readonly json?: boolean;
}

/** `cordon ledger verify`: resolves to 0 unbroken, 1 tampered, 3 incomplete or nothing to verify, 4 the store failed. */
export async function verify({ store, json }: VerifyOptions, terminal: Terminal): Promise<number> {
  if (store === undefined)
    throw usageError("name the store: cordon ledger verify --store FILE (the file that replay wrote with --store)");
  return answering(terminal, async () => {
    const found = await withStore(store, (open) => verifyLedger(sqliteLedger(open)));
    if (json) await terminal.out(JSON.stringify(ledgerLine(found)));
    else for (const line of told(found, store)) await terminal.out(line);
    return codes[found.kind];
  });
}

const codes = { unbroken: exit.done, tampered: exit.findings, incomplete: exit.unread } as const;

function ledgerLine(found: Verification): Readonly<Record<string, unknown>> {
  const { kind, ...rest } = found;
  return { type: "ledger", state: kind, ...rest };
}

/** How much of a bad entry is shown; the store has all of it. */
const shown = 2_000;

function told(found: Verification, store: string): readonly string[] {
  const file = visible(store);
  switch (found.kind) {
    case "unbroken":
      return [
        `unbroken: ${found.entries} entries in ${found.heads.length} ${found.heads.length === 1 ? "chain" : "chains"} of ${file}`,
        ...found.heads.map(
          ({ chain, entries, digest }) => `  chain ${visible(chain)}: ${entries} entries, head ${digest}`,
        ),
        found.witnessed
          ? `  agrees with the heads noted in ${witnessFile(file)}`
          : `  no heads are noted in ${witnessFile(file)}: a cut of entries together with their head would not show`,
        "  keep these heads elsewhere: whoever may rewrite all of the store's files is shown only by a copy they cannot reach",
      ];
    case "tampered":
      return [
        `TAMPERED: ${file}, chain ${visible(found.chain)}, entry ${found.sequence}: ${visible(found.why)}`,
        ...(found.text === undefined ? [] : [`  entry as stored: ${visible(cut(found.text))}`]),
        `  ${found.sequence === 1 ? "no entry of this chain can be trusted" : `entries 1 to ${found.sequence - 1} of this chain are as they were written; nothing after them can be trusted`}`,
        "  next: keep the file as it is, find out who could write to it, and compare it with a copy or with the heads kept elsewhere",
      ];
    case "incomplete":
      return [`incomplete: ${file}: ${visible(found.why)}`];
  }
}

const cut = (text: string): string => (text.length > shown ? `${text.slice(0, shown)}…` : text);

/** `cordon ledger …`. */
export function ledgerCommand(terminal: Terminal, exitWith: (code: number) => void): Command {
  const command = new Command("ledger").description("What was found and decided, in a chain that shows every change.");
  command
    .command("verify")
    .description("Reads the whole ledger of a store, changes nothing, and says whether it is as it was written.")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store")
    .option("--json", "print one JSON line on standard output")
    .addHelpText(
      "after",
      `
Exit codes: 0 unbroken · 1 tampered · 2 wrong usage · 3 incomplete or nothing to verify · 4 the store failed

Example:
  cordon ledger verify --store cordon.sqlite`,
    )
    .action(async (options: VerifyOptions) => exitWith(await verify(options, terminal)));
  command
    .command("export")
    .description("Prints every entry as it is stored, as NDJSON: keep a copy where Cordon is not, for break-glass.")
    .option("--store <FILE>", "the SQLite file that replay wrote with --store")
    .action(async (options: VerifyOptions) => exitWith(await exportLedger(options, terminal)));
  return command;
}
