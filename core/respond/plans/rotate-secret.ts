import { definePlanner } from "../planner.ts";

/** A secret that has got out: only its owner knows what breaks when it changes. */
export const rotateSecret = definePlanner({
  id: "rotate-secret",
  title: "Rotate a secret that has got out",
  target: "the ARN of the role or user that read it",
  only: "the secrets' ARNs",
  families: ["secret-sprawl", "exposure", "ai-abuse", "privilege-drift", "external", "custom"],
  sets: [],
  sideEffects: ["everything that has the old value stops until it reads the new one"],
  notStopped: ["whoever has the old value uses it until it is revoked where it is accepted"],
  undo: "none: an old value is not made good again",
  draft({ action }) {
    const which = (action.only ?? ["<the secret>"]).join(", ");
    return {
      kind: "ticket",
      because: "what is in a secret is accepted somewhere else, and its owner knows where",
      steps: [
        `find the owner of ${which}, and what reads it: its last readers are in the timeline`,
        "make a new value where the old one is accepted, without revoking the old one yet",
        `put the new value in: aws secretsmanager rotate-secret --secret-id <arn>, or put-secret-value where it has no rotation`,
        "restart what holds the old value in memory, and see that it works",
        "revoke the old value where it is accepted, and look there for what it was used for since it got out",
      ],
    };
  },
});
