import type { ApiCall, EventId } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import { at, fields, type Json, list, text } from "../../event/json.ts";
import { subjectKey } from "../../identity/lineage/cause.ts";
import { causeOf } from "../../identity/lineage/cause-catalog.ts";
import { objectsIn, textsUnder } from "../../identity/lineage/cause-fields.ts";
import type { Facts } from "../facts/fact.ts";
import { capacityRequestOf } from "./accelerator-request.ts";
import { completedRequest, startedFromFacts } from "./started-from.ts";

/** Machines of one type. */
export interface Machines {
  readonly type: string;
  readonly count: number;
}

/**
 * What one record says of one thing that runs: an instance, job, endpoint, notebook, app or cluster, by its cause key. on: it
 * runs from then on. off: it stands still and may run again. gone: it never runs again. sized: it runs, or not, as before.
 */
export interface CapacityWord {
  readonly key: string;
  readonly at: Instant;
  readonly id: EventId;
  readonly says: "on" | "off" | "gone" | "sized";
  /** What it runs on, where the record tells. */
  readonly machines?: readonly Machines[];
  /** It cannot run for longer, in milliseconds. */
  readonly longest?: number;
}

/** What a call that was carried out says of what runs. `facts` answer what it starts machines from. */
export function wordsInCall(call: ApiCall, facts: Facts): readonly CapacityWord[] {
  if (call.outcome !== "done") return [];
  return ownWords(call, facts).map((word) => ({ ...word, at: call.at, id: call.id }));
}

type Said = Omit<CapacityWord, "at" | "id">;

function ownWords(call: ApiCall, facts: Facts): readonly Said[] {
  switch (call.api) {
    case "ec2:RunInstances":
      return launched(call);
    case "ec2:CreateFleet":
      return launchedByFleet(call);
    case "ec2:StartInstances":
      return instancesIn(call).map((key) => ({ key, says: "on" }));
    case "ec2:StopInstances":
      return instancesIn(call).map((key) => ({ key, says: "off" }));
    case "ec2:TerminateInstances":
      return instancesIn(call).map((key) => ({ key, says: "gone" }));
    case "autoscaling:TerminateInstanceInAutoScalingGroup": {
      const id = text(call.request["instanceId"]);
      return id === "" ? [] : [{ key: instanceKey(call, id), says: "gone" }];
    }
    case "sagemaker:CreateApp":
    case "sagemaker:DeleteApp":
      return appIn(call);
    default:
      return call.api.startsWith("sagemaker:") ? sageMakerWords(call, facts) : [];
  }
}

const instanceKey = (call: ApiCall, id: string): string => subjectKey(call, "ec2", `instance/${id}`);

const itemsOf = (value: Json | undefined): readonly Json[] => list(at(value, "instancesSet", "items"));

function launched(call: ApiCall): readonly Said[] {
  const asked = text(call.request["instanceType"]);
  return itemsOf(call.response).flatMap((item): readonly Said[] => {
    const id = text(fields(item)["instanceId"]);
    const type = text(fields(item)["instanceType"]) || asked;
    if (id === "") return [];
    return [{ key: instanceKey(call, id), says: "on", ...(type === "" ? {} : { machines: [{ type, count: 1 }] }) }];
  });
}

/** An instant fleet answers with what it started, a type at a time. */
const launchedByFleet = (call: ApiCall): readonly Said[] =>
  objectsIn(call.response).flatMap((one): readonly Said[] => {
    const type = text(one["instanceType"] ?? one["InstanceType"]);
    if (type === "") return [];
    const ids = textsUnder(one, "instanceids");
    return ids.map((id) => ({ key: instanceKey(call, id), says: "on", machines: [{ type, count: 1 }] }));
  });

function instancesIn(call: ApiCall): readonly string[] {
  const answered = itemsOf(call.response);
  const items = answered.length > 0 ? answered : itemsOf(call.request);
  return items
    .map((item) => text(fields(item)["instanceId"]))
    .flatMap((id) => (id === "" ? [] : [instanceKey(call, id)]));
}

/** An app of Studio has no id but its place: domain, profile or space, type and name. */
function appIn(call: ApiCall): readonly Said[] {
  const place = ["domainId", "userProfileName", "spaceName", "appType", "appName"].map((one) =>
    text(call.request[one]),
  );
  const key = subjectKey(call, "sagemaker", `app/${JSON.stringify(place)}`);
  if (call.api === "sagemaker:DeleteApp") return [{ key, says: "off" }];
  const type = text(at(call.request, "resourceSpec", "instanceType"));
  return [{ key, says: "on", ...(type === "" ? {} : { machines: [{ type, count: 1 }] }) }];
}

/** How the name of a call begins, and what it says; a job's name is not used again, an endpoint's is. */
const verbs: readonly (readonly [verb: string, says: CapacityWord["says"]])[] = [
  ["Create", "on"],
  ["StartNotebookInstance", "on"],
  ["UpdateEndpoint", "on"],
  ["Update", "sized"],
  ["Stop", "off"],
  ["Delete", "off"],
];

function sageMakerWords(call: ApiCall, facts: Facts): readonly Said[] {
  const name = call.api.slice("sagemaker:".length);
  const said = verbs.find(([verb]) => name.startsWith(verb))?.[1];
  const key = causeOf(call)?.subjects[0]?.key;
  // A configuration runs nothing; a pipeline's jobs speak for themselves.
  if (said === undefined || key === undefined || name === "CreateEndpointConfig" || key.includes("/sagemaker:pipeline"))
    return [];
  const says = said === "off" && name.endsWith("Job") ? "gone" : said;
  if (says === "off" || says === "gone") return [{ key, says }];
  const machines = machinesOf(call, facts);
  const seconds = at(call.request, "stoppingCondition", "maxRuntimeInSeconds");
  return [
    {
      key,
      says,
      ...(machines.length === 0 ? {} : { machines }),
      ...(typeof seconds === "number" && seconds > 0 ? { longest: seconds * 1_000 } : {}),
    },
  ];
}

function machinesOf(call: ApiCall, facts: Facts): readonly Machines[] {
  const request =
    (startedFromFacts(call).length > 0 ? completedRequest(call, facts)?.request : undefined) ?? capacityRequestOf(call);
  const total = request?.total?.count ?? 1;
  const asked = request?.asked ?? [];
  const parallel = at(call.request, "hyperParameterTuningJobConfig", "resourceLimits", "maxParallelTrainingJobs");
  const times = typeof parallel === "number" && parallel > 0 ? parallel : 1;
  const [first] = asked;
  if (first === undefined) return [];
  return asked.every(({ count }) => count !== undefined)
    ? asked.map(({ type, count = 1 }) => ({ type, count: count * times }))
    : [{ type: first.type, count: total * times }];
}
