import { tooWide } from "../decide/blast.ts";
import type { Action, ActionKind } from "../decide/decision.ts";
import type { Family } from "../detect/finding.ts";
import type { WorkloadClass } from "../identity/workload.ts";
import { refusalFor } from "./by-hand.ts";
import type { Change } from "./change.ts";
import { type PlanStep, type Tier, tierOf } from "./plan.ts";
import { type Planned, type PlanRequest, type Refusal, refused } from "./planned.ts";
import type { Slot } from "./slot.ts";
import { heldIn, snapshotDigest } from "./snapshot.ts";

export type { Never, Planned, PlanRequest, Refusal } from "./planned.ts";

/** What is said of a way to contain, whatever it is used on. */
export interface PlannerSays {
  /** The file's name, and the kind of action that it carries out. */
  readonly id: ActionKind;
  readonly title: string;
  /** What the action's target is, and what `only` names where it needs one. */
  readonly target: string;
  readonly only?: string;
  /** Kinds of slots that its plans set, with the values that they may be set to: the rights of the function that applies it. */
  readonly sets: readonly { readonly slot: Slot["kind"]; readonly to: readonly string[]; readonly tier: Tier }[];
  /** Kinds of workloads, and of findings, for which it is a way out; absent is all. */
  readonly classes?: readonly WorkloadClass[];
  readonly families?: readonly Family[];
  /** What else stops working, and what goes on all the same: each a sentence without a capital. */
  readonly sideEffects: readonly string[];
  readonly notStopped: readonly string[];
  /** How it is taken back, and what of it cannot be. */
  readonly undo: string;
}

/** One way to contain one kind of principal or thing. */
export interface Planner extends PlannerSays {
  readonly action: ActionKind;
  /** What must be read beside the target's own state. */
  reads(action: Action, target: PlanRequest["snapshot"]["target"]): readonly Slot[];
  /** Pure. The same state gives the same plan. */
  plan(request: PlanRequest): Planned;
}

/** The steps of a plan; what is said of them only where it differs from what is said of all its plans. */
export interface Drafted {
  readonly kind: "drafted";
  readonly steps: readonly PlanStep[];
  readonly sideEffects?: readonly string[];
  readonly notStopped?: readonly string[];
}

/** What a file in `plans/` has of its own. */
export interface PlannerDraft extends PlannerSays {
  reads?(action: Action, target: PlanRequest["snapshot"]["target"]): readonly Slot[];
  draft(request: PlanRequest): Drafted | Refusal;
}

/**
 * A planner of a draft. What holds for all of them is here: whoever may not be touched is refused, nothing is planned on
 * what could not be read, and what reaches too far waits for a person, whatever its steps are.
 */
export function definePlanner(draft: PlannerDraft): Planner {
  const { draft: drafted, reads, ...says } = draft;
  return {
    ...says,
    action: draft.id,
    reads: reads ?? (() => []),
    plan(request) {
      const { snapshot, blast, caseId, never } = request;
      const refusal = refusalFor(snapshot.target, never);
      if (refusal !== undefined) return refusal;
      const found = drafted(request);
      if (found.kind !== "drafted") return found;
      const [first, ...rest] = found.steps;
      if (first === undefined) return refused("there is nothing left to do");
      const unread = found.steps.find(({ change }) => !isKnown(request, change.slot));
      if (unread !== undefined) return refused(`what it was before could not be read: ${unread.does}`);
      const wide = tooWide(blast);
      return {
        kind: "plan",
        plan: {
          schema: 1,
          planner: draft.id,
          caseId,
          target: snapshot.target,
          steps: [first, ...rest],
          tier: wide === undefined ? tierOf(found.steps) : 2,
          notStopped: found.notStopped ?? draft.notStopped,
          ...(wide === undefined ? {} : { waits: wide }),
          sideEffects: found.sideEffects ?? draft.sideEffects,
          blast,
          snapshot: snapshotDigest(snapshot),
        },
      };
    },
  };
}

/** Of a principal everything that it has is listed, so that what is not listed is not there; of other things it is unknown. */
const listed: ReadonlySet<Slot["kind"]> = new Set(["attached-policy", "boundary", "inline-policy", "tag"]);

const isKnown = ({ snapshot }: PlanRequest, slot: Slot): boolean =>
  listed.has(slot.kind) || heldIn(snapshot, slot) !== undefined;

/** The change that sets a slot from what it holds. */
export const setting = ({ snapshot }: Pick<PlanRequest, "snapshot">, slot: Slot, after: Change["after"]): Change => ({
  slot,
  before: heldIn(snapshot, slot) ?? null,
  after,
});

export const drafted = (...steps: readonly PlanStep[]): Drafted => ({ kind: "drafted", steps });
