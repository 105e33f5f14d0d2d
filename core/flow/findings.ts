import type { Detector } from "../detect/detector.ts";
import { type Fact, type FactSource, type Facts, factKey } from "../detect/facts/fact.ts";
import type { Finding } from "../detect/finding.ts";
import { runDetector, type WakeIndex } from "../detect/run.ts";
import type { LifeDetector } from "../detect/windows/life.ts";
import type { SweepDetector } from "../detect/windows/sweep.ts";
import type { WindowStore } from "../detect/windows/window-store.ts";
import type { WindowDetector } from "../detect/windows/windowed.ts";
import type { AuditEvent } from "../event/event.ts";
import type { Registry } from "../identity/workload.ts";
import { type AttributionOf, issuancesOf } from "./attributor.ts";
import type { Metering } from "./capacity/capacity.ts";
import { withStartedFrom } from "./capacity/started-from.ts";
import type { Conducting } from "./conduct/conduct-findings.ts";
import { type ConfigurationReader, withConfigurations } from "./facts/configuration-facts.ts";
import { type IamKnown, iamFactsOf } from "./facts/iam-known.ts";
import { withWorksAs } from "./facts/works-as.ts";
import { type Horizon, within } from "./horizon.ts";
import { keptEvent } from "./kept-record.ts";
import { judgedFor } from "./purpose.ts";
import type { State } from "./state.ts";
import { type Windowed, type Windows, windowsFor } from "./windows.ts";

/** What the line watches for: detectors, found by the calls that wake them. */
export interface Watchers {
  readonly detectors: readonly Detector[];
  readonly wakeIndex: WakeIndex;
  /** The calls that only detectors of several events watch, whatever this run asks: less is kept of them. */
  readonly counted?: readonly string[];
  /** Those that judge several events together; their calls must be kept, as `wakeIndex` says. */
  readonly windowed?: Windowed;
  /** Those that judge credentials by where they came from and what else they are. */
  readonly lives?: readonly LifeDetector[];
  /** Those that judge what identities did by the day; the tracer must be told to remember it. */
  readonly conduct?: Conducting;
  /** Those that judge how things stand at the end of a run. */
  readonly sweeps?: readonly SweepDetector[];
  /** Those that judge what ran on accelerators over time. */
  readonly metering?: Metering;
  /** Whether identities that no manifest declares are findings: only a whole run can say so, and only when it was asked. */
  readonly undeclared: "found" | "not-sought";
  /** Facts beyond what records and initial state show; asked only for what these do not tell in full. */
  readonly facts?: FactSource;
  /** Reads configurations for secrets that no record shows; absent is not switched on. */
  readonly configurations?: ConfigurationReader;
}

interface Question {
  readonly registry: Registry;
  readonly watchers: Watchers;
  readonly horizon: Horizon;
  readonly attributionOf: AttributionOf;
  /** What earlier batches left in windows; a whole replay needs none. */
  readonly windows?: WindowStore;
  /** What is known of IAM beside the state's own writes. */
  readonly iam?: IamKnown;
}

/** How many events are asked about at a time: facts are read in one batch before any detector runs. */
const batch = 64;

/** Runs every detector that a kept record wakes. Pure in the state: no detector sees the order of arrival. */
export async function findingsOf(state: State, question: Question): Promise<readonly Finding[]> {
  const { watchers, registry, horizon } = question;
  const known = withStartedFrom(state, iamFactsOf(state, question.iam ?? {}, watchers.facts));
  const facts = withConfigurations(watchers.configurations, withWorksAs(state, known));
  const windows = windowsFor(watchers.windowed?.detectors ?? []);
  const findings: Finding[] = [];
  let waiting: Asking[] = [];
  for (const { event, principal, number } of eventsOf(state, judgedFor, horizon)) {
    const detectors = watchers.wakeIndex.awake(event, registry);
    const windowed = watchers.windowed?.wakeIndex.awake(event, registry) ?? [];
    if (detectors.length + windowed.length === 0) continue;
    const awake = { event, principal, number, detectors, windowed };
    const wants = wantedBy(awake);
    // Most calls ask for nothing: judged at once, they are gone before the collector moves them.
    if (wants.length === 0) findings.push(...judged(awake, windows, noFacts, question));
    else waiting.push({ awake, wants });
    if (waiting.length < batch) continue;
    findings.push(...(await judge(waiting, windows, facts, question)));
    waiting = [];
  }
  findings.push(...(await judge(waiting, windows, facts, question)));
  findings.push(...(await windows.findings(() => issuancesOf(state), question.windows)));
  return findings;
}

interface Awake {
  readonly event: AuditEvent;
  readonly principal: number;
  readonly number: number;
  readonly detectors: readonly Detector[];
  readonly windowed: readonly WindowDetector[];
}

/** An event whose detectors cannot judge it without these facts. */
interface Asking {
  readonly awake: Awake;
  readonly wants: readonly Fact[];
}

const noFacts: Facts = new Map();

function wantedBy({ event, detectors, windowed }: Awake): readonly Fact[] {
  const wants: Fact[] = [];
  for (const detector of detectors) wants.push(...detector.wants(event));
  for (const detector of windowed) wants.push(...detector.wants(event));
  return wants;
}

async function judge(
  waiting: readonly Asking[],
  windows: Windows,
  facts: FactSource,
  question: Question,
): Promise<readonly Finding[]> {
  if (waiting.length === 0) return [];
  const wanted = new Map<string, Fact>();
  for (const { wants } of waiting) for (const fact of wants) wanted.set(factKey(fact), fact);
  const known = await facts.answer([...wanted.values()]);
  return waiting.flatMap(({ awake }) => judged(awake, windows, known, question));
}

function judged(awake: Awake, windows: Windows, facts: Facts, question: Question): readonly Finding[] {
  const { event, principal, number, detectors, windowed } = awake;
  const { registry, attributionOf } = question;
  const attribution = attributionOf(principal, number);
  const workload = attribution.kind === "workload" && attribution.declared ? registry.named(attribution.id) : undefined;
  const seen = { event, attribution, registry, facts, ...(workload === undefined ? {} : { workload }) };
  for (const detector of windowed) windows.add(detector, seen);
  return detectors.length === 0 ? nothing : detectors.flatMap((detector) => runDetector(detector, seen));
}

const nothing: readonly Finding[] = [];

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
