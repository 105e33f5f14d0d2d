import type { Blast } from "../decide/blast.ts";
import type { Action } from "../decide/decision.ts";
import type { Plan } from "./plan.ts";
import type { Slot } from "./slot.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a planner is asked for. */
export interface PlanRequest {
  readonly action: Action;
  readonly caseId: string;
  readonly snapshot: Snapshot;
  readonly blast: Blast;
}

/** A plan, or why there is none and what a person can do instead, step by step. */
export type Planned =
  | { readonly kind: "plan"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "ticket"; readonly because: string; readonly steps: readonly [string, ...string[]] };

/** One way to contain one kind of principal. The id is the file's name. Rights are computed from `sets`. */
export interface Planner {
  readonly id: string;
  /** The kind of action that it carries out. */
  readonly action: Action["kind"];
  readonly title: string;
  /** Kinds of slots that its plans set, with the values that they may be set to: the rights of the function that applies it. */
  readonly sets: readonly { readonly slot: Slot["kind"]; readonly to: readonly string[]; readonly tier: 1 | 2 }[];
  /** Pure. The same state gives the same plan. */
  plan(request: PlanRequest): Planned;
}

/** Types a planner where it is written. */
export const definePlanner = (planner: Planner): Planner => planner;
