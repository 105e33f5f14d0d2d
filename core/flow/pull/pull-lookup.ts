import type { Instant } from "../../event/instant.ts";
import { Fault } from "../../fault.ts";
import type { PulledFolder, PullProgress, Stopping } from "./pull-folder.ts";
import type { LookupWindow } from "./pull-plan.ts";
import { lookupPath } from "./trail-layout.ts";

export type LookupPage =
  | {
      readonly kind: "page";
      /** Records as CloudTrail wrote them, one a line, newest first. */
      readonly records: readonly string[];
      readonly oldest: Instant | undefined;
      readonly next: string | undefined;
    }
  /** The token is not accepted (any more): the hour begins again. */
  | { readonly kind: "token-refused" };

/** One page of CloudTrail's event history, paced as CloudTrail demands. */
export interface LookupReader {
  page(window: LookupWindow, token: string | undefined): Promise<LookupPage>;
}

export interface LookupPull {
  readonly account: string;
  readonly windows: readonly LookupWindow[];
  readonly reader: LookupReader;
  readonly folder: PulledFolder;
  readonly progress: PullProgress;
  readonly stopping: Stopping;
  /** Lines to bytes that can be appended to what earlier calls gave. */
  readonly pack: (lines: readonly string[]) => Uint8Array;
}

export interface LookupsPulled {
  readonly records: number;
  readonly requests: number;
  /** Hours that were complete before. */
  readonly already: number;
  /** Hours that the next run reads again, because records may still arrive. */
  readonly open: number;
  readonly stopped: boolean;
}

/** The windows that are not complete in the folder yet, or whose file is gone from it. */
export async function windowsMissing(
  folder: PulledFolder,
  account: string,
  windows: readonly LookupWindow[],
): Promise<readonly LookupWindow[]> {
  const { settled } = await folder.remembered();
  const missing: LookupWindow[] = [];
  for (const window of windows) {
    const path = lookupPath(account, window.region, window.from);
    const records = settled.get(path);
    const complete = records === 0 || (records !== undefined && (await folder.sizeOf(path)) !== undefined);
    if (!complete) missing.push(window);
  }
  return missing;
}

/**
 * Fetches the missing windows, oldest first. A page is durable before the token behind it is remembered, so that a crash
 * costs at most one request in a settled hour, and never a record or a second copy of one.
 */
export async function pullLookups(pull: LookupPull): Promise<LookupsPulled> {
  const missing = await windowsMissing(pull.folder, pull.account, pull.windows);
  const already = pull.windows.length - missing.length;
  const total = { records: 0, requests: 0, open: 0 };
  for (const window of missing) {
    const read = await pullWindow(pull, window);
    total.records += read.records;
    total.requests += read.requests;
    if (read.stopped) return { ...total, already, stopped: true };
    if (!window.settled) total.open += 1;
  }
  return { ...total, already, stopped: false };
}

interface WindowRead {
  readonly records: number;
  readonly requests: number;
  readonly stopped: boolean;
}

interface Position {
  readonly token: string | undefined;
  readonly bytes: number;
  readonly records: number;
}

const beginning: Position = { token: undefined, bytes: 0, records: 0 };

async function pullWindow(pull: LookupPull, window: LookupWindow): Promise<WindowRead> {
  const { folder } = pull;
  const path = lookupPath(pull.account, window.region, window.from);
  const meter = windowMeter(window, pull.progress);
  const begun = await whereToGoOn(folder, path);
  let at = begun;
  let requests = 0;
  let restarts = 0;
  for (;;) {
    if (pull.stopping()) return { records: Math.max(0, at.records - begun.records), requests, stopped: true };
    const page = await pull.reader.page(window, at.token);
    requests += 1;
    if (page.kind === "token-refused") {
      restarts += 1;
      if (restarts > 2) throw new Fault("unreachable", refusedAgain(path));
      at = beginning;
      continue;
    }
    const records = at.records + page.records.length;
    const bytes = await folder.extend(path, at.bytes, pull.pack(page.records));
    at = { token: page.next, bytes, records };
    if (at.token === undefined) break;
    meter.reached(page.oldest);
    // An hour that can still grow is read from its beginning next time: its pages shift under the token.
    if (window.settled) await rememberPosition(folder, path, at.token, at);
  }
  if (at.records > 0) await folder.finish(path);
  const state = await folder.remembered();
  const settled = window.settled ? new Map(state.settled).set(path, at.records) : state.settled;
  await folder.remember({ ...state, settled, unfinished: undefined });
  meter.complete();
  return { records: restarts > 0 ? at.records : at.records - begun.records, requests, stopped: false };
}

/** Where the last run stopped in this hour; its beginning when it did not, or when the partial file has been cut. */
async function whereToGoOn(folder: PulledFolder, path: string): Promise<Position> {
  const { unfinished } = await folder.remembered();
  if (unfinished?.path !== path) return beginning;
  return (await folder.partialSize(path)) < unfinished.bytes ? beginning : unfinished;
}

async function rememberPosition(folder: PulledFolder, path: string, token: string, at: Position): Promise<void> {
  const state = await folder.remembered();
  await folder.remember({ ...state, unfinished: { path, token, bytes: at.bytes, records: at.records } });
}

/** History is read backwards in time: the share of the hour that is done shows in the oldest record of a page. */
function windowMeter(window: LookupWindow, progress: PullProgress) {
  const whole = (window.to - window.from) / 1000;
  let told = 0;
  const tell = (seconds: number): void => {
    const more = Math.max(0, Math.min(whole, seconds) - told);
    told += more;
    progress.advance(more);
  };
  return {
    reached: (oldest: Instant | undefined): void => tell(oldest === undefined ? 0 : (window.to - oldest) / 1000),
    complete: (): void => tell(whole),
  };
}

const refusedAgain = (path: string): string =>
  `CloudTrail refuses its own page token for ${path} again and again; run the same command later, it goes on where it stopped`;
