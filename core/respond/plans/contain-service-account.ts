import { refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import { stillGoingInPart } from "../still-going.ts";
import { subjectSteps } from "../subject-deny.ts";
import { trustReads } from "../trust-deny.ts";

/**
 * Shuts one Kubernetes service account out of a role that it gets through the cluster's own issuer (IRSA). Both sides are
 * needed: a projected token is good for a day and is exchanged again as often as one likes.
 */
export const containServiceAccount = definePlanner({
  id: "contain-service-account",
  title: "Shut a Kubernetes service account (IRSA) out of a role",
  target: "the role's ARN",
  only: "the issuer, the namespace and the service account, as `<issuer>/<namespace>/<name>`",
  classes: ["agent", "model-serving", "training", "vector-store", "orchestration"],
  sets: [
    { slot: "trust", to: ["as it was, with a Deny for the subject"], tier: 2 },
    { slot: "inline-policy", to: ["a Deny for the subject's sessions"], tier: 2 },
  ],
  sideEffects: ["every pod with this service account loses this role; restart the pods once it is taken back"],
  notStopped: [
    "the pods go on running, without AWS calls as this role; other roles of theirs are untouched",
    "calls of the Kubernetes API: the service account's rights in the cluster are the cluster's",
    ...stillGoingInPart,
  ],
  undo: "the trust is set back to what it was and the policy deleted, each only if it still says what was written",
  reads: (_action, target) => trustReads(target),
  draft(request) {
    const [meant, ...more] = request.action.only ?? [];
    const parts = (meant ?? "").replace(/^https:\/\//, "").split("/");
    const [namespace, name] = parts.slice(-2);
    const issuer = parts.slice(0, -2).join("/");
    if (more.length > 0 || !issuer || issuer.startsWith("arn:") || !namespace || !name)
      return refused("it does not name one service account and its issuer");
    const steps = subjectSteps(request, {
      issuer,
      subject: `system:serviceaccount:${namespace}:${name}`,
      who: `the service account ${namespace}/${name}`,
    });
    return "kind" in steps ? steps : drafted(...steps);
  },
});
