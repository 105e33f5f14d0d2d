import { definePlanner } from "../planner.ts";

/** A person of IAM Identity Center: the identity provider holds the switch. */
export const removeAssignment = definePlanner({
  id: "remove-assignment",
  title: "Shut a person of IAM Identity Center out",
  target: "the ARN of any role or user of the account that the person works in",
  only: "the person's user id in the identity store",
  families: [
    "identity",
    "privilege-drift",
    "secret-sprawl",
    "tampering",
    "exposure",
    "gpu-scaling",
    "ai-abuse",
    "external",
    "custom",
  ],
  sets: [],
  sideEffects: ["the person cannot work in any account until it is taken back"],
  notStopped: [
    "sessions in the accounts go on until they expire, as long as the permission set says: one to twelve hours",
  ],
  undo: "the assignment is made again and the person enabled at the identity provider",
  draft({ action, snapshot }) {
    const person = action.only?.[0] ?? "<user id>";
    return {
      kind: "ticket",
      because: "it is a person: accounts of IAM Identity Center are not changed in IAM",
      steps: [
        "disable the person at the identity provider, so that no new sign-in is possible",
        `aws sso-admin list-account-assignments-for-principal --principal-type USER --principal-id ${person} --instance-arn <arn>`,
        `aws sso-admin delete-account-assignment for each of them (this account: ${snapshot.target.account}), and wait for SUCCEEDED`,
        `in the organization attach a policy that denies everything where identitystore:UserId is ${person}, for twelve hours`,
        "list what the person's sessions did since the first bad call, and what they left behind: keys, roles, functions",
      ],
    };
  },
});
