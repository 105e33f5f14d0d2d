import { hash } from "node:crypto";
import type { Ledger } from "../../record/ledger.ts";
import type { Approval, Approvals } from "../../respond/approval.ts";
import { type ApproverRules, approvalLasts } from "../../respond/approved.ts";
import type { Journal } from "../../respond/journal.ts";
import type { Plan, PlanHash } from "../../respond/plan.ts";
import type { Clock } from "../clock.ts";

/** Somebody's answer to one plan, from a request whose sign-in, origin and nonce the endpoint has checked. */
export interface Answer {
  readonly run: string;
  readonly caseId: string;
  /** The hash that the person was shown. */
  readonly plan: string;
  readonly kind: "approve" | "deny";
  readonly by: Approval["by"];
  readonly reason: string;
  /** When the person last signed in. */
  readonly signedInAt: number;
}

export interface ApprovePorts {
  readonly journal: Journal;
  readonly approvals: Approvals;
  readonly approvers: ApproverRules;
  readonly ledger: Ledger;
  readonly clock: Clock;
}

/** `written`: it counts from now on. Anything else changed nothing. */
export type Answered =
  | { readonly kind: "written" | "known"; readonly id: string }
  | { readonly kind: "refused"; readonly because: string };

/** A sign-in counts so long for a decision. */
export const freshSignIn = 15 * 60_000;

/** The chain that approvals are written to. */
export const approvalChain = "approvals";

/**
 * Writes one person's word about one plan, first to the ledger and then where the executor looks. Refuses whoever may not
 * decide, a plan that is not the one that waits, and a sign-in that is too old; answering twice changes nothing.
 */
export async function approve(answer: Answer, ports: ApprovePorts): Promise<Answered> {
  const now = ports.clock.now();
  const waiting = await planOf(answer.run, ports.journal);
  if (waiting === undefined) return refused("no plan of this run waits for anybody");
  if (waiting.plan.caseId !== answer.caseId) return refused("the plan is of another case");
  if (waiting.hash !== answer.plan) return refused("the plan has changed since it was shown: look at it again");
  if (now - answer.signedInAt > freshSignIn || answer.signedInAt > now)
    return refused("sign in again: a decision needs a sign-in of the last 15 minutes");
  if (answer.reason.trim() === "") return refused("say why");
  if (ports.approvers.isConcerned(answer.by, waiting.plan))
    return refused("the case is about you, or your rule is behind it");
  if (!ports.approvers.mayApprove(answer.by, waiting.plan)) return refused("you are no approver of this workload");
  const approval = approvalOf(answer, waiting.hash, ports);
  await ports.ledger.append(
    approvalChain,
    [
      {
        kind: "approved",
        key: `approved:${approval.id}`,
        caseId: answer.caseId,
        body: { ...approval, by: { ...approval.by } },
      },
    ],
    now,
  );
  return { kind: await ports.approvals.give(approval), id: approval.id };
}

const refused = (because: string): Answered => ({ kind: "refused", because });

/** The plan that waits: journaled, not ended, nothing of it begun. */
async function planOf(
  run: string,
  journal: Journal,
): Promise<{ readonly plan: Plan; readonly hash: PlanHash } | undefined> {
  const entries = (await journal.read(run)).map(({ entry }) => entry);
  if (entries.some(({ kind }) => kind === "ended" || kind === "intent" || kind === "approved")) return undefined;
  const planned = entries.findLast((one) => one.kind === "planned");
  return planned?.kind === "planned" ? planned : undefined;
}

/** One word a person and plan: the id says so. */
function approvalOf(answer: Answer, plan: PlanHash, { clock }: ApprovePorts): Approval {
  const at = clock.now();
  const { issuer, subject } = answer.by;
  return {
    schema: 1,
    id: hash("sha256", JSON.stringify([answer.run, plan, issuer, subject, answer.kind]), "hex").slice(0, 32),
    caseId: answer.caseId,
    plan,
    kind: answer.kind,
    by: { issuer, subject },
    at,
    until: (at + approvalLasts) as Approval["until"],
    reason: answer.reason,
    local: issuer === "local",
  };
}
