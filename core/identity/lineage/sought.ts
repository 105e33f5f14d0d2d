import type { ScalingEvent } from "../../event/event.ts";
import { type Instant, instant } from "../../event/instant.ts";
import { text } from "../../event/json.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { arnKey, type CauseKind, groupKey, ruleKey, subjectKey } from "./cause.ts";
import { type Trigger, triggerOf } from "./cause-text.ts";

/** Which recorded call would explain a change of capacity: the last before `until` under the first key that has one. */
export interface Sought {
  readonly keys: readonly string[];
  readonly kinds: readonly CauseKind[];
  readonly apis?: readonly ApiName[];
  readonly since?: Instant;
  readonly until: Instant;
  /**
   * What leaves it open all the same. rule-in-place: nothing says whether a call or a rule acted. ended-before: something
   * began, so when the last call seen ended it, the call that began it again is not seen.
   */
  readonly doubt?: "rule-in-place" | "ended-before";
}

/** What to look for, or why there is nothing to look for. */
export type Question =
  | { readonly kind: "sought"; readonly sought: Sought }
  | { readonly kind: "silent"; readonly because: string };

/** CloudTrail dates calls in whole seconds, and Auto Scaling says "at" within moments of the call. */
const tolerance = 2_000;
const prompt = 300_000;

export const capacityKinds: readonly CauseKind[] = ["launched", "set-capacity", "ended"];

/** How the call behind a change of capacity is found. */
export function questionOf(event: ScalingEvent): Question {
  if (event.source === "aws.autoscaling") return groupQuestion(event);
  const keys = subjectsOf(event);
  const stopped = event.change === "stopped" && keys[0]?.includes("/ec2:instance/");
  const kinds = stopped ? (["ended"] as const) : capacityKinds;
  return one({
    keys,
    kinds,
    until: event.at,
    ...(event.change === "started" ? { doubt: "ended-before" as const } : {}),
  });
}

const one = (sought: Sought): Question => ({ kind: "sought", sought });

function groupQuestion(event: ScalingEvent): Question {
  const refresh = text(event.detail["InstanceRefreshId"]);
  if (refresh)
    return one({
      keys: [subjectKey(event, "autoscaling", `refresh/${refresh}`)],
      kinds: ["set-capacity"],
      until: event.at,
    });
  const found = soughtBy(triggerOf(event.cause ?? ""), event);
  return typeof found === "string" ? { kind: "silent", because: found } : one(found);
}

/** The call that a trigger speaks of, or why there is none. */
function soughtBy(trigger: Trigger, event: ScalingEvent): Sought | string {
  const { subject: group, instanceId } = event;
  switch (trigger.kind) {
    case "request": {
      const keys = [groupKey(event, group), ...(instanceId ? [instanceKey(event, instanceId)] : [])];
      const [since, until] = [instant(trigger.at - prompt), instant(trigger.at + tolerance)];
      return { keys, kinds: capacityKinds, apis: trigger.apis, since, until };
    }
    case "policy":
    case "schedule": {
      const keys = [ruleKey(event, trigger.kind, group, trigger.name)];
      return { keys, kinds: ["set-policy"], until: instant(trigger.at + tolerance) };
    }
    case "refresh": {
      const keys = [subjectKey(event, "autoscaling", `refreshed/${group}`)];
      return { keys, kinds: ["set-capacity"], until: instant(trigger.at + tolerance) };
    }
    case "replacement":
      return "Auto Scaling replaced an instance by itself";
    case "unclear":
      return "what Auto Scaling gives as its cause can be read in more than one way";
    case "none":
      return {
        keys: [groupKey(event, group)],
        kinds: ["set-capacity", "ended"],
        until: event.at,
        doubt: "rule-in-place",
      };
  }
}

const instanceKey = (event: ScalingEvent, id: string): string => subjectKey(event, "ec2", `instance/${id}`);

/** What an event is about, the most exact first. */
function subjectsOf(event: ScalingEvent): readonly string[] {
  const { source, subject, instanceId, detail } = event;
  switch (source) {
    case "aws.ec2": {
      const reservation = subject.startsWith("cr-")
        ? [subjectKey(event, "ec2", `capacity-reservation/${subject}`)]
        : [];
      const spot = text(detail["spot-instance-request-id"]);
      return [
        ...reservation,
        ...(instanceId ? [instanceKey(event, instanceId)] : []),
        ...(spot ? [subjectKey(event, "ec2", `spot-instances-request/${spot}`)] : []),
      ];
    }
    case "aws.ecs": {
      const service = text(detail["group"]).startsWith("service:") ? text(detail["group"]).slice(8) : "";
      const cluster = text(detail["clusterArn"]).split("/").at(-1) ?? "";
      return [
        ...named(event, subject, "ecs"),
        ...(service
          ? [subjectKey(event, "ecs", `service/${cluster}/${service}`), subjectKey(event, "ecs", `service/${service}`)]
          : []),
        ...(instanceId ? [instanceKey(event, instanceId)] : []),
      ];
    }
    case "aws.sagemaker":
      // A job that a tuning job began has no caller of its own.
      return [
        ...named(event, subject, "sagemaker"),
        ...["TuningJobArn", "AutoMLJobArn"].flatMap((field) => arnKey(text(detail[field])) ?? []),
      ];
    case "aws.batch":
      return named(event, subject, "batch");
    default:
      return named(event, subject, source.slice(source.indexOf(".") + 1));
  }
}

/** A pipeline's run is called after its pipeline and its id; names without a type are left out: they could be anything's. */
function named(event: ScalingEvent, subject: string, service: string): readonly string[] {
  const key = arnKey(subject);
  if (key !== undefined) return [key];
  const type =
    service === "sagemaker" ? typeOf(event.detailType) : service === "batch" ? batchType(event.detailType) : "";
  return type && !subject.startsWith("arn:") ? [subjectKey(event, service, `${type}/${subject}`)] : [];
}

const sagemakerTypes: readonly (readonly [part: string, type: string])[] = [
  ["Training Job", "training-job"],
  ["Processing Job", "processing-job"],
  ["Transform Job", "transform-job"],
  ["HyperParameter Tuning Job", "hyper-parameter-tuning-job"],
  ["Endpoint Config", "endpoint-config"],
  ["Endpoint", "endpoint"],
  ["Notebook Instance", "notebook-instance"],
  ["HyperPod Cluster", "cluster"],
];

const typeOf = (detailType: string): string => sagemakerTypes.find(([part]) => detailType.includes(part))?.[1] ?? "";
const batchType = (detailType: string): string => (detailType.includes("Environment") ? "compute-environment" : "job");
