import { inAgentSession } from "../event/agent-session.ts";
import type { AuditEvent, SecurityFinding } from "../event/event.ts";
import type { Watch } from "../event/watch.ts";
import type { ApiName } from "../iam/identifiers.ts";
import type { Registry } from "../identity/workload.ts";
import type { Described } from "./described.ts";
import type { Detector, Seen } from "./detector.ts";
import { type Detection, type Finding, type FindingId, findingId, severities } from "./finding.ts";
import { madeBy } from "./made-by.ts";

/** Which calls wake what, prepared once: one look-up for each record, however many detectors there are. */
export interface WakeIndex<Kind extends Described = Detector> {
  /** Every call that anything watches, sorted. */
  readonly apis: readonly ApiName[];
  /** The detectors that this event wakes, in catalog order. Those that measure against manifests sleep while none is active. */
  awake(event: AuditEvent, registry: Registry): readonly Kind[];
}

/** Prepares the look-up. `alsoKept` wake no detector of this run; their calls are kept for the question of a later one. */
export function wakeIndex<Kind extends Described>(
  detectors: readonly Kind[],
  alsoKept: readonly Watch[] = [],
): WakeIndex<Kind> {
  const byApi = new Map<string, Kind[]>();
  const byAgentApi = new Map<string, Kind[]>();
  const byEnvelope = new Map<string, Kind[]>();
  const ofDeclared: Kind[] = [];
  for (const detector of detectors)
    for (const watch of detector.watches)
      switch (watch.kind) {
        case "calls":
          for (const api of watch.apis) add(byApi, api, detector);
          break;
        case "agent-calls":
          for (const api of watch.apis) add(byAgentApi, api, detector);
          break;
        case "envelopes":
          for (const detailType of watch.detailTypes) add(byEnvelope, envelopeKey(watch.source, detailType), detector);
          for (const product of productsOf(watch.source)) add(byEnvelope, product, detector);
          break;
        case "declared-identities":
          if (!ofDeclared.includes(detector)) ofDeclared.push(detector);
      }
  const kept = alsoKept.flatMap((watch) => (watch.kind === "calls" ? watch.apis : []));
  const apis = [...new Set([...kept, ...detectors.flatMap(callsOf)])].sort();
  const order = new Map(detectors.map((detector, place) => [detector, place]));
  return {
    apis,
    awake(event, registry) {
      const inAgent = ofAgents(event, byAgentApi);
      const woken = wokenBy(event, byApi, byEnvelope);
      const called = inAgent.length > 0 ? merged(woken, inAgent, order) : woken;
      const found = ofDeclared.length > 0 && isDeclared(event, registry) ? merged(called, ofDeclared, order) : called;
      return found.some((one) => one.needsDeclarations) && !declaresAnything(registry)
        ? found.filter((one) => !one.needsDeclarations)
        : found;
    },
  };
}

/** Runs one detector over one event and completes what it says: who, when, which outcome, under which lasting id. */
export function runDetector(detector: Detector, seen: Seen): readonly Finding[] {
  const findings = new Map<FindingId, Finding>();
  for (const detection of detector.detect(seen)) {
    const finding = completed(detector, seen, detection);
    const other = findings.get(finding.id);
    findings.set(finding.id, other === undefined ? finding : graver(other, finding));
  }
  return [...findings.values()];
}

function completed(detector: Detector, seen: Seen, detection: Detection): Finding {
  const { event } = seen;
  const by = madeBy(seen, detector.subject?.(event));
  return {
    ...detection,
    id: findingId(detector.id, detection.resource ?? by.principal ?? "", event.id),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    at: event.at,
    ...by,
    eventIDs: [event.id],
    count: 1,
    attack: detector.attack,
    controls: detector.controls,
  };
}

/** Two detections about one thing in one event are one finding: the graver one, with the evidence of both. */
function graver(one: Finding, other: Finding): Finding {
  const [first, second] =
    severities.indexOf(other.severity) > severities.indexOf(one.severity) ? [other, one] : [one, other];
  return { ...first, evidence: [...first.evidence, ...second.evidence] };
}

const none: readonly never[] = [];

function wokenBy<Kind>(
  event: AuditEvent,
  byApi: ReadonlyMap<string, readonly Kind[]>,
  byEnvelope: ReadonlyMap<string, readonly Kind[]>,
): readonly Kind[] {
  switch (event.kind) {
    case "api-call":
      // An Insights record speaks of calls by their name and is none itself.
      return event.origin === "insight" ? none : (byApi.get(event.api) ?? none);
    case "scaling":
      return byEnvelope.get(envelopeKey(event.source, event.detailType)) ?? none;
    case "security-finding":
      return byEnvelope.get(event.product) ?? none;
    case "tick":
      return none;
  }
}

const ofAgents = <Kind>(event: AuditEvent, byAgentApi: ReadonlyMap<string, readonly Kind[]>): readonly Kind[] =>
  event.kind === "api-call" && event.origin !== "insight" && inAgentSession(event.principal.id)
    ? (byAgentApi.get(event.api) ?? none)
    : none;

function isDeclared(event: AuditEvent, registry: Registry): boolean {
  if (event.kind !== "api-call") return false;
  const { principal } = event;
  const role =
    principal.kind === "assumed-role" ? principal.role : principal.kind === "role" ? principal.arn : undefined;
  return role !== undefined && registry.byRole(role) !== undefined;
}

/** Whether any manifest is active. */
export const declaresAnything = (registry: Registry): boolean =>
  registry.workloads.some((one) => one.status === "active");

const merged = <Kind>(
  called: readonly Kind[],
  declared: readonly Kind[],
  order: ReadonlyMap<Kind, number>,
): readonly Kind[] => [...new Set([...called, ...declared])].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));

function add<Kind>(map: Map<string, Kind[]>, key: string, detector: Kind): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [detector]);
  else if (!known.includes(detector)) known.push(detector);
}

const callsOf = (detector: Described): readonly ApiName[] =>
  detector.watches.flatMap((watch) => (watch.kind === "calls" ? watch.apis : []));

const envelopeKey = (source: string, detailType: string): string => `${source} ${detailType}`;

/** The sources under which the products send their findings; decoded findings name the product only. */
const productSources: Readonly<Record<SecurityFinding["product"], string>> = {
  guardduty: "aws.guardduty",
  "access-analyzer": "aws.access-analyzer",
  "security-hub": "aws.securityhub",
  health: "aws.health",
};

const productsOf = (source: string): readonly string[] =>
  Object.entries(productSources).flatMap(([product, sends]) => (sends === source ? [product] : []));
