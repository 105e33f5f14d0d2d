import type { Blast } from "../decide/blast.ts";
import type { Action } from "../decide/decision.ts";
import type { Plan } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";

/** What a planner is asked for. */
export interface PlanRequest {
  readonly action: Action;
  readonly caseId: string;
  readonly snapshot: Snapshot;
  readonly blast: Blast;
  /** Absent is nothing beside what AWS itself rules out. */
  readonly never?: Never;
}

/** What no plan touches, not even on approval. */
export interface Never {
  /** ARNs of break-glass roles, of this product's own and of whoever deploys it. */
  readonly principals: readonly string[];
  /** The organization's management account: no policy of the organization binds it. */
  readonly managementAccount?: string;
}

/** No plan: because it may not be, or because only people can do it, step by step. */
export type Refusal =
  | { readonly kind: "refused"; readonly because: string }
  | { readonly kind: "ticket"; readonly because: string; readonly steps: readonly [string, ...string[]] };

/** A plan, or why there is none and what a person can do instead. */
export type Planned = { readonly kind: "plan"; readonly plan: Plan } | Refusal;

export const refused = (because: string): Refusal => ({ kind: "refused", because });
