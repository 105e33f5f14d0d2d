import type { ContainRequest } from "../../core/flow/respond/contain.ts";
import type { Approval } from "../../core/respond/approval.ts";
import type { Change } from "../../core/respond/change.ts";
import type { CallMark } from "../../core/respond/control-plane.ts";
import type { Slot } from "../../core/respond/slot.ts";

/** Where an executor can be killed: what it does there is done between `before` and `after`. */
export const boundaries = [
  "claim",
  "received",
  "snapshot",
  "planned",
  "permission",
  "intent",
  "write",
  "read",
  "outcome",
  "schedule",
  "ended",
  "recorded",
] as const;

export type Boundary = (typeof boundaries)[number];
export type Side = "before" | "after";

/** One delivery of a decision to an executor. */
export interface Job {
  readonly store: string;
  readonly now: number;
  readonly request: ContainRequest;
  /** Whether each boundary is told, and waits for an answer. */
  readonly told: boolean;
}

/** What an executor asks of the world outside of it; every answer has the time in it. */
export type Question =
  | { readonly kind: "at"; readonly boundary: Boundary; readonly side: Side }
  | { readonly kind: "snapshot"; readonly arn: string }
  | { readonly kind: "read"; readonly slot: Slot }
  | { readonly kind: "write"; readonly change: Change; readonly mark: CallMark }
  | { readonly kind: "pause"; readonly milliseconds: number }
  | { readonly kind: "approval"; readonly caseId: string; readonly plan: string };

export type Answer = { readonly now: number; readonly value?: unknown; readonly fault?: string };

export type FromExecutor =
  | { readonly kind: "asks"; readonly id: number; readonly question: Question }
  | { readonly kind: "done"; readonly end: string };

export type ToExecutor =
  | { readonly kind: "job"; readonly job: Job }
  | { readonly kind: "answer"; readonly id: number; readonly answer: Answer };

export type GivenApproval = Approval;
