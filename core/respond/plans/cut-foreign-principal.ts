import { definePlanner } from "../planner.ts";

/** A principal of another account: nothing can be done to it, only to what lets it in here. */
export const cutForeignPrincipal = definePlanner({
  id: "cut-foreign-principal",
  title: "Shut a principal of another account out",
  target: "the ARN of the role here that it assumes",
  only: "the foreign principal's ARN",
  families: ["identity", "exposure", "privilege-drift", "secret-sprawl", "tampering", "ai-abuse", "external", "custom"],
  sets: [],
  sideEffects: ["a partner's or vendor's work here stops"],
  notStopped: ["sessions that it has here go on until they expire, and what it does in its own account goes on"],
  undo: "the statement is taken out of the trust again",
  draft({ action, snapshot }) {
    const who = action.only?.[0] ?? "<its ARN>";
    return {
      kind: "ticket",
      because: "its account is not ours to judge, and whole accounts are not cut off by a machine",
      steps: [
        `append to the trust of ${snapshot.target.arn} a Deny of sts:AssumeRole for aws:PrincipalArn ${who}, the rest as it is`,
        "do the same for every other role here that it has assumed: cordon timeline lists them",
        "look for resource policies here that name it: buckets, keys, secrets, functions, queues",
        "if its live sessions cannot wait: contain the role (contain-role), which cuts all its holders",
        "tell the other account's security contact what was seen, with times and event ids, and ask which credential it was",
      ],
    };
  },
});
