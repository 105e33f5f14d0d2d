import { gradeSays } from "../deny-policies.ts";
import { denyStep, gradeReads, isMild, mildGradeOf } from "../deny-steps.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted } from "../planner.ts";
import type { Holder } from "../slot.ts";
import { stillGoing } from "../still-going.ts";
import { markers } from "./markers.ts";

/** Denies everything, or a grade less, to a role: all its sessions, old and new, whatever runs as it. */
export const containRole = definePlanner({
  id: "contain-role",
  title: "Deny everything, or a grade less, to a role",
  target: "a role's ARN",
  sets: [
    {
      slot: "attached-policy",
      to: ["AWSDenyAll", "CordonDenySpend", "CordonDenySecrets", "CordonDenyEscalation"],
      tier: 1,
    },
    { slot: "boundary", to: ["AWSDenyAll"], tier: 1 },
    { slot: "tag", to: ["quarantine:*"], tier: 1 },
  ],
  sideEffects: ["every workload that uses this role stops at its next call to AWS"],
  notStopped: stillGoing,
  undo: "the policy is detached, or the boundary that was there before is put back, and the tags are taken off",
  reads: gradeReads,
  draft(request) {
    const { arn } = request.snapshot.target;
    if (!arn.includes(":role/")) return refused("it is no role");
    const holder: Holder = { kind: "role", arn };
    const deny = denyStep(request, holder);
    const plan = drafted(deny, ...markers(request, holder));
    const grade = mildGradeOf(request.action);
    if (grade === undefined || !isMild(deny)) return plan;
    return {
      ...plan,
      sideEffects: [`workloads that use this role can do no more of this: ${gradeSays[grade].denies}`],
      notStopped: [gradeSays[grade].leaves, ...stillGoing],
    };
  },
});
