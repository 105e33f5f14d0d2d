import process from "node:process";
import { fileSpool } from "../adapters/local/file-spool.ts";
import { loadState } from "../adapters/local/state-store.ts";
import type { Horizon } from "../core/flow/horizon.ts";
import { type Settlement, settle } from "../core/flow/settle.ts";
import type { Spread } from "../core/flow/spread.ts";
import type { State } from "../core/flow/state.ts";
import type { Declarations } from "../core/identity/registry.ts";
import { defaultWorkers, runLine } from "./embedded-line.ts";
import { listening } from "./replay.ts";
import { responsePolicy } from "./response-policy.ts";
import { spooledInput } from "./standard-input.ts";
import { withStore } from "./store.ts";
import { exit, pathFrom, type Terminal } from "./terminal.ts";
import { watchersFor } from "./watchers.ts";

export interface RecordOptions {
  readonly store?: string;
  readonly since?: number;
  readonly until?: number;
  readonly workers?: number;
  readonly quiet?: boolean;
}

/** What was read, and what it comes to under the manifests that were named. */
export interface SimulatedRecords {
  readonly state: State;
  readonly horizon: Horizon;
  readonly settlement: Settlement;
  /** The same records under other manifests. */
  settledUnder(registry: Declarations): Promise<Settlement>;
  /** Which kinds of records there are; a store does not know. */
  readonly spread?: Spread;
  readonly read: string;
}

/** Reads records and settles them in contain mode, which acts on nothing here. Resolves to 3 where something could not be read. */
export async function withRecords(
  paths: readonly string[],
  options: RecordOptions,
  registry: Declarations,
  terminal: Terminal,
  work: (records: SimulatedRecords) => Promise<void>,
): Promise<number> {
  const { since, until, store } = options;
  const horizon = { ...(since === undefined ? {} : { since }), ...(until === undefined ? {} : { until }) };
  const watchers = watchersFor([]);
  const settledIn = (state: State) => (under: Declarations) =>
    settle(state, { registry: under, watchers, policy: responsePolicy("contain", under), horizon });
  if (store !== undefined) {
    await withStore(store, async (open) => {
      const state = loadState(open, { principals: fileSpool(), kept: fileSpool(), rows: fileSpool() });
      const settledUnder = settledIn(state);
      const read = `${state.records.size.toLocaleString("en-US")} records known to the store`;
      await work({ state, horizon, settlement: await settledUnder(registry), settledUnder, read });
    });
    return exit.done;
  }
  const input = paths.includes("-") ? await spooledInput(process.stdin) : undefined;
  try {
    const listener = listening({ quiet: options.quiet === true }, terminal);
    const result = await runLine(
      {
        inputs: paths.map((shown) => ({ shown, path: shown === "-" ? (input?.path ?? "") : pathFrom(shown) })),
        registry,
        watchers,
        policy: responsePolicy("contain", registry),
        horizon,
        workers: options.workers ?? defaultWorkers(),
        rows: "not-wanted",
        conduct: "wanted",
      },
      listener,
    );
    listener.done();
    const { state, settlement, spread, summary, files } = result;
    const read = `${state.records.size.toLocaleString("en-US")} records from ${files} file${files === 1 ? "" : "s"}`;
    await work({ state, horizon, settlement, settledUnder: settledIn(state), spread, read });
    return summary.parked > 0 ? exit.unread : exit.done;
  } finally {
    input?.close();
  }
}
