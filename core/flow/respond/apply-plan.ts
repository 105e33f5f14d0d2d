import type { RunEnd } from "../../respond/journal.ts";
import type { Plan, PlanStep } from "../../respond/plan.ts";
import { applyStep, type StepPorts, type StepResult } from "./apply-step.ts";
import type { OpenRun } from "./open-run.ts";

/** What of a plan was done, in its order, and what was not and why. */
export interface PlanProgress {
  readonly end: RunEnd;
  readonly because: string;
  readonly done: readonly string[];
  readonly notDone: readonly { readonly does: string; readonly because: string }[];
  /** Why the run must be delivered again before it can end: the account was too busy for a step. */
  readonly again?: string;
}

/** Sets one slot after another. A step that cannot be done does not hold up the next; the kill switch holds up all of them. */
export async function applyPlan(plan: Plan, run: OpenRun, ports: StepPorts): Promise<PlanProgress> {
  const done: string[] = [];
  const notDone: { does: string; because: string; optional: boolean }[] = [];
  let halted: string | undefined;
  let again: string | undefined;
  let real = 0;
  for (const [place, step] of plan.steps.entries()) {
    if (halted !== undefined) {
      notDone.push({ does: step.does, because: halted, optional: step.optional === true });
      continue;
    }
    // A marker on what was not contained would say what is not so.
    if (step.optional && real === 0 && notDone.length > 0) {
      notDone.push({ does: step.does, because: "nothing that it goes with was done", optional: true });
      continue;
    }
    const result = await withFallback(step, place, { plan, run, ports });
    if (isDone(result)) {
      done.push(step.does);
      if (step.optional !== true) real++;
    } else notDone.push({ does: step.does, because: result.because, optional: step.optional === true });
    if (result.again) again = result.because;
    else if (result.outcome === "halted") halted = result.because;
  }
  const missed = notDone.filter((one) => !one.optional);
  return {
    ...endOf(real, missed.length, halted),
    ...(again === undefined ? {} : { again }),
    done,
    notDone: notDone.map(({ does, because }) => ({ does, because })),
  };
}

interface Around {
  readonly plan: Plan;
  readonly run: OpenRun;
  readonly ports: StepPorts;
}

async function withFallback(step: PlanStep, place: number, { plan, run, ports }: Around): Promise<StepResult> {
  const label = step.optional === true ? { optional: true as const } : {};
  const of = (change: PlanStep["change"]) => ({
    ...label,
    ...{ place, change, account: plan.target.account, caseId: plan.caseId },
  });
  const required = step.requires === undefined ? {} : { requires: step.requires };
  const first = await applyStep({ ...of(step.change), ...required }, run, ports);
  return first.outcome === "not-applied" && step.instead !== undefined
    ? applyStep(of(step.instead), run, ports)
    : first;
}

const isDone = ({ outcome }: StepResult): boolean => outcome === "applied" || outcome === "already";

function endOf(done: number, missed: number, halted: string | undefined): Pick<PlanProgress, "end" | "because"> {
  if (missed === 0) return { end: "contained", because: "every step was read back" };
  const because = halted ?? `${missed} of ${done + missed} steps could not be done`;
  return { end: done > 0 ? "contained-partially" : "failed", because };
}
