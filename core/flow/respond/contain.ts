import type { Blast } from "../../decide/blast.ts";
import type { Allowance, Budget } from "../../decide/budget.ts";
import type { Action } from "../../decide/decision.ts";
import type { Instant } from "../../event/instant.ts";
import { Fault } from "../../fault.ts";
import type { Approvals } from "../../respond/approval.ts";
import type { ApproverRules } from "../../respond/approved.ts";
import { approvalsFor } from "../../respond/approved.ts";
import type { Journal, RunEnd } from "../../respond/journal.ts";
import { type Plan, type PlanHash, planHash } from "../../respond/plan.ts";
import type { Never, Planner } from "../../respond/planner.ts";
import { type Snapshot, snapshotDigest } from "../../respond/snapshot.ts";
import type { Clock } from "../clock.ts";
import type { Later } from "../later.ts";
import { applyPlan, type PlanProgress } from "./apply-plan.ts";
import type { StepPorts } from "./apply-step.ts";
import { type OpenRun, openRun } from "./open-run.ts";
import { stateFor } from "./state-for.ts";

/** A decision that arrived at its executor. Everything in it came over the trusted queue. */
export interface ContainRequest {
  /** Deterministic: the decision's id. The same decision is one run, however often it is delivered. */
  readonly run: string;
  readonly caseId: string;
  readonly action: Action;
  /** What the record said is acted on, by its immutable id: a principal made anew under the same name is another one. */
  readonly principalId: string;
  readonly account: string;
  readonly eventAt: Instant;
  /** `automatic` only where decide said so; everything else waits for an approval. */
  readonly kind: "automatic" | "approval";
  readonly blast: Blast;
}

export interface ContainPorts extends StepPorts {
  readonly journal: Journal;
  readonly approvals: Approvals;
  readonly approvers: ApproverRules;
  readonly budget: Budget;
  readonly later: Later;
  readonly clock: Clock;
  readonly planners: readonly Planner[];
  /** What nothing touches, not even on approval; the deployment's own list. */
  readonly never?: Never;
  /** Names this process; a lease is one worker's. */
  readonly owner: string;
}

/** How far a run came. `busy` and `waiting` come again; the others are final. */
export type Contained =
  | { readonly kind: "busy" }
  | { readonly kind: "waiting"; readonly plan: Plan; readonly hash: PlanHash; readonly because: string }
  | { readonly kind: "ended"; readonly end: RunEnd; readonly because: string; readonly progress?: PlanProgress };

/** An event older than this never causes an automatic action. */
export const latest = 60 * 60_000;

/**
 * Carries a decision out: claims the principal, writes its state down, plans, waits for an approval where one is due, and
 * sets one slot after another. May be called again at any time, after any crash, by any worker: what is journaled is not
 * done twice.
 */
export async function contain(request: ContainRequest, ports: ContainPorts): Promise<Contained> {
  const run = await openRun({ run: request.run, principal: request.principalId, owner: ports.owner }, ports);
  if (run === undefined) return { kind: "busy" };
  try {
    return await carriedOut(request, run, ports);
  } finally {
    await run.close();
  }
}

async function carriedOut(request: ContainRequest, run: OpenRun, ports: ContainPorts): Promise<Contained> {
  const over = run.entries.find((one) => one.kind === "ended");
  if (over?.kind === "ended") return { kind: "ended", end: over.end, because: over.because };
  const ended = async (end: RunEnd, because: string, progress?: PlanProgress): Promise<Contained> => {
    await run.record({ kind: "ended", end, because });
    return { kind: "ended", end, because, ...(progress === undefined ? {} : { progress }) };
  };
  if (run.entries.length === 0)
    await run.record({
      kind: "received",
      request: { ...request, action: { ...request.action }, blast: { ...request.blast } },
    });
  const prepared = await preparedIn(request, run, ports);
  if (prepared.kind === "refused") return ended("refused", prepared.because);
  const { plan, hash } = prepared;
  if (!run.entries.some((one) => one.kind === "intent")) {
    const permitted = await permission(request, { plan, hash, run, ports, action: request.action });
    if (permitted.kind === "waiting") return { kind: "waiting", plan, hash, because: permitted.because };
    if (permitted.kind === "superseded") return ended("superseded", permitted.because);
  }
  const progress = await applyPlan(plan, run, ports);
  // Before the end is written: a crash in between would leave what was done unwatched.
  if (progress.done.length > 0) await scheduleVerification(request, ports);
  if (progress.again !== undefined)
    throw new Fault("throttled", `${request.run} goes on when it is delivered again: ${progress.again}`);
  return ended(progress.end, progress.because, progress);
}

type Prepared =
  | { readonly kind: "prepared"; readonly plan: Plan; readonly hash: PlanHash }
  | { readonly kind: "refused"; readonly because: string };

