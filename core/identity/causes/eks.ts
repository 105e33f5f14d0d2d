import { at, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { CauseSource, Shown } from "../lineage/cause.ts";
import { subject } from "../lineage/cause-fields.ts";

/** Managed node groups, by cluster and name; EKS keeps their capacity in Auto Scaling groups of its own (EKS API reference). */
export const eksCauses: CauseSource = {
  id: "eks",
  watches: calls(
    "eks:CreateNodegroup",
    "eks:DeleteNodegroup",
    "eks:UpdateNodegroupConfig",
    "eks:UpdateNodegroupVersion",
  ),
  causeIn(call): Shown {
    // The cluster is a part of the request's path, and is recorded as `name`.
    const cluster =
      text(at(call.response, "nodegroup", "clusterName")) || text(call.request["name"] ?? call.request["clusterName"]);
    const nodeGroup = text(at(call.response, "nodegroup", "nodegroupName")) || text(call.request["nodegroupName"]);
    return {
      kind: call.api === "eks:DeleteNodegroup" ? "ended" : "set-capacity",
      subjects: subject(call, "eks", ["nodegroup", cluster && nodeGroup && `${cluster}/${nodeGroup}`], {
        field: "requestParameters.nodegroupName",
      }),
    };
  },
};
