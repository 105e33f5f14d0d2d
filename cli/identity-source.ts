import process from "node:process";
import { fileSpool } from "../adapters/local/file-spool.ts";
import { lineStore } from "../adapters/local/line-store.ts";
import type { Store } from "../adapters/local/sqlite.ts";
import { loadState } from "../adapters/local/state-store.ts";
import { caseIdOf } from "../core/detect/case.ts";
import { type AttributionOf, attributor } from "../core/flow/attributor.ts";
import type { IamKnown } from "../core/flow/facts/iam-known.ts";
import type { Horizon } from "../core/flow/horizon.ts";
import type { State } from "../core/flow/state.ts";
import type { Declarations } from "../core/identity/registry.ts";
import { decisionLine, findingLine } from "../core/record/line.ts";
import { defaultWorkers, type LineRequest, runLine } from "./embedded-line.ts";
import { registryFrom } from "./registry.ts";
import { listening } from "./replay.ts";
import { responsePolicy } from "./response-policy.ts";
import { spooledInput } from "./standard-input.ts";
import { answering, withStore } from "./store.ts";
import { exit, pathFrom, type Terminal } from "./terminal.ts";
import { usageError } from "./usage.ts";
import { keepingWatchers, watchersFor } from "./watchers.ts";

/** Where identities are read from. */
export interface SourceOptions {
  readonly store?: string;
  readonly workloads?: string;
  readonly json?: boolean;
  readonly since?: number;
  readonly until?: number;
  /** Also count who used which call; a store does not know. */
  readonly usage?: "wanted";
  /** Also remember what everybody did; a store knows it only where a manifest was active when it was written. */
  readonly conduct?: "wanted";
  /** No detector is asked, where nobody asks what was found. */
  readonly findings?: "not-wanted";
  /** What is known of IAM beside the records. */
  readonly iam?: IamKnown;
}

/** Everything that was read, ready to be asked who did what. */
export interface IdentitySource {
  readonly state: State;
  readonly attributionOf: AttributionOf;
  readonly horizon: Horizon;
  /** Finding and decision lines, each kind sorted by time and id. */
  readonly findings: readonly string[];
  readonly decisions: readonly string[];
  /** The files, to be read once more; a store keeps no files and of most records only who made them. */
  readonly inputs?: LineRequest["inputs"];
  /** What was read, as words for a message. */
  readonly read: string;
}

/**
 * Reads a store, or runs the line over files in observe mode, and resolves to the exit code: 0, 3 when something could
 * not be read, 4 when the store or the temporary folder failed. Neither or both of the two is wrong usage.
 */
export function withIdentities(
  paths: readonly string[],
  options: SourceOptions,
  terminal: Terminal,
  work: (source: IdentitySource) => Promise<void>,
): Promise<number> {
  const { store } = options;
  if (store === undefined && paths.length === 0)
    throw usageError("say what to read: --store FILE, or files and folders with records (- is standard input)");
  if (store !== undefined && paths.length > 0)
    throw usageError("give either --store FILE or files with records, not both");
  if ([...paths, store, options.workloads].includes(""))
    throw usageError("a path is empty, as of a variable that is not set: name a file or folder (. is this folder)");
  return answering(terminal, async () => {
    const registry = await registryFrom(options.workloads, terminal);
    if (store === undefined) return fromFiles(paths, options, { registry, terminal, work });
    await withStore(store, (open) => work(fromStore(open, options, registry)));
    return exit.done;
  });
}

interface Means {
  readonly registry: Declarations;
  readonly terminal: Terminal;
  readonly work: (source: IdentitySource) => Promise<void>;
}

async function fromFiles(paths: readonly string[], options: SourceOptions, means: Means): Promise<number> {
  const { registry, terminal, work } = means;
  const input = paths.includes("-") ? await spooledInput(process.stdin) : undefined;
  const inputs = paths.map((shown) => ({ shown, path: shown === "-" ? (input?.path ?? "") : pathFrom(shown) }));
  try {
    const listener = listening({}, terminal);
    const horizon = horizonOf(options);
    const result = await runLine(
      {
        inputs,
        registry,
        watchers: options.findings === "not-wanted" ? keepingWatchers() : watchersFor([]),
        policy: responsePolicy("observe", registry),
        horizon,
        workers: defaultWorkers(),
        rows: "not-wanted",
        ...(options.usage === undefined ? {} : { usage: options.usage }),
        ...(options.conduct === undefined ? {} : { conduct: options.conduct }),
        ...(options.iam === undefined ? {} : { iam: options.iam }),
      },
      listener,
    );
    listener.done();
    const { state, settlement, summary, files } = result;
    await work({
      state,
      attributionOf: settlement.attributionOf,
      horizon,
      findings: settlement.findings.map((one) => findingLine(one, caseIdOf(one))),
      decisions: settlement.decisions.map(decisionLine),
      inputs,
      read: `${state.records.size.toLocaleString("en-US")} records from ${files} file${files === 1 ? "" : "s"}`,
    });
    return summary.parked > 0 ? exit.unread : exit.done;
  } finally {
    input?.close();
  }
}

function fromStore(store: Store, options: SourceOptions, registry: Declarations): IdentitySource {
  const state = loadState(store, { principals: fileSpool(), kept: fileSpool(), rows: fileSpool() });
  const lines = lineStore(store);
  return {
    state,
    attributionOf: attributor(state, registry),
    horizon: horizonOf(options),
    findings: lines.list("finding"),
    decisions: lines.list("decision"),
    read: `${state.records.size.toLocaleString("en-US")} records known to the store`,
  };
}

const horizonOf = ({ since, until }: SourceOptions): Horizon => ({
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
});
