import { caseIdOf } from "../../detect/case.ts";
import type { Detector } from "../../detect/detector.ts";
import { answerFrom } from "../../detect/facts/history-facts.ts";
import type { Finding } from "../../detect/finding.ts";
import type { AuditEvent } from "../../event/event.ts";
import { accountHistory, nothingInitial } from "../../iam/account/account-history.ts";
import { writeLog } from "../../iam/account/write-log.ts";
import type { LinksByKey } from "../../identity/lineage/session-store.ts";
import { noPrincipal } from "../../identity/principal-index.ts";
import type { Registry } from "../../identity/workload.ts";
import { writeAt } from "../facts/iam-known.ts";
import { keptEvent } from "../kept-record.ts";
import { judgedFor, purpose } from "../purpose.ts";
import type { State } from "../state.ts";
import { keysAsked } from "./load-earlier.ts";
import { rowOf } from "./observe-again.ts";
import { type KeptRow, type WaitingRecord, waitingId } from "./waiting-store.ts";

/** Whatever asks for facts about an event, be it judged alone or with others. */
type Asking = Pick<Detector, "wants">;

interface Known {
  readonly registry: Registry;
  readonly detectors: readonly Asking[];
  readonly links: LinksByKey;
  /** The records that wait already, by id: they keep what they were judged by. */
  readonly already: ReadonlyMap<string, WaitingRecord>;
  /** Whether writes of IAM outlive the batch in a store of their own: then none need to wait with a record. */
  readonly writes: "kept" | "not-kept";
}

/**
 * The records that something was found in and whose attribution looked anything up: a link that comes later may change
 * it. A record that shares its event id with another does not wait: read alone, its findings would have other ids.
 */
export function waitingIn(
  state: State,
  findings: readonly Finding[],
  known: Known,
): ReadonlyMap<string, WaitingRecord> {
  const byEvent = new Map<string, Finding[]>();
  for (const finding of findings)
    for (const id of finding.eventIDs) byEvent.set(id, [...(byEvent.get(id) ?? []), finding]);
  const waiting = new Map<string, WaitingRecord>();
  if (byEvent.size === 0) return waiting;
  const keysOf = new Map<number, readonly string[]>();
  const contextOf = known.writes === "kept" ? () => [] : contextIn(state, known.detectors);
  for (let number = 0; number < state.kept.count; number++) {
    const principal = state.kept.principal(number);
    if (principal === noPrincipal || (state.kept.purposes(number) & judgedFor) === 0) continue;
    const event = keptEvent(state, number);
    const found = event && byEvent.get(event.id);
    const words = state.kept.entry(number);
    if (event === undefined || found === undefined || state.records.suffix(words) !== "") continue;
    const keys = keysOf.get(principal) ?? keysAsked(state, known.registry, known.links, principal);
    keysOf.set(principal, keys);
    if (keys.length === 0) continue;
    const id = waitingId(words);
    const before = known.already.get(id);
    waiting.set(event.id, {
      schema: 1,
      id,
      at: event.at,
      keys,
      cases: [...new Set(found.map(caseIdOf))].sort(),
      row: before?.row ?? rowOf(state, number),
      context: before?.context ?? contextOf(event),
    });
  }
  return waiting;
}

/** So many writes of IAM go with one record: those of who and what it touches. */
const mostContext = 256;

/** For an event, the state's writes that the answers to its detectors' questions rest on. */
function contextIn(state: State, detectors: readonly Asking[]): (event: AuditEvent) => readonly KeptRow[] {
  const log = writeLog();
  const byId = new Map<string, number>();
  for (let number = 0; number < state.kept.count; number++) {
    const write = writeAt(state, number);
    if (write === undefined) continue;
    log.add(write);
    byId.set(write.id, number);
  }
  return (event) => {
    const wanted = byId.size === 0 ? [] : detectors.flatMap((one) => one.wants(event));
    if (wanted.length === 0) return [];
    const numbers = new Set<number>();
    const history = accountHistory(nothingInitial, (key) => {
      const found = log.of(key);
      for (const { id } of found) numbers.add(byId.get(id) ?? -1);
      return found;
    });
    for (const fact of wanted) answerFrom(history, fact);
    return [...numbers]
      .filter((number) => number >= 0)
      .sort((a, b) => a - b)
      .slice(0, mostContext)
      .map((number) => ({ ...rowOf(state, number), purposes: purpose.state }));
  };
}
