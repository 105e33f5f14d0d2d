import { parseArn } from "../../iam/arn.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { heldIn } from "../snapshot.ts";

/**
 * Takes a role's or user's access entry out of an EKS cluster. A login to a cluster is a signed GetCallerIdentity, which
 * no policy can deny: a denied role may still get in while its entry is there.
 */
export const removeClusterAccess = definePlanner({
  id: "remove-cluster-access",
  title: "Take a principal's access entry out of an EKS cluster",
  target: "a role's or user's ARN",
  only: "the cluster's ARN",
  classes: ["agent", "model-serving", "training", "orchestration", "deployment", "pipeline"],
  sets: [{ slot: "cluster-access", to: ["none"], tier: 2 }],
  sideEffects: ["people and CI that use this role or user lose kubectl; nodes with this role leave the cluster"],
  notStopped: [
    "a row for it in the cluster's aws-auth map, which only somebody in the cluster can take out",
    "service account tokens that it has made in the cluster, and workloads that it has started there",
  ],
  undo: "the entry is made again with its groups and policies, as they were read",
  reads: ({ only }, target) => (only === undefined ? [] : [entryOf(only[0], target.arn)]),
  draft(request) {
    const [cluster, ...more] = request.action.only ?? [];
    const { arn, account } = request.snapshot.target;
    const fields = parseArn(cluster ?? "");
    if (cluster === undefined || more.length > 0 || fields?.service !== "eks")
      return refused("it does not name one cluster");
    if (fields.account !== account) return refused("the cluster is in another account");
    const entry = heldIn(request.snapshot, entryOf(cluster, arn));
    if (entry === null)
      return {
        kind: "ticket",
        because: "the cluster has no access entry for it",
        steps: [
          "look into the map aws-auth in the namespace kube-system for a row with the role or user",
          "take the row out, after keeping a copy of the map",
        ],
      };
    const change = setting(request, entryOf(cluster, arn), null);
    return drafted({ change, tier: 2, does: `takes its access entry out of ${fields.resource}` });
  },
});

const entryOf = (cluster: string, principal: string): Slot => ({ kind: "cluster-access", cluster, principal });
