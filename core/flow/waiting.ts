import { caseIdOf } from "../detect/case.ts";
import type { Detector } from "../detect/detector.ts";
import { aboutOf } from "../detect/fact.ts";
import type { Finding } from "../detect/finding.ts";
import { policyWrittenBy } from "../detect/policy-log.ts";
import type { AuditEvent } from "../event/event.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import type { LinksByKey } from "../identity/session-store.ts";
import type { Registry } from "../identity/workload.ts";
import { keptEvent } from "./kept-record.ts";
import { keysAsked } from "./load-earlier.ts";
import { rowOf } from "./observe-again.ts";
import { judgedFor, purpose } from "./purpose.ts";
import type { State } from "./state.ts";
import { type KeptRow, type WaitingRecord, waitingId } from "./waiting-store.ts";

interface Known {
  readonly registry: Registry;
  readonly detectors: readonly Detector[];
  readonly links: LinksByKey;
  /** The records that wait already, by id: they keep what they were judged by. */
  readonly already: ReadonlyMap<string, WaitingRecord>;
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
      context: before?.context ?? contextOf(state, event, known.detectors),
    });
  }
  return waiting;
}

/** So many writes of policies go with one record; a call asks about one policy, which has at most five versions. */
const mostContext = 64;

/** The state's writes of the policies that the detectors ask about for this event. */
function contextOf(state: State, event: AuditEvent, detectors: readonly Detector[]): readonly KeptRow[] {
  const asked = new Set(detectors.flatMap((one) => one.wants(event)).map(aboutOf));
  const context: KeptRow[] = [];
  if (asked.size === 0) return context;
  for (let number = 0; number < state.kept.count && context.length < mostContext; number++) {
    if ((state.kept.purposes(number) & purpose.state) === 0) continue;
    const write = keptEvent(state, number);
    const policy = write && policyWrittenBy(write);
    if (policy !== undefined && asked.has(policy)) context.push({ ...rowOf(state, number), purposes: purpose.state });
  }
  return context;
}
