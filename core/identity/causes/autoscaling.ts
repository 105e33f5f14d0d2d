import type { ApiCall } from "../../event/event.ts";
import { fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { type CauseSource, groupKey, ruleKey, type Shown, subjectKey } from "../lineage/cause.ts";
import { subject, templateIn } from "../lineage/cause-fields.ts";

/**
 * Groups of EC2 Auto Scaling, by name, with their policies and schedules (Auto Scaling API reference). Application Auto
 * Scaling is recorded under the same event source: its calls name no group, and are read elsewhere.
 */
export const autoscalingCauses: CauseSource = {
  id: "autoscaling",
  watches: calls(
    "autoscaling:CreateAutoScalingGroup",
    "autoscaling:CreateLaunchConfiguration",
    "autoscaling:DeleteAutoScalingGroup",
    "autoscaling:DetachInstances",
    "autoscaling:ExecutePolicy",
    "autoscaling:PutScalingPolicy",
    "autoscaling:PutScheduledUpdateGroupAction",
    "autoscaling:SetDesiredCapacity",
    "autoscaling:StartInstanceRefresh",
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    "autoscaling:UpdateAutoScalingGroup",
  ),
  causeIn(call) {
    const group = text(call.request["autoScalingGroupName"]);
    switch (call.api) {
      case "autoscaling:CreateAutoScalingGroup":
        return { ...groupSet(call, group), ...templateOf(call), within: nodeGroupOf(call) };
      case "autoscaling:UpdateAutoScalingGroup":
        return resizes(call) ? { ...groupSet(call, group), ...templateOf(call) } : undefined;
      case "autoscaling:SetDesiredCapacity":
        return groupSet(call, group);
      case "autoscaling:DeleteAutoScalingGroup":
        return { ...groupSet(call, group), kind: "ended" };
      case "autoscaling:ExecutePolicy":
        return groupSet(call, group || groupInArn(text(call.request["policyName"])));
      case "autoscaling:PutScalingPolicy":
        return ruleSet(call, group, ["policy", text(call.request["policyName"]), "policyName"]);
      case "autoscaling:PutScheduledUpdateGroupAction":
        return ruleSet(call, group, ["schedule", text(call.request["scheduledActionName"]), "scheduledActionName"]);
      case "autoscaling:StartInstanceRefresh":
        return refreshed(call, group);
      case "autoscaling:CreateLaunchConfiguration":
        return configured(call);
      default:
        return takenOut(call, group);
    }
  },
};

const named = "requestParameters.autoScalingGroupName";

const groupSet = (call: ApiCall, group: string): Shown => ({
  kind: "set-capacity",
  subjects: subject(call, "autoscaling", ["group", group], { field: named }),
});

const sizes = ["desiredCapacity", "maxSize", "minSize"];
const resizes = ({ request }: ApiCall): boolean => sizes.some((size) => request[size] !== undefined);

/** A group that EKS made for a node group carries its name in tags of EKS's own (EKS user guide, "Tagging resources"). */
function nodeGroupOf(call: ApiCall): readonly string[] {
  const tags = new Map(list(call.request["tags"]).map((one) => [text(fields(one)["key"]), text(fields(one)["value"])]));
  const [cluster = "", nodeGroup = ""] = [tags.get("eks:cluster-name"), tags.get("eks:nodegroup-name")];
  return cluster && nodeGroup ? [subjectKey(call, "eks", `nodegroup/${cluster}/${nodeGroup}`)] : [];
}

function templateOf(call: ApiCall): Pick<Shown, "template"> {
  const configuration = text(call.request["launchConfigurationName"]);
  return configuration
    ? { template: subjectKey(call, "autoscaling", `launch-configuration/${configuration}`) }
    : templateIn(call);
}

function ruleSet(
  call: ApiCall,
  group: string,
  [rule, name, field]: readonly [rule: "policy" | "schedule", name: string, field: string],
): Shown | undefined {
  if (!group || !name) return undefined;
  return {
    kind: "set-policy",
    subjects: [
      { key: ruleKey(call, rule, group, name), field: `requestParameters.${field}`, proof: "named" },
      { key: groupKey(call, group), field: named, proof: "named" },
    ],
  };
}

const refreshed = (call: ApiCall, group: string): Shown => ({
  kind: "set-capacity",
  subjects: [
    ...subject(call, "autoscaling", ["refresh", text(call.response["instanceRefreshId"])], {
      field: "responseElements.instanceRefreshId",
      proof: "answered",
    }),
    ...subject(call, "autoscaling", ["refreshed", group], { field: named }),
  ],
});

const configured = (call: ApiCall): Shown => ({
  kind: "made-template",
  subjects: subject(call, "autoscaling", ["launch-configuration", text(call.request["launchConfigurationName"])], {
    field: "requestParameters.launchConfigurationName",
  }),
});

/** `TerminateInstanceInAutoScalingGroup` and `DetachInstances` name instances, the former no group. */
function takenOut(call: ApiCall, group: string): Shown {
  const instances = [text(call.request["instanceId"]), ...list(call.request["instanceIds"]).map(text)];
  return {
    kind: "ended",
    subjects: [
      ...instances.flatMap((id) => subject(call, "ec2", ["instance", id], { field: "requestParameters.instanceId" })),
      ...(group ? subject(call, "autoscaling", ["group", group], { field: named }) : []),
    ],
  };
}

/** `arn:P:autoscaling:R:A:scalingPolicy:<uuid>:autoScalingGroupName/<group>:policyName/<policy>`. */
function groupInArn(policy: string): string {
  const [, rest = ""] = policy.startsWith("arn:") ? policy.split(":autoScalingGroupName/") : [];
  return rest.split(":policyName/")[0] ?? "";
}
