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
  if (loaded.ok) return loaded.registry;
  for (const { file, line, column, message } of loaded.problems)
    terminal.err(visible(`${file}:${line}:${column}: ${message}`));
  throw usageError(`${loaded.problems.length} problem(s) in the manifests of ${folder}; nothing was read`);
}
