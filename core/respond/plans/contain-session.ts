import { inlineDeny } from "../inline-deny.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import { stillGoingInPart } from "../still-going.ts";

/**
 * Denies everything to named sessions of a role and leaves the others alone. IAM has no switch for one session: whoever
 * chooses his session's name, which is everybody who may call AssumeRole, comes back under another.
 */
export const containSession = definePlanner({
  id: "contain-session",
  title: "Deny everything to one session of a role",
  target: "a role's ARN",
  only: "the names of the sessions",
  sets: [{ slot: "inline-policy", to: ["a Deny for aws:userid"], tier: 2 }],
  sideEffects: ["later sessions of the same name are denied as well, until it is taken back"],
  notStopped: [
    "whoever may assume the role takes another session under another name: this cuts a job, it does not contain a person",
    ...stillGoingInPart,
  ],
  undo: "the policy that was written is deleted, if it still says what was written",
  draft(request) {
    const { action, snapshot } = request;
    if (action.only === undefined) return refused("it does not say which session");
    const unfit = action.only.find((name) => !/^[\w+=,.@-]{2,64}$/.test(name));
    if (unfit !== undefined) return refused("that is no session's name");
    const step = inlineDeny(request, {
      name: "session",
      actions: "*",
      condition: { StringEquals: { "aws:userid": action.only.map((name) => `${snapshot.target.id}:${name}`) } },
      does: `denies everything to the session ${action.only.join(", ")}`,
    });
    return "change" in step ? drafted(step) : step;
  },
});
