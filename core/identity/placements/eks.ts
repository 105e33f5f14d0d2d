import { fields, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { PlacementSource } from "../placement.ts";

/**
 * Pod Identity associations: `<cluster arn>/<namespace>/<service account>` with its role (EKS API reference,
 * PodIdentityAssociation). The cluster's ARN is not in the answer; its parts are, in the association's ARN.
 */
export const eksPlacements: PlacementSource = {
  id: "eks",
  watches: calls("eks:CreatePodIdentityAssociation", "eks:UpdatePodIdentityAssociation"),
  placementsOf(call) {
    const association = fields(call.response["association"]);
    const cluster = clusterArn(text(association["associationArn"]));
    const [namespace, account] = [text(association["namespace"]), text(association["serviceAccount"])];
    return placed(call, {
      kind: "eks-association",
      resource: cluster && namespace && account && `${cluster}/${namespace}/${account}`,
      role: text(association["roleArn"]),
      group: cluster,
      field: "responseElements.association",
    });
  },
};

/** `arn:P:eks:R:A:podidentityassociation/<cluster>/a-…` begins as the cluster's ARN does and names it. */
function clusterArn(association: string): string {
  const found = /^(arn:[^:]+:eks:[^:]*:\d{12}:)podidentityassociation\/([^/]+)\//.exec(association);
  return found ? `${found[1]}cluster/${found[2]}` : "";
}
