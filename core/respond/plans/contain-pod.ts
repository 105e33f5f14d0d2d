import { isObject } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { inlineDeny } from "../inline-deny.ts";
import type { PlanStep } from "../plan.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { heldIn } from "../snapshot.ts";
import { stillGoingInPart } from "../still-going.ts";

/**
 * Takes a role away from the pods of one Kubernetes service account (EKS Pod Identity). AWS tags such sessions with
 * cluster, namespace and service account, and a deny by these tags holds at once; where the tags are switched off, the
 * association is removed, and credentials that were given out live until they expire.
 */
export const containPod = definePlanner({
  id: "contain-pod",
  title: "Take a role away from a Kubernetes service account (Pod Identity)",
  target: "the role's ARN",
  only: "the cluster, the namespace and the service account, as `<cluster ARN>/<namespace>/<name>`",
  classes: ["agent", "model-serving", "training", "vector-store", "orchestration"],
  sets: [
    { slot: "inline-policy", to: ["a Deny for the pods' session tags"], tier: 2 },
    { slot: "pod-identity", to: ["none"], tier: 2 },
  ],
  sideEffects: ["every pod with this service account loses its rights in AWS"],
  notStopped: [
    "the pods go on running, without AWS calls",
    "without session tags: credentials that were given out work until they expire, six hours at most",
    ...stillGoingInPart,
  ],
  undo: "the policy is deleted, or the association made again, which then has another id",
  reads: ({ only }) => {
    const meant = meantBy(only?.[0]);
    return meant === undefined ? [] : [meant.slot];
  },
  draft(request) {
    const meant = meantBy(request.action.only?.[0]);
    if (meant === undefined || request.action.only?.length !== 1)
      return refused("it does not name one service account");
    const association = heldIn(request.snapshot, meant.slot);
    if (!isObject(association)) return refused("the service account has no association that could be read");
    if (
      association["role"] !== request.snapshot.target.arn &&
      association["targetRole"] !== request.snapshot.target.arn
    )
      return refused("the service account's association is with another role");
    const { namespace, serviceAccount } = meant.slot;
    if (association["disableSessionTags"] === true || association["targetRole"] !== undefined)
      return drafted(removal(setting(request, meant.slot, null), `${namespace}/${serviceAccount}`));
    const step = inlineDeny(request, {
      name: "pod",
      actions: "*",
      condition: {
        StringEquals: {
          "aws:PrincipalTag/eks-cluster-arn": meant.cluster,
          "aws:PrincipalTag/kubernetes-namespace": namespace,
          "aws:PrincipalTag/kubernetes-service-account": serviceAccount,
        },
      },
      does: `denies everything to the pods of ${namespace}/${serviceAccount}`,
    });
    return "change" in step ? drafted(step) : step;
  },
});

const removal = (change: PlanStep["change"], who: string): PlanStep => ({
  change,
  tier: 2,
  does: `removes the association of ${who}, since its sessions carry no tags`,
});

function meantBy(text: string | undefined) {
  const parts = (text ?? "").split("/");
  const [namespace, serviceAccount] = parts.slice(-2);
  const cluster = parts.slice(0, -2).join("/");
  if (parseArn(cluster)?.service !== "eks" || !namespace || !serviceAccount) return undefined;
  return { cluster, slot: { kind: "pod-identity", cluster, namespace, serviceAccount } as const satisfies Slot };
}
