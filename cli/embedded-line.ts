import { availableParallelism } from "node:os";
import { fileSpool } from "../adapters/local/file-spool.ts";
import { readLogs } from "../adapters/local/log-reader.ts";
import { type LogFile, logFiles } from "../adapters/local/log-tree.ts";
import type { Store } from "../adapters/local/sqlite.ts";
import { sqliteGrants } from "../adapters/local/sqlite-grants.ts";
import { loadState } from "../adapters/local/state-store.ts";
import type { ResponsePolicy } from "../core/decide/policy.ts";
import { declaresAnything } from "../core/detect/run.ts";
import type { Spool } from "../core/event/spool.ts";
import { Fault } from "../core/fault.ts";
import type { IamKnown } from "../core/flow/facts/iam-known.ts";
import type { Watchers } from "../core/flow/findings.ts";
import type { Horizon } from "../core/flow/horizon.ts";
import { purposesOf } from "../core/flow/purpose.ts";
import { type Settlement, settle } from "../core/flow/settle.ts";
import { type Spread, spreadCounter } from "../core/flow/spread.ts";
import { emptyState, type Numbers, observe, type State } from "../core/flow/state.ts";
import type { Trace } from "../core/flow/trace.ts";
import { undeclaredCount } from "../core/flow/undeclared.ts";
import type { Registry } from "../core/identity/workload.ts";
import type { Summary } from "../core/record/line.ts";
import { repeat } from "./attributed.ts";
import { fingerprintKey } from "./fingerprint-key.ts";
import { conductParameters } from "./iam-tables.ts";

/** What to run the line over, and how. */
export interface LineRequest {
  readonly inputs: readonly { readonly shown: string; readonly path: string }[];
  readonly registry: Registry;
  readonly watchers: Watchers;
  readonly policy: ResponsePolicy;
  readonly horizon: Horizon;
  readonly workers: number;
  readonly rows: "wanted" | "not-wanted";
  /** Also count who used which call within the horizon, for an inventory. */
  readonly usage?: "wanted";
  /** Also remember what each call did, as where a manifest is active. */
  readonly conduct?: "wanted";
  readonly store?: Store;
  /** What is known of IAM beside the records. */
  readonly iam?: IamKnown;
}

/** What is said while the line runs. */
export interface LineListener {
  total(files: number, bytes: number): void;
  progress(files: number, bytes: number, records: number): void;
  parked(source: string, reason: string): void;
  passedOver(shown: string, because: string): void;
}

export interface LineResult {
  readonly state: State;
  /** The rows of all records, where a store may have known some before. */
  readonly repeats?: Spool;
  readonly settlement: Settlement;
  readonly spread: Spread;
  readonly summary: Summary;
  readonly files: number;
  readonly bytes: number;
}

/** One thread for each core, as `--workers` says by default. */
export const defaultWorkers = (): number => availableParallelism();

/**
 * Decode, attribute, detect and decide over files on this machine: the same `observe` and `settle` as the deployed
 * handlers. Nothing leaves the machine and nothing acts.
 */
export async function runLine(request: LineRequest, listener: LineListener): Promise<LineResult> {
  const started = performance.now();
  const spools = {
    principals: fileSpool(),
    kept: fileSpool(),
    rows: fileSpool(),
    usage: fileSpool(),
    conduct: { conducts: fileSpool(), ids: fileSpool() },
  };
  const state = request.store === undefined ? emptyState(spools) : loadState(request.store, spools);
  const repeats = request.store !== undefined && request.rows === "wanted" ? fileSpool() : undefined;
  const spread = spreadCounter();
  const passOver = (shown: string, because: string): void => {
    state.counts.ignored++;
    listener.passedOver(shown, because);
  };
  const files = found(request.inputs, {
    unreadable(shown, because) {
      state.counts.parked++;
      listener.parked(shown, because);
    },
    passOver,
  });
  const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
  listener.total(files.length, bytes);

  const numbers = new Map<number, Numbers>();
  const workers = Math.max(1, Math.min(request.workers, files.length));
  const options = {
    purposes: purposesOf(request.watchers.wakeIndex.apis, request.watchers.counted),
    rows: request.rows,
    fingerprintKey: fingerprintKey(),
    ...(request.usage === undefined ? {} : { usage: request.horizon }),
    ...(request.conduct === "wanted" || declaresAnything(request.registry) ? { conduct: conductParameters() } : {}),
  };
  const fold = (thread: number, trace: Trace): void => {
    const own = numbers.get(thread) ?? [];
    numbers.set(thread, own);
    observe(state, trace, own);
    if (repeats !== undefined) repeat(repeats, trace, own);
    spread.join(trace.spread);
    for (const { source, reason } of trace.parked) listener.parked(source, reason);
  };
  // A thread's message has nobody above it to throw to: a full disk is remembered, and thrown when reading is over.
  const faults: Fault[] = [];
  await readLogs(files, workers, options, {
    trace(thread, trace) {
      try {
        if (faults.length === 0) fold(thread, trace);
      } catch (cause) {
        if (!(cause instanceof Fault)) throw cause;
        faults.push(cause);
      }
    },
    progress: (count, read) => listener.progress(count, read, state.counts.records),
    passedOver: (shown) => passOver(shown, "neither JSON nor gzip"),
  });

  for (const fault of faults) throw fault;

  const { store } = request;
  const settlement = await settle(state, {
    ...request,
    ...(store === undefined ? {} : { grants: sqliteGrants(store) }),
  });
  const { counts } = state;
  const { tally, findings, cases } = settlement;
  return {
    state,
    settlement,
    ...(repeats === undefined ? {} : { repeats }),
    spread: spread.total,
    files: files.length,
    bytes,
    summary: {
      records: counts.records,
      duplicates: counts.duplicates,
      conflicts: state.records.conflicts,
      ignored: counts.ignored,
      parked: counts.parked,
      attributed: tally.attributed,
      contested: tally.contested,
      unattributed: tally.unattributed,
      undeclared: undeclaredCount(tally),
      findings: findings.length,
      cases: cases.length,
      seconds: Math.round((performance.now() - started) / 10) / 100,
    },
  };
}

interface Finds {
  unreadable(shown: string, because: string): void;
  passOver(shown: string, because: string): void;
}

function found(inputs: LineRequest["inputs"], finds: Finds): readonly LogFile[] {
  const files: LogFile[] = [];
  for (const one of logFiles(inputs)) {
    if ("passedOver" in one) finds.passOver(one.shown, one.passedOver);
    else if ("because" in one) finds.unreadable(one.shown, one.because);
    else files.push(one);
  }
  return files;
}
