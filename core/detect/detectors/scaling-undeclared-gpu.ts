import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { launchTags, poolIn } from "../../identity/lineage/cause-fields.ts";
import { attempted, graded, titled } from "../attempt.ts";
import type { AcceleratorTable } from "../capacity/accelerator.ts";
import { capacityApis, type Effect } from "../capacity/accelerator-calls.ts";
import { cents, hourlyPriceOf, priceSaid } from "../capacity/accelerator-price.ts";
import type { Asked } from "../capacity/accelerator-request.ts";
import { type Complaint, complaintAbout } from "../capacity/accelerators-undeclared.ts";
import { asksForSome, type Wanted, wantedOf } from "../capacity/accelerators-wanted.ts";
import { type Completed, completedRequest, startedFromFacts } from "../capacity/started-from.ts";
import { type Detector, defineDetector } from "../detector.ts";
import type { Detection, Evidence } from "../finding.ts";

/** Finds accelerators that no manifest of the acting identity covers: wrong family, wrong Region, too many, too dear, or nobody's. */
export const scalingUndeclaredGpu = (table: AcceleratorTable): Detector =>
  defineDetector({
    id: "scaling-undeclared-gpu",
    version: "2",
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
    watches: [calls(...capacityApis)],
    falsePositives: [
      "A workload was given a new instance family before its manifest was",
      "A person tries a GPU by hand in a development account",
      "A group or fleet lists a large type that it hardly ever gets",
      "Prices are those of one Region on one day: what was agreed with AWS, and Spot, cost less",
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
    wants: (event) => (event.kind === "api-call" ? startedFromFacts(event) : []),
    detect(seen) {
      const { event } = seen;
      const completed = event.kind === "api-call" ? completedRequest(event, seen.facts) : undefined;
      if (event.kind !== "api-call" || completed === undefined) return [];
      const wanted = wantedOf(completed.request, table);
      const complaint = complaintAbout(event, seen, wanted);
      return complaint === undefined ? [] : [detectionOf(event, { wanted, completed, table }, complaint)];
    },
  });

interface About {
  readonly wanted: Wanted;
  readonly completed: Completed;
  readonly table: AcceleratorTable;
}

/** From here on, a launch by an identity nobody knows is no longer one machine to try something. */
const many = 16;
const mostShown = 5;

const verbs: Readonly<Record<Effect, readonly [did: string, tried: string]>> = {
  starts: ["were asked for", "start accelerators"],
  prepares: ["were set up for a later start", "set up accelerators for a later start"],
  reserves: ["were reserved", "reserve accelerators"],
};

function detectionOf(call: ApiCall, about: About, complaint: Complaint): Detection {
  const { wanted } = about;
  const { severity, confidence } = complaint;
  const [did, tried] = verbs[wanted.effect];
  const what = asksForSome(wanted) ? "Accelerators" : "Instances";
  const grave =
    severity === "high" && wanted.effect !== "prepares" && wanted.accelerators >= many ? "critical" : severity;
  const base = wanted.effect === "prepares" && grave === "high" ? "medium" : grave;
  const resource = startedBy(call);
  return {
    title: titled(`${what} ${did} by ${complaint.about}`, `${tried}: ${complaint.about}`, call.outcome),
    severity: graded(base, call.outcome),
    confidence,
    ...(resource === undefined ? {} : { resource }),
    evidence: [field(call, "awsRegion", call.region), ...evidenceOf(call, about, complaint)],
  };
}

const field = ({ id }: ApiCall, path: string, value: unknown): Evidence => ({
  kind: "field",
  eventID: id,
  path,
  value: excerpt(value),
});

function evidenceOf(call: ApiCall, { wanted, completed, table }: About, complaint: Complaint): readonly Evidence[] {
  const { told } = completed;
  const { limit } = complaint;
  const counts = asksForSome(wanted)
    ? [
        { what: "instances", count: wanted.instances },
        { what: "accelerators", count: wanted.accelerators },
      ]
    : [{ what: "instances", count: wanted.total }];
  const pool = poolIn(launchTags(call)).pool;
  return [
    ...wanted.types.slice(0, mostShown).map((one) => typeSaid(call, one, told)),
    ...(wanted.untyped === undefined ? [] : [field(call, wanted.untyped, "accelerators by requirement")]),
    ...counts.map(
      (one): Evidence => ({
        kind: "count",
        ...one,
        ...(limit?.what === one.what ? { limit: limit.count } : {}),
      }),
    ),
    ...(wanted.types.length === 0 ? [] : [priceFact(wanted, complaint, table)]),
    ...(pool === undefined ? [] : [field(call, "NodePool in the launch's tags", pool)]),
    ...(attempted(call.outcome) && call.errorCode !== undefined ? [field(call, "errorCode", call.errorCode)] : []),
  ];
}

/** A type stands in the call, or in what was known of the template, group or configuration that the call names. */
function typeSaid(call: ApiCall, { type, path }: Asked, told: Completed["told"]): Evidence {
  const known = told.find(({ about }) => about === path);
  return known === undefined
    ? field(call, path, type)
    : { kind: "fact", about: excerpt(path), because: `${excerpt(type)}, ${known.because}` };
}

/** The price, against what is declared, and what it rests on; or that none is known. */
function priceFact({ types, usdPerHour }: Wanted, { limit }: Complaint, table: AcceleratorTable): Evidence {
  if (usdPerHour === undefined)
    return { kind: "fact", about: "USD an hour", because: "not known: a type has no price in the table" };
  const least = types.some(({ type }) => hourlyPriceOf(type, table)?.as === "at-least");
  const declared = limit?.what === "USD an hour" ? ` where at most ${limit.count} is declared` : "";
  const because = `${cents(usdPerHour)}${declared}; ${least ? "at least the EC2 " : ""}${priceSaid(table)}`;
  return { kind: "fact", about: "USD an hour", because };
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
