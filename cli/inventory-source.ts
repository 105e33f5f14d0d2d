import { memorySpool } from "../core/event/spool.ts";
import { attributor } from "../core/flow/attributor.ts";
import { emptyState } from "../core/flow/state.ts";
import type { AccountState } from "../core/iam/account/account-model.ts";
import type { Declarations } from "../core/identity/registry.ts";
import { type IdentitySource, type SourceOptions, withIdentities } from "./identity-source.ts";
import { initialState } from "./initial-state.ts";
import { registryFrom } from "./registry.ts";
import { answering } from "./store.ts";
import { exit, type Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** What an inventory is read from, beside records. */
export interface InventorySourceOptions extends SourceOptions {
  readonly accountState?: readonly string[];
}

/** Everything that was read for an inventory. */
export interface InventorySource extends IdentitySource {
  readonly registry: Declarations;
  readonly accounts: AccountState;
}

/** Reads the IAM state and the records, either of which may be absent, and resolves to the exit code. */
export async function withInventorySource(
  paths: readonly string[],
  options: InventorySourceOptions,
  terminal: Terminal,
  work: (source: InventorySource) => Promise<void>,
): Promise<number> {
  const { accountState = [], store, workloads } = options;
  if (accountState.length === 0 && store === undefined && paths.length === 0)
    throw usageError(
      "say what to read: files and folders with records (- is standard input), --store FILE, or --account-state PATH",
    );
  if ([...accountState, workloads].includes(""))
    throw usageError("a path is empty, as of a variable that is not set: name a file or folder (. is this folder)");
  const registry = await registryFrom(workloads, terminal);
  const { initial, code } = await initialState({ accountState }, terminal);
  const { accounts } = initial;
  if (store === undefined && paths.length === 0)
    return answering(terminal, async () => {
      const state = emptyState({ principals: memorySpool(), kept: memorySpool(), rows: memorySpool() });
      const attributionOf = attributor(state, registry);
      const nothing = { state, attributionOf, horizon: {}, findings: [], decisions: [], read: "no records" };
      await work({ ...nothing, registry, accounts });
      return code;
    });
  const asked = store === undefined ? { ...options, usage: "wanted" as const, iam: { initial } } : options;
  const read = await withIdentities(paths, asked, terminal, (source) => work({ ...source, registry, accounts }));
  return read === exit.done ? code : read;
}
