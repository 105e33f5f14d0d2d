import type { ApiCall } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import type { Watch } from "../../event/watch.ts";
import { parseArn } from "../../iam/arn.ts";
import type { ApiName } from "../../iam/identifiers.ts";

/** What a call did to a capacity. A template is what a later launch is made from: evidence, never the cause. */
export const causeKinds = ["set-capacity", "set-policy", "launched", "ended", "made-template"] as const;

export type CauseKind = (typeof causeKinds)[number];

/** One recorded call that changed a capacity, or wrote down how it changes by itself. */
export interface Cause {
  readonly kind: CauseKind;
  readonly api: ApiName;
  readonly subjects: readonly Subject[];
  /** What a service was asked for when it made this call by itself: the group, fleet or node group, by key. */
  readonly within: readonly string[];
  /** The Karpenter NodePool that the launch was for, by the tags of the launch; the caller chose them. */
  readonly pool?: string;
  /** The launch template's version, or the launch configuration, that says what is started; by key. */
  readonly template?: string;
  readonly eventID: string;
  readonly at: Instant;
}

/** What a call changed, and the field that says so. */
export interface Subject {
  readonly key: string;
  readonly field: string;
  /** answered: an id that AWS made up for this call and nobody else's. named: a name that many calls can speak of. */
  readonly proof: "answered" | "named";
}

/** What a record shows of a cause; what it does not show is empty. */
export type Shown = Pick<Cause, "kind" | "subjects"> & Partial<Pick<Cause, "within" | "pool" | "template">>;

/** Reads one AWS service's calls. */
export interface CauseSource {
  readonly id: string;
  readonly watches: Watch;
  causeIn(call: ApiCall): Shown | undefined;
}

/** Where a name counts: names are only told apart within one account and Region. */
export interface Place {
  readonly account?: string;
  readonly region: string;
}

/** What is found under one key: `<account>/<region>/<service>:<resource>`, the resource as an ARN ends. */
export const subjectKey = ({ account = "", region }: Place, service: string, resource: string): string =>
  `${account}/${region}/${service}:${settled(service, resource)}`;

/** A group of EC2 Auto Scaling. */
export const groupKey = (place: Place, group: string): string => subjectKey(place, "autoscaling", `group/${group}`);

/** A policy or a schedule, which have names of their own within their group. */
export const ruleKey = (place: Place, rule: "policy" | "schedule", group: string, name: string): string =>
  subjectKey(place, "autoscaling", `${rule}/${JSON.stringify([group, name])}`);

/** The same for an ARN, which names account and Region itself; nothing when the text is no such ARN. */
export function arnKey(arn: string): string | undefined {
  const fields = parseArn(arn);
  if (fields === undefined || !fields.account || !fields.region || !fields.resource) return undefined;
  const { account, region, service, resource } = fields;
  return `${account}/${region}/${service}:${settled(service, resource)}`;
}

/**
 * SageMaker writes the names in its ARNs in lower case; an ECS task's id is unique without its cluster, which older ARNs lack;
 * the children of a Batch array job are called after it.
 */
function settled(service: string, resource: string): string {
  switch (service) {
    case "sagemaker":
      return resource.toLowerCase();
    case "ecs":
      return resource.startsWith("task/") ? `task/${resource.slice(resource.lastIndexOf("/") + 1)}` : resource;
    case "batch":
      return resource.replace(/^(job\/[^:]*):\d+$/, "$1");
    default:
      return resource;
  }
}
