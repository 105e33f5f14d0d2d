import { sqliteLedger } from "../adapters/local/sqlite-ledger.ts";
import { answering, withStore } from "./store.ts";
import { exit, type Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** `cordon ledger export`: every entry exactly as it is stored, one a line, each chain in its order. */
export async function exportLedger({ store }: { readonly store?: string }, terminal: Terminal): Promise<number> {
  if (store === undefined) throw usageError("name the store: cordon ledger export --store FILE > export.ndjson");
  return answering(terminal, () =>
    withStore(store, async (open) => {
      for await (const { text } of sqliteLedger(open).stored()) await terminal.out(text);
      return exit.done;
    }),
  );
}
