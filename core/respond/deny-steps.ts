import { parseArn } from "../iam/arn.ts";
import { denyAllArn, gradeDigest, gradePolicyArn, gradeSays, type MildGrade } from "./deny-policies.ts";
import type { PlanStep, Tier } from "./plan.ts";
import type { PlanRequest } from "./planned.ts";
import { setting } from "./planner.ts";
import { type Holder, type Slot, sameValue } from "./slot.ts";
import { heldIn } from "./snapshot.ts";

/** The grade of an action below everything, if it has one. */
export const mildGradeOf = ({ grade }: PlanRequest["action"]): MildGrade | undefined =>
  grade === undefined || grade === "deny-all" ? undefined : grade;

/** The documents that must be read before a graded deny can be planned. */
export function gradeReads(action: PlanRequest["action"], target: PlanRequest["snapshot"]["target"]): readonly Slot[] {
  const grade = mildGradeOf(action);
  return grade === undefined ? [] : [documentOf(gradePolicy(grade, target))];
}

/**
 * The step that denies: the graded policy where it is the stack's own, word for word, at planning and again at the call;
 * otherwise AWS's deny-all, which is more than was decided and therefore for a person.
 */
export function denyStep(request: PlanRequest, holder: Holder): PlanStep {
  const grade = mildGradeOf(request.action);
  if (grade === undefined)
    return denyAll(request, holder, { tier: 1, does: `denies everything to the ${holder.kind}` });
  const policy = gradePolicy(grade, request.snapshot.target);
  const wanted = gradeDigest(grade);
  const live = heldIn(request.snapshot, documentOf(policy)) ?? null;
  const instead = (because: string): PlanStep =>
    denyAll(request, holder, { tier: 2, does: `denies everything to the ${holder.kind}, since ${because}` });
  if (live === null) return instead(`the policy for ${grade} is not there or could not be read`);
  if (!sameValue(live, wanted)) return instead(`somebody has edited the policy for ${grade}`);
  if (isFull(request, holder)) return instead(`no attachment is free for ${grade}`);
  return {
    change: setting(request, { kind: "attached-policy", holder, policy }, "attached"),
    tier: 1,
    requires: { slot: documentOf(policy), value: wanted, says: `the default version of ${policy} is the stack's own` },
    does: `denies to the ${holder.kind} ${gradeSays[grade].denies}`,
  };
}

/** True when a plan's deny leaves the rest of the principal's work alone. */
export const isMild = ({ change: { slot } }: PlanStep): boolean =>
  slot.kind === "attached-policy" && !slot.policy.endsWith("/AWSDenyAll");

const documentOf = (policy: string): Slot => ({ kind: "policy-document", policy });

const gradePolicy = (grade: MildGrade, { arn, account }: PlanRequest["snapshot"]["target"]): string =>
  gradePolicyArn(grade, { partition: partitionOf(arn), account });

const partitionOf = (arn: string): string => parseArn(arn)?.partition ?? "aws";

/** A boundary that denies everything serves where no attachment is free: it is another slot. */
function denyAll(
  request: PlanRequest,
  holder: Holder,
  { tier, does }: { readonly tier: Tier; readonly does: string },
): PlanStep {
  const policy = denyAllArn(partitionOf(holder.arn));
  const attach = setting(request, { kind: "attached-policy", holder, policy }, "attached");
  const bound = setting(request, { kind: "boundary", holder }, policy);
  return isFull(request, holder)
    ? { change: bound, tier, does: `${does}, by its boundary, since no attachment is free` }
    : { change: attach, instead: bound, tier, does };
}

/** Ten policies unless the account has a higher quota (IAM User Guide, "IAM and AWS STS quotas"). */
function isFull({ snapshot }: PlanRequest, holder: Holder): boolean {
  const attached = snapshot.held.filter(
    ({ slot, value }) => slot.kind === "attached-policy" && slot.holder.arn === holder.arn && !sameValue(value, null),
  );
  const quota = holder.kind === "role" ? "AttachedPoliciesPerRoleQuota" : "AttachedPoliciesPerUserQuota";
  return attached.length >= (snapshot.quotas[quota] ?? 10);
}
