import { refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import { stillGoingInPart } from "../still-going.ts";
import { subjectSteps } from "../subject-deny.ts";
import { trustReads } from "../trust-deny.ts";

/** Shuts one subject of a CI system out of a deployment role: one repository, branch or environment, never the whole provider. */
export const containCiSubject = definePlanner({
  id: "contain-ci-subject",
  title: "Shut a CI subject (OIDC) out of a role",
  target: "the role's ARN",
  only: "the issuer and the subject, as `<issuer>/<sub>`, the issuer without its scheme and without a path",
  classes: ["deployment", "pipeline", "orchestration", "training"],
  sets: [
    { slot: "trust", to: ["as it was, with a Deny for the subject"], tier: 2 },
    { slot: "inline-policy", to: ["a Deny for the subject's sessions"], tier: 2 },
  ],
  sideEffects: ["deployments of this repository, branch or environment stop, also those that would mend something"],
  notStopped: [
    "a run of the CI system goes on, without AWS calls as this role; other subjects of the same repository may still get in",
    "what was deployed stays deployed",
    ...stillGoingInPart,
  ],
  undo: "the trust is set back to what it was and the policy deleted, each only if it still says what was written",
  reads: (_action, target) => trustReads(target),
  draft(request) {
    const [meant, ...more] = request.action.only ?? [];
    const plain = (meant ?? "").replace(/^https:\/\//, "");
    const cut = plain.indexOf("/");
    const [issuer, subject] = [plain.slice(0, Math.max(cut, 0)), plain.slice(cut + 1)];
    if (more.length > 0 || cut < 1 || subject === "" || /[*?]/.test(subject))
      return refused("it does not name one subject and its issuer");
    const steps = subjectSteps(request, { issuer, subject, who: `the subject ${subject}` });
    return "kind" in steps ? steps : drafted(...steps);
  },
});
