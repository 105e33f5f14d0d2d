import type { Detector } from "../detect/detector.ts";
import { type Fact, type FactSource, factKey } from "../detect/fact.ts";
import type { Finding } from "../detect/finding.ts";
import { policyLog } from "../detect/policy-log.ts";
import { runDetector, type WakeIndex } from "../detect/run.ts";
import type { AuditEvent } from "../event/event.ts";
import type { Registry } from "../identity/workload.ts";
import type { AttributionOf } from "./attributor.ts";
import { type Horizon, within } from "./horizon.ts";
import { keptEvent } from "./kept-record.ts";
import { judgedFor, purpose } from "./purpose.ts";
import type { State } from "./state.ts";

/** What the line watches for: detectors, found by the calls that wake them. */
export interface Watchers {
  readonly detectors: readonly Detector[];
  readonly wakeIndex: WakeIndex;
  /** Whether identities that no manifest declares are findings: only a whole run can say so, and only when it was asked. */
  readonly undeclared: "found" | "not-sought";
  /** Facts beyond what the records themselves show; asked only for what the records cannot answer. */
  readonly facts?: FactSource;
}

interface Question {
  readonly registry: Registry;
  readonly watchers: Watchers;
  readonly horizon: Horizon;
  readonly attributionOf: AttributionOf;
}

/** How many events are asked about at a time: facts are read in one batch before any detector runs. */
const batch = 64;

/** Runs every detector that a kept record wakes. Pure in the state: no detector sees the order of arrival. */
export async function findingsOf(state: State, question: Question): Promise<readonly Finding[]> {
  const records = policyLog();
  for (const { event } of eventsOf(state, purpose.state)) records.observe(event);
  const findings: Finding[] = [];
  let waiting: Awake[] = [];
  for (const { event, principal, number } of eventsOf(state, judgedFor, question.horizon)) {
    const detectors = question.watchers.wakeIndex.awake(event, question.registry);
    if (detectors.length > 0) waiting.push({ event, principal, number, detectors });
    if (waiting.length < batch) continue;
    findings.push(...(await judge(waiting, records, question)));
    waiting = [];
  }
  findings.push(...(await judge(waiting, records, question)));
  return findings;
}

interface Awake {
  readonly event: AuditEvent;
  readonly principal: number;
  readonly number: number;
  readonly detectors: readonly Detector[];
}

async function judge(waiting: readonly Awake[], records: FactSource, question: Question): Promise<readonly Finding[]> {
  const { registry, attributionOf, watchers } = question;
  const wanted = new Map<string, Fact>();
  for (const { event, detectors } of waiting)
    for (const detector of detectors) for (const fact of detector.wants(event)) wanted.set(factKey(fact), fact);
  const known = new Map(wanted.size === 0 ? [] : await records.answer([...wanted.values()]));
  const open = [...wanted.values()].filter((fact) => known.get(factKey(fact))?.kind === "unknown");
  if (watchers.facts !== undefined && open.length > 0)
    for (const [key, answer] of await watchers.facts.answer(open)) known.set(key, answer);
  return waiting.flatMap(({ event, principal, number, detectors }) => {
    const attribution = attributionOf(principal, number);
    const workload =
      attribution.kind === "workload" && attribution.declared ? registry.named(attribution.id) : undefined;
    const seen = { event, attribution, registry, facts: known, ...(workload === undefined ? {} : { workload }) };
    return detectors.flatMap((detector) => runDetector(detector, seen));
  });
}

function* eventsOf(
  state: State,
  wanted: number,
  horizon: Horizon = {},
): Generator<{ event: AuditEvent; principal: number; number: number }> {
  for (let number = 0; number < state.kept.count; number++) {
    if ((state.kept.purposes(number) & wanted) === 0) continue;
    const second = state.kept.entry(number)[2] ?? 0;
    if (!within(horizon, second)) continue;
    const event = keptEvent(state, number);
    if (event !== undefined) yield { event, principal: state.kept.principal(number), number };
  }
}
