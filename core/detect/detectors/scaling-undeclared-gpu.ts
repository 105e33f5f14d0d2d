import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { Confidence } from "../../identity/attribution.ts";
import type { Workload } from "../../identity/workload.ts";
import { type AcceleratorTable, acceleratorOf, familyDeclared } from "../accelerator.ts";
import {
  type Asked,
  type CapacityRequest,
  capacityRequestOf,
  type Effect,
  preparingApis,
  reservingApis,
  startingApis,
} from "../accelerator-request.ts";
import { attempted, graded, titled } from "../attempt.ts";
import { type Detector, defineDetector, type Seen } from "../detector.ts";
import type { Detection, Evidence, Severity } from "../finding.ts";

/** Finds accelerators that no manifest of the acting identity covers: wrong family, wrong Region, too many, or nobody's. */
export const scalingUndeclaredGpu = (table: AcceleratorTable): Detector =>
  defineDetector({
    id: "scaling-undeclared-gpu",
    version: "1",
    title: "Accelerators were asked for that no manifest declares",
    family: "gpu-scaling",
    maturity: "incubating",
    needsDeclarations: true,
    attack: ["T1496.001", "T1578.002"],
    controls: {
      owaspNhi: ["NHI5:2025", "NHI8:2025"],
      owaspAsi: ["ASI02", "ASI10"],
      nistCsf: ["ID.AM-02", "DE.CM-09"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure"],
    },
    watches: [calls(...startingApis, ...preparingApis, ...reservingApis)],
    falsePositives: [
      "A workload was given a new instance family before its manifest was",
      "A person tries a GPU by hand in a development account",
      "A group or fleet lists a large type that it hardly ever gets",
    ],
    triage: [
      "Ask the owner of the acting identity whether they need these instances, here and in this number",
      "If they do, declare family, Region and number in the manifest; the next call is then quiet",
      "If they do not, stop what was started, and look for the same identity in other Regions",
    ],
    references: [
      "https://sysdig.com/blog/scarleteel-2-0/",
      "https://permiso.io/blog/s/unmasking-guivil-new-cloud-threat-actor/",
      "https://docs.aws.amazon.com/ec2/latest/instancetypes/ac.html",
    ],
    wants: () => [],
    detect(seen) {
      const { event } = seen;
      const request = event.kind === "api-call" ? capacityRequestOf(event) : undefined;
      if (event.kind !== "api-call" || request === undefined) return [];
      const wanted = wantedOf(request, table);
      const complaint = seen.workload === undefined ? strangers(seen, wanted) : outside(event, seen.workload, wanted);
      return complaint === undefined ? [] : [detectionOf(event, wanted, complaint)];
    },
  });

/** The accelerators among what a call asks for. */
interface Wanted {
  readonly types: readonly (Asked & { readonly family: string; readonly perInstance: number })[];
  readonly untyped?: string;
  readonly instances: number;
  /** How many instances the call speaks of, accelerated or not. */
  readonly total: number;
  readonly accelerators: number;
  readonly effect: Effect;
}

function wantedOf({ asked, total, untyped, effect }: CapacityRequest, table: AcceleratorTable): Wanted {
  const types = asked.flatMap((one) => {
    const found = acceleratorOf(one.type, table);
    return found === undefined ? [] : [{ ...one, ...found }];
  });
  const counted = types.filter((one) => one.count !== undefined);
  const beside = counted.reduce((sum, one) => sum + (one.count ?? 0), 0);
  const instances = counted.length > 0 ? beside : (total?.count ?? 1);
  const largest = Math.max(0, ...types.map((one) => one.perInstance));
  const accelerators =
    counted.length > 0
      ? counted.reduce((sum, one) => sum + (one.count ?? 0) * one.perInstance, 0)
      : instances * (types.length === 0 ? 1 : largest);
  return {
    types,
    ...(untyped === undefined ? {} : { untyped }),
    instances,
    total: total?.count ?? 0,
    accelerators: Math.ceil(accelerators),
    effect,
  };
}

interface Complaint {
  readonly about: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  readonly limit?: number;
}

const asksForSome = ({ types, untyped }: Wanted): boolean => types.length > 0 || untyped !== undefined;

/** An identity without a manifest. AWS's own services only carry out what somebody else set up, and that call is judged. */
function strangers({ attribution }: Seen, wanted: Wanted): Complaint | undefined {
  if (!asksForSome(wanted)) return undefined;
  const { confidence } = attribution;
  switch (attribution.kind) {
    case "service":
      return undefined;
    case "person":
      return { about: "a person whom no manifest names", severity: "medium", confidence };
    case "workload":
      return { about: "a workload that no manifest declares", severity: "high", confidence };
    case "external":
      return { about: "a caller from another account", severity: "high", confidence };
    case "contested":
      return { about: "an identity that is contested", severity: "high", confidence };
    case "unattributed":
      return { about: "an identity that no manifest declares", severity: "high", confidence: "medium" };
  }
}

/** A declared workload against its manifest; what the manifest leaves out is not limited by it. */
function outside(call: ApiCall, { name, envelope }: Workload, wanted: Wanted): Complaint | undefined {
  const { accelerators, regions } = envelope;
  const confidence: Confidence = "high";
  if (asksForSome(wanted) && accelerators !== undefined) {
    const foreign = wanted.types.find((one) => !familyDeclared(one.family, accelerators.families));
    if (foreign !== undefined)
      return { about: `${name}, which does not declare ${excerpt(foreign.family)}`, severity: "high", confidence };
    if (wanted.types.length === 0 && !accelerators.families.includes("*"))
      return { about: `${name}, without a type that it declares`, severity: "medium", confidence: "medium" };
  }
  if (asksForSome(wanted) && regions !== undefined && !regions.includes(call.region))
    return { about: `${name}, in a Region that it does not declare`, severity: "high", confidence };
  const limit = accelerators?.maxInstances;
  if (limit === undefined) return undefined;
  if (asksForSome(wanted))
    return wanted.instances > limit
      ? { about: `${name}, which declares at most ${limit} instances`, severity: "high", confidence, limit }
      : undefined;
  // A group's capacity without a type: whether these are accelerators is not in the event.
  return call.api.startsWith("autoscaling:") && wanted.total > limit
    ? { about: `${name}, which declares at most ${limit} instances`, severity: "low", confidence: "low", limit }
    : undefined;
}

/** From here on, a launch by an identity nobody knows is no longer one machine to try something. */
const many = 16;
const mostShown = 5;

const verbs: Readonly<Record<Effect, readonly [did: string, tried: string]>> = {
  starts: ["were asked for", "start accelerators"],
  prepares: ["were set up for a later start", "set up accelerators for a later start"],
  reserves: ["were reserved", "reserve accelerators"],
};

function detectionOf(call: ApiCall, wanted: Wanted, { about, severity, confidence, limit }: Complaint): Detection {
  const [did, tried] = verbs[wanted.effect];
  const what = asksForSome(wanted) ? "Accelerators" : "Instances";
  const grave =
    severity === "high" && wanted.effect !== "prepares" && wanted.accelerators >= many ? "critical" : severity;
  const base = wanted.effect === "prepares" && grave === "high" ? "medium" : grave;
  const field = (path: string, value: unknown): Evidence => ({
    kind: "field",
    eventID: call.id,
    path,
    value: excerpt(value),
  });
  const resource = startedBy(call);
  return {
    title: titled(`${what} ${did} by ${about}`, `${tried}: ${about}`, call.outcome),
    severity: graded(base, call.outcome),
    confidence,
    ...(resource === undefined ? {} : { resource }),
    evidence: [
      field("awsRegion", call.region),
      ...wanted.types.slice(0, mostShown).map((one) => field(one.path, one.type)),
      ...(wanted.untyped === undefined ? [] : [field(wanted.untyped, "accelerators by requirement")]),
      {
        kind: "count",
        what: "instances",
        count: asksForSome(wanted) ? wanted.instances : wanted.total,
        ...(limit === undefined ? {} : { limit }),
      },
      ...(asksForSome(wanted) ? [{ kind: "count", what: "accelerators", count: wanted.accelerators } as const] : []),
      ...(attempted(call.outcome) && call.errorCode !== undefined ? [field("errorCode", call.errorCode)] : []),
    ],
  };
}

/** What was started, by ARN: the first instance, or whatever the answer names. */
function startedBy(call: ApiCall): string | undefined {
  const instance = text(fields(list(fields(call.response["instancesSet"])["items"])[0])["instanceId"]);
  if (instance !== "" && call.account !== undefined)
    return `arn:${call.partition}:ec2:${call.region}:${call.account}:instance/${instance}`;
  return Object.entries(call.response)
    .filter(([key, value]) => /arn$/i.test(key) && text(value).startsWith("arn:"))
    .map(([, value]) => text(value))
    .sort()[0];
}
