import type { ApiCall } from "../../event/event.ts";
import { at, fields, type JsonObject, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/**
 * Instances, by their ids, with the Auto Scaling group, Kubernetes node group and instance profile that they were started
 * with (EC2 API reference, RunInstances). The profile's role is in IAM's records, not in these.
 */
export const ec2Placements: PlacementSource = {
  id: "ec2",
  watches: calls("ec2:AssociateIamInstanceProfile", "ec2:RunInstances"),
  placementsOf: (call) => (call.api === "ec2:RunInstances" ? startedIn(call) : associatedIn(call)),
};

function startedIn(call: ApiCall): readonly Placement[] {
  const asked = at(call.request, "tagSpecificationSet", "items");
  const askedTags = list(asked).flatMap((one) =>
    text(fields(one)["resourceType"]) === "instance" ? list(fields(one)["tags"]) : [],
  );
  return list(at(call.response, "instancesSet", "items")).flatMap((one, place) => {
    const instance = fields(one);
    const tags = tagsIn([...askedTags, ...list(at(instance, "tagSet", "items"))]);
    return instanceIn(call, instance, { tags, field: `responseElements.instancesSet.items[${place}].instanceId` });
  });
}

interface Beside {
  readonly tags: ReadonlyMap<string, string>;
  readonly field: string;
}

function instanceIn(call: ApiCall, instance: JsonObject, { tags, field }: Beside): readonly Placement[] {
  const run = text(instance["instanceId"]);
  const profile = text(at(instance, "iamInstanceProfile", "arn"));
  // AWS reserves the prefix `aws:`, so that nobody else can have written this tag (EC2 user guide, "Tag restrictions").
  const group = tags.get("aws:autoscaling:groupName") ?? "";
  return [
    ...placed(call, { kind: "ec2-instance", resource: run && instanceArn(call, run), run, group, field }),
    ...placed(call, { kind: "instance-profile", resource: run && profile, run, field }),
    ...placed(call, { kind: "kubernetes-node", resource: run && nodeGroupIn(tags), run, field }),
  ];
}

function associatedIn(call: ApiCall): readonly Placement[] {
  const answer = fields(call.response["AssociateIamInstanceProfileResponse"] ?? call.response);
  const association = fields(answer["iamInstanceProfileAssociation"]);
  return placed(call, {
    kind: "instance-profile",
    resource: text(at(association, "iamInstanceProfile", "arn")),
    run: text(association["instanceId"]),
    field: "responseElements.iamInstanceProfileAssociation.instanceId",
  });
}

const instanceArn = ({ partition, region, account }: ApiCall, id: string): string =>
  `arn:${partition}:ec2:${region}:${account ?? ""}:instance/${id}`;

const tagsIn = (tags: readonly unknown[]): ReadonlyMap<string, string> =>
  new Map(tags.map((one) => [text(fields(one)["key"]), text(fields(one)["value"])]));

/** Tags that EKS and Karpenter put on the nodes they start (EKS user guide; karpenter.sh, "Concepts"). */
function nodeGroupIn(tags: ReadonlyMap<string, string>): string {
  const pool = tags.get("karpenter.sh/nodepool") ?? "";
  if (pool) return `nodepool/${pool}`;
  const nodeGroup = tags.get("eks:nodegroup-name") ?? "";
  if (nodeGroup) return `nodegroup/${nodeGroup}`;
  const cluster = [...tags.keys()].find((key) => key.startsWith("kubernetes.io/cluster/"));
  return cluster === undefined ? "" : `cluster/${cluster.slice("kubernetes.io/cluster/".length)}`;
}
