import { existsSync } from "node:fs";
import { loadWorkloads } from "../adapters/local/workloads.ts";
import { type Declarations, emptyRegistry } from "../core/identity/registry.ts";
import { pathFrom, type Terminal, visible } from "./terminal.ts";
import { usageError } from "./usage.ts";

/** The manifests of a folder: the one given, else `./workloads` if it exists, else none. Nothing starts on half a registry. */
export async function registryFrom(given: string | undefined, terminal: Terminal): Promise<Declarations> {
  const folder = pathFrom(given ?? "workloads");
  if (!existsSync(folder)) {
    if (given === undefined) return emptyRegistry;
    throw usageError(`--workloads ${given}: there is no such folder`);
  }
  const loaded = await loadWorkloads(folder, (given ?? "workloads").replace(/\/+$/, ""));
  if (loaded.ok) {
    sayUnread(loaded.registry, terminal);
    return loaded.registry;
  }
  for (const { file, line, column, message } of loaded.problems)
    terminal.err(visible(`${file}:${line}:${column}: ${message}`));
  throw usageError(`${loaded.problems.length} problem(s) in the manifests of ${folder}; nothing was read`);
}

/** A selector that nothing reads yet must not look like one that never matched. */
function sayUnread({ unread }: Declarations, terminal: Terminal): void {
  const [first] = unread;
  if (first === undefined) return;
  const kinds = [...new Set(unread.map((one) => one.kind))].sort().join(", ");
  terminal.err(
    visible(
      `${unread.length} selector(s) are not read by this version and attribute nothing: ${kinds} (first: ${first.where})`,
    ),
  );
}
