import type { ScalingEvent } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { arnKey, groupKey, subjectKey } from "../../identity/lineage/cause.ts";
import type { StartedType } from "../facts/fact.ts";
import type { CapacityWord, Machines } from "./capacity-word.ts";

/** What is known of the machines that a group or request starts. */
export type MachinesOf = (thing: string) => readonly StartedType[];

/** What an event without a caller says of what runs. */
export function wordsInEvent(event: ScalingEvent, machinesOf: MachinesOf): readonly CapacityWord[] {
  const said = saidBy(event, machinesOf);
  return said === undefined ? [] : [{ ...said, at: event.at, id: event.id }];
}

type Said = Omit<CapacityWord, "at" | "id">;

function saidBy(event: ScalingEvent, machinesOf: MachinesOf): Said | undefined {
  switch (event.source) {
    case "aws.ec2":
      return ofInstance(event, machinesOf);
    case "aws.autoscaling":
      return ofGroup(event, machinesOf);
    case "aws.ec2fleet":
    case "aws.ec2spotfleet":
      return ofFleet(event);
    case "aws.sagemaker":
      return ofSageMaker(event);
    default:
      // Tasks and jobs of ECS and Batch run on instances, which speak for themselves.
      return undefined;
  }
}

const instanceKey = (event: ScalingEvent, id: string): string => subjectKey(event, "ec2", `instance/${id}`);

function ofInstance(event: ScalingEvent, machinesOf: MachinesOf): Said | undefined {
  const { instanceId, detailType, detail } = event;
  if (instanceId === undefined) return undefined;
  const key = instanceKey(event, instanceId);
  if (detailType === "EC2 Spot Instance Request Fulfillment") {
    const request = text(detail["spot-instance-request-id"]);
    const types = machinesOf(subjectKey(event, "ec2", `spot-instances-request/${request}`));
    return { key, says: "on", ...oneOf(types) };
  }
  if (detailType !== "EC2 Instance State-change Notification") return undefined;
  switch (text(detail["state"])) {
    case "running":
      return { key, says: "on" };
    case "stopped":
      return { key, says: "off" };
    case "terminated":
      return { key, says: "gone" };
    default:
      return undefined;
  }
}

function ofGroup(event: ScalingEvent, machinesOf: MachinesOf): Said | undefined {
  const { instanceId, change, detailType } = event;
  if (instanceId === undefined || !detailType.endsWith(" Successful")) return undefined;
  const key = instanceKey(event, instanceId);
  return change === "started"
    ? { key, says: "on", ...oneOf(machinesOf(groupKey(event, event.subject))) }
    : { key, says: "gone" };
}

/** One instance: where a group may start one of several types, which one it was is not told here. */
function oneOf(types: readonly StartedType[]): { readonly machines?: readonly Machines[] } {
  const [first, ...others] = [...new Set(types.map(({ type }) => type))];
  return first === undefined || others.length > 0 ? {} : { machines: [{ type: first, count: 1 }] };
}

function ofFleet(event: ScalingEvent): Said | undefined {
  const { instanceId, instanceType, change, detailType } = event;
  if (instanceId === undefined || !detailType.endsWith("Fleet Instance Change")) return undefined;
  const key = instanceKey(event, instanceId);
  if (change === "stopped") return { key, says: "gone" };
  if (change !== "started") return undefined;
  return { key, says: "on", ...(instanceType === undefined ? {} : { machines: [{ type: instanceType, count: 1 }] }) };
}

function ofSageMaker(event: ScalingEvent): Said | undefined {
  const { subject, change, detail, instanceType, instanceCount = 1, detailType } = event;
  const key = arnKey(subject);
  const job = detailType.endsWith("Job State Change");
  // A tuning job counts the jobs that it runs at a time; configurations, models and pipelines run nothing.
  if (
    key === undefined ||
    text(detail["TuningJobArn"]) !== "" ||
    !(job || runs.some((one) => detailType.includes(one)))
  )
    return undefined;
  const machines = instanceType === undefined ? {} : { machines: [{ type: instanceType, count: instanceCount }] };
  switch (change) {
    case "started":
      return { key, says: "on", ...(detailType.includes("Tuning") ? {} : machines) };
    case "stopped":
      return { key, says: job ? "gone" : "off" };
    case "failed":
      // An endpoint that fails to change goes on as it was.
      return job ? { key, says: "gone" } : undefined;
    case "changed":
    case "reserved":
    case "warned":
      return undefined;
  }
}

const runs = ["Endpoint State Change", "Notebook Instance State Change", "HyperPod Cluster State Change"];
