import type { Readings } from "../decide/readiness.ts";
import { fields, type JsonObject, list, text } from "../event/json.ts";
import type { LedgerEntry } from "../record/ledger.ts";

/** Which targets count: all, or those of one workload. */
export type OfTarget = (arn: string) => boolean;

export interface About {
  readonly isWanted: OfTarget;
  /** When things were found. */
  readonly findingsAt: readonly number[];
  readonly measured: Readings["measured"];
}

const day = 86_400_000;

/**
 * What a ledger says of how containments and releases went. Each run counts once, by what was first measured of it. What no
 * ledger can know (whether an attribution is true) is left out.
 */
export function readingsOf(entries: Iterable<LedgerEntry>, { isWanted, findingsAt, measured }: About): Readings {
  const acted = new Map<string, JsonObject>();
  const released: JsonObject[] = [];
  const denied = new Map<string, number>();
  const allowed = new Map<string, number>();
  let outside = 0;
  for (const { step } of entries) {
    const { body } = step;
    const run = text(body["run"]);
    if (step.kind === "acted") acted.set(run, body);
    if (step.kind === "released" && body["end"] !== undefined && body["release"] !== undefined) released.push(body);
    note(denied, run, fields(body["firstDenied"])["seconds"]);
    note(allowed, run, fields(body["firstAllowed"])["seconds"]);
    if (step.kind === "found" && body["detector"] === "own-role-outside-ledger") outside++;
  }
  const isOf = (body: JsonObject | undefined): boolean => isWanted(text(fields(body?.["target"])["arn"]));
  const own = [...acted].filter(([, body]) => isOf(body));
  const given = released.filter(isOf);
  const runs = new Set([...own.map(([run]) => run), ...given.map((body) => text(body["run"]))]);
  const benign = given.filter((body) => body["release"] === "benign");
  const byNobody = (body: JsonObject): boolean =>
    list(body["contained"]).every((run) => list(acted.get(text(run))?.["approvals"]).length === 0);
  const [first, last] = [Math.min(...findingsAt), Math.max(...findingsAt)];
  return {
    measured,
    reviewed: { total: given.length, wrong: benign.length },
    wrongInProduction: benign.filter(byNobody).length,
    days: findingsAt.length === 0 ? 0 : Math.floor((last - first) / day),
    denied: ofRuns(denied, runs),
    allowed: ofRuns(allowed, runs),
    released: { total: given.length, whole: given.filter(isWhole).length },
    made: { total: own.reduce((sum, [, body]) => sum + list(body["changes"]).length, 0), outside },
  };
}

function note(into: Map<string, number>, run: string, seconds: unknown): void {
  if (typeof seconds === "number" && !into.has(run)) into.set(run, seconds);
}

const ofRuns = (measured: ReadonlyMap<string, number>, runs: ReadonlySet<string>): readonly number[] =>
  [...measured].flatMap(([run, seconds]) => (runs.has(run) ? [seconds] : []));

const isWhole = (body: JsonObject): boolean =>
  body["end"] === "released" && list(body["kept"]).length === 0 && list(body["notDone"]).length === 0;
