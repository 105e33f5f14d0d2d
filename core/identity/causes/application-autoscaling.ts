import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { type CauseSource, type Shown, subjectKey } from "../lineage/cause.ts";

/**
 * Application Auto Scaling sets rules for what other services run. Its event source is `autoscaling.amazonaws.com` with a
 * `serviceNamespace` in the request (Application Auto Scaling user guide, "Log API calls"); a source of its own counts too.
 */
export const applicationAutoscalingCauses: CauseSource = {
  id: "application-autoscaling",
  watches: calls(
    "application-autoscaling:PutScalingPolicy",
    "application-autoscaling:PutScheduledAction",
    "application-autoscaling:RegisterScalableTarget",
    "autoscaling:PutScalingPolicy",
    "autoscaling:PutScheduledAction",
    "autoscaling:RegisterScalableTarget",
  ),
  causeIn(call): Shown | undefined {
    const key = targetOf(call);
    if (key === undefined) return undefined;
    return {
      // Bounds that the capacity lies outside of change it at once; a policy waits for its alarm.
      kind: call.api.endsWith(":RegisterScalableTarget") ? "set-capacity" : "set-policy",
      subjects: [{ key, field: "requestParameters.resourceId", proof: "named" }],
    };
  },
};

/** `service/<cluster>/<service>`, `endpoint/<endpoint>/variant/<variant>`, `spot-fleet-request/<id>`; other things are no machines. */
function targetOf(call: ApiCall): string | undefined {
  const [type = "", first = "", second = ""] = text(call.request["resourceId"]).split("/");
  switch (text(call.request["serviceNamespace"])) {
    case "ecs":
      return type === "service" && second ? subjectKey(call, "ecs", `service/${first}/${second}`) : undefined;
    case "sagemaker":
      return type === "endpoint" && first ? subjectKey(call, "sagemaker", `endpoint/${first}`) : undefined;
    case "ec2":
      return type === "spot-fleet-request" && first ? subjectKey(call, "ec2", `${type}/${first}`) : undefined;
    default:
      return undefined;
  }
}
