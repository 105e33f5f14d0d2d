import type { Instant } from "../event/instant.ts";
import type { Approval } from "./approval.ts";
import type { Plan, PlanHash } from "./plan.ts";

/** Who may approve what. */
export interface ApproverRules {
  /** True for a person of the registry who may approve for this target. */
  mayApprove(by: Approval["by"], plan: Plan): boolean;
  /** Persons who are the subject, or who wrote the rule that fired: they never may. */
  isConcerned(by: Approval["by"], plan: Plan): boolean;
  /** One, or two where it is critical. */
  needed(plan: Plan): 1 | 2;
  /** False for an AWS account: what a store on one machine says does not count there. */
  readonly acceptsLocal: boolean;
}

/** The approvals that count for a plan now; a single deny closes it. */
export type Found =
  | { readonly kind: "enough"; readonly ids: readonly string[] }
  | { readonly kind: "missing"; readonly because: string }
  | { readonly kind: "denied"; readonly because: string };

/** An approval holds so long from when it was given, in milliseconds. */
export const approvalLasts = 30 * 60_000;

export interface ApprovedQuestion {
  readonly plan: Plan;
  readonly hash: PlanHash;
  readonly now: Instant;
}

/** Counts distinct people who may approve exactly this plan and did so in time. */
export function approvalsFor(
  given: readonly Approval[],
  { plan, hash, now }: ApprovedQuestion,
  rules: ApproverRules,
): Found {
  const own = given.filter(
    (one) => one.plan === hash && one.caseId === plan.caseId && (!one.local || rules.acceptsLocal),
  );
  const able = own.filter((one) => rules.mayApprove(one.by, plan) && !rules.isConcerned(one.by, plan));
  const deny = able.find((one) => one.kind === "deny");
  if (deny !== undefined) return { kind: "denied", because: `denied by ${deny.by.subject}` };
  const inTime = able.filter((one) => one.at <= now && now < Math.min(one.until, one.at + approvalLasts));
  const people = new Map(inTime.map((one) => [JSON.stringify([one.by.issuer, one.by.subject]), one.id]));
  const needed = rules.needed(plan);
  if (people.size < needed) return { kind: "missing", because: `${people.size} of ${needed} approvals` };
  return { kind: "enough", ids: [...people.values()].slice(0, needed) };
}
