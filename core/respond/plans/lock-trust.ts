import { refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import { trustDeny, trustReads } from "../trust-deny.ts";

/** Lets nobody into a role any more, without touching the sessions that there are. */
export const lockTrust = definePlanner({
  id: "lock-trust",
  title: "Let nobody assume a role any more",
  target: "a role's ARN",
  families: ["privilege-drift", "identity", "exposure", "ai-abuse", "tampering", "secret-sprawl", "external", "custom"],
  sets: [{ slot: "trust", to: ["as it was, with a Deny for everybody"], tier: 2 }],
  sideEffects: ["every workload that uses this role stops when its session ends and it asks for the next"],
  notStopped: [
    "sessions that there are go on with all their rights until they expire: contain the role as well",
    "what was copied is copied",
  ],
  undo: "the trust is set back to what it was; IAM refuses that if a principal in it has been deleted meanwhile, then a person writes it anew",
  reads: (_action, target) => trustReads(target),
  draft(request) {
    if (!request.snapshot.target.arn.includes(":role/")) return refused("it is no role");
    const step = trustDeny(request, {
      actions: [
        "sts:AssumeRole",
        "sts:AssumeRoleWithSAML",
        "sts:AssumeRoleWithWebIdentity",
        "sts:SetSourceIdentity",
        "sts:TagSession",
      ],
      principal: "*",
      standsAlone: true,
      does: "lets nobody assume the role",
    });
    return "change" in step ? drafted(step) : step;
  },
});