/** The journaled plan, or one made from the principal's state now. */
async function preparedIn(request: ContainRequest, run: OpenRun, ports: ContainPorts): Promise<Prepared> {
  const known = run.entries.findLast((one) => one.kind === "planned");
  if (known?.kind === "planned") return { kind: "prepared", plan: known.plan, hash: known.hash };
  const planner = ports.planners.find((one) => one.action === request.action.kind);
  if (planner === undefined) return { kind: "refused", because: `nothing here can ${request.action.kind}` };
  const snapshot = await stateFor(request.action, planner, ports.controlPlane);
  const unfit = unfitFor(request, snapshot);
  if (snapshot === undefined || unfit !== undefined) return { kind: "refused", because: unfit ?? "it does not exist" };
  await run.record({ kind: "snapshot", snapshot, digest: snapshotDigest(snapshot) });
  const { action, caseId, blast } = request;
  const never = ports.never === undefined ? {} : { never: ports.never };
  const planned = planner.plan({ action, caseId, snapshot, blast, ...never });
  if (planned.kind === "ticket")
    return { kind: "refused", because: `${planned.because}; by hand: ${planned.steps.join("; ")}` };
  if (planned.kind === "refused") return planned;
  const hash = planHash(planned.plan);
  await run.record({ kind: "planned", plan: planned.plan, hash });
  return { kind: "prepared", plan: planned.plan, hash };
}

/** Whether the live principal is the one that the records spoke of. */
function unfitFor(request: ContainRequest, snapshot: Snapshot | undefined): string | undefined {
  if (snapshot === undefined) return `${request.action.target} does not exist any more`;
  if (snapshot.target.id !== request.principalId)
    return `${request.action.target} is ${snapshot.target.id} by now; the records speak of ${request.principalId}`;
  return snapshot.target.account === request.account ? undefined : "it is in another account";
}

type Permission = { readonly kind: "granted" } | { readonly kind: "waiting" | "superseded"; readonly because: string };

interface Asked {
  readonly plan: Plan;
  readonly hash: PlanHash;
  readonly run: OpenRun;
  readonly ports: ContainPorts;
  readonly action: Action;
}

/** Nothing is written before this says yes: by the rules for automatic actions, or by approvals that are used up here. */
async function permission(request: ContainRequest, asked: Asked): Promise<Permission> {
  const { run, ports, plan, hash } = asked;
  if (run.entries.some((one) => one.kind === "approved")) return unchanged(asked);
  const late = ports.clock.now() - request.eventAt > latest;
  if (request.kind === "automatic" && plan.tier === 1 && !late) {
    const allowed: Allowance = await ports.budget.take({
      schema: 1,
      run: request.run,
      account: request.account,
      principal: request.principalId,
      at: ports.clock.now(),
    });
    if (allowed.kind !== "refused") return { kind: "granted" };
    return approved(asked, `${allowed.reason.rule}: a person decides`);
  }
  return approved(
    asked,
    late
      ? "the event is more than an hour old"
      : (plan.waits ?? `tier ${plan.tier} waits for an approval (${hash.slice(0, 8)})`),
  );
}

async function approved(asked: Asked, because: string): Promise<Permission> {
  const { run, ports, plan, hash } = asked;
  const now = ports.clock.now();
  const found = approvalsFor(await ports.approvals.of(plan.caseId, hash), { plan, hash, now }, ports.approvers);
  if (found.kind === "missing") return { kind: "waiting", because: `${because}; ${found.because}` };
  if (found.kind === "denied") return { kind: "superseded", because: found.because };
  if (!(await ports.approvals.consume(found.ids, run.run)))
    return { kind: "waiting", because: "the approval was used for something else" };
  for (const approval of found.ids) await run.record({ kind: "approved", approval });
  return unchanged(asked);
}

/** What was approved was a change from one state to another: with another state it must be approved anew. */
async function unchanged({ plan, ports, action }: Asked): Promise<Permission> {
  const planner = ports.planners.find((one) => one.id === plan.planner);
  const live = planner === undefined ? undefined : await stateFor(action, planner, ports.controlPlane);
  if (live !== undefined && snapshotDigest(live) === plan.snapshot) return { kind: "granted" };
  return { kind: "superseded", because: "its state has changed since the plan was made: plan and approve it anew" };
}

/** After so many seconds somebody looks whether it holds. */
export const lookAfter = [5, 15, 60] as const;

async function scheduleVerification(request: ContainRequest, { later, clock }: ContainPorts): Promise<void> {
  for (const seconds of lookAfter) {
    const at = (clock.now() + seconds * 1_000) as Instant;
    await later.schedule(`verify ${request.run} ${seconds}`, at, {
      kind: "verify",
      run: request.run,
      afterSeconds: seconds,
    });
  }
}
