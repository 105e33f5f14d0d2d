import { inAgentSession } from "../event/agent-session.ts";
import { clientOf, familyOf } from "../event/client.ts";
import type { AuditEvent, Outcome, SecurityFinding } from "../event/event.ts";
import { text } from "../event/json.ts";
import type { Watch } from "../event/watch.ts";
import type { ApiName } from "../iam/identifiers.ts";
import type { Registry } from "../identity/workload.ts";
import type { Detector, Seen } from "./detector.ts";
import { type Detection, type Finding, type FindingId, findingId, severities } from "./finding.ts";

/** Which calls wake what, prepared once: one look-up for each record, however many detectors there are. */
export interface WakeIndex {
  /** Every call that anything watches, sorted. */
  readonly apis: readonly ApiName[];
  /** The detectors that this event wakes, in catalog order. Those that measure against manifests sleep while none is active. */
  awake(event: AuditEvent, registry: Registry): readonly Detector[];
}

/** Prepares the look-up. `alsoKept` wake no detector of this run; their calls are kept for the question of a later one. */
export function wakeIndex(detectors: readonly Detector[], alsoKept: readonly Watch[] = []): WakeIndex {
  const byApi = new Map<string, Detector[]>();
  const byAgentApi = new Map<string, Detector[]>();
  const byEnvelope = new Map<string, Detector[]>();
  const ofDeclared: Detector[] = [];
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

function completed(detector: Detector, { event, attribution, workload }: Seen, detection: Detection): Finding {
  const principal = principalOf(event) ?? detector.subject?.(event);
  return {
    ...detection,
    id: findingId(detector.id, detection.resource ?? principal ?? "", event.id),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    outcome: outcomeOf(event),
    at: event.at,
    ...(event.account === undefined ? {} : { account: event.account }),
    region: event.region,
    ...(principal === undefined ? {} : { principal }),
    ...(workload === undefined ? {} : { workload: workload.name }),
    attribution,
    ...clientBehind(event),
    guessed: event.guessed,
    eventIDs: [event.id],
    count: 1,
    attack: detector.attack,
    controls: detector.controls,
  };
}

function clientBehind(event: AuditEvent): Pick<Finding, "client"> {
  const userAgent = event.kind === "api-call" ? text(event.record["userAgent"]) : "";
  return userAgent ? { client: familyOf(clientOf(userAgent)) } : {};
}

/** Two detections about one thing in one event are one finding: the graver one, with the evidence of both. */
function graver(one: Finding, other: Finding): Finding {
  const [first, second] =
    severities.indexOf(other.severity) > severities.indexOf(one.severity) ? [other, one] : [one, other];
  return { ...first, evidence: [...first.evidence, ...second.evidence] };
}

function principalOf(event: AuditEvent): string | undefined {
  if (event.kind !== "api-call") return undefined;
  const { principal } = event;
  return principal.arn ?? principal.id ?? (principal.kind === "aws-service" ? principal.service : undefined);
}

function outcomeOf(event: AuditEvent): Outcome {
  switch (event.kind) {
    case "api-call":
      return event.outcome;
    case "scaling":
      return event.change === "failed" ? "failed" : "done";
    case "security-finding":
    case "tick":
      return "unknown";
  }
}

const none: readonly Detector[] = [];

function wokenBy(
  event: AuditEvent,
  byApi: ReadonlyMap<string, readonly Detector[]>,
  byEnvelope: ReadonlyMap<string, readonly Detector[]>,
): readonly Detector[] {
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

const ofAgents = (event: AuditEvent, byAgentApi: ReadonlyMap<string, readonly Detector[]>): readonly Detector[] =>
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

const declaresAnything = (registry: Registry): boolean => registry.workloads.some((one) => one.status === "active");

const merged = (
  called: readonly Detector[],
  declared: readonly Detector[],
  order: ReadonlyMap<Detector, number>,
): readonly Detector[] =>
  [...new Set([...called, ...declared])].sort((a, b) => (order.get(a) ?? 0) - (order.get(b) ?? 0));

function add(map: Map<string, Detector[]>, key: string, detector: Detector): void {
  const known = map.get(key);
  if (known === undefined) map.set(key, [detector]);
  else if (!known.includes(detector)) known.push(detector);
}

const callsOf = (detector: Detector): readonly ApiName[] =>
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
