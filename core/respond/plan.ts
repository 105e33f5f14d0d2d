import type { Blast } from "../decide/blast.ts";
import { canonicalDigest } from "../event/canonical.ts";
import type { Branded } from "../iam/brand.ts";
import type { Change } from "./change.ts";
import type { Slot, Value } from "./slot.ts";

export type PlanHash = Branded<string, "PlanHash">;

/**
 * How much a right a change needs. Tier 1 can grant nothing to anybody and may be automatic; tier 2 writes a document or
 * hurts availability and always waits for an approval.
 */
export type Tier = 1 | 2;

/** One step of a plan. */
export interface PlanStep {
  readonly change: Change;
  readonly tier: Tier;
  /** Read right before the call, in every attempt: with anything else there the call is not made. */
  readonly requires?: Requirement;
  /** Tried when this step cannot be done for good: a full list of attachments has a boundary beside it. */
  readonly instead?: Change;
  /** A plan without this step is still what was decided: markers. */
  readonly optional?: true;
  /** What it is for, in a sentence without its subject: "denies everything to the role". */
  readonly does: string;
}

/** What must be so at the moment of the call: a policy that somebody could edit still says what it said. */
export interface Requirement {
  readonly slot: Slot;
  readonly value: Value;
  /** What it is, for the person who reads why nothing was done. */
  readonly says: string;
}

/** Who is contained: by the ARN as IAM has it and by the id that a new principal of the same name cannot have. */
export interface Target {
  readonly arn: string;
  /** `AROA…`, `AIDA…` or the access key's id. */
  readonly id: string;
  readonly account: string;
}

/** How a decision is carried out: one value that is shown, granted, approved, applied, recorded and reversed. */
export interface Plan {
  readonly schema: 1;
  readonly planner: string;
  readonly caseId: string;
  readonly target: Target;
  /** In their order. */
  readonly steps: readonly [PlanStep, ...PlanStep[]];
  readonly tier: Tier;
  /** Why it waits for a person whatever its steps are: its reach. Absent is for its tier alone. */
  readonly waits?: string;
  /** What goes on all the same, each a sentence for the person who decides. */
  readonly notStopped: readonly string[];
  /** What else stops working, each a sentence. */
  readonly sideEffects: readonly string[];
  readonly blast: Blast;
  /** Digest of the state that the plan was made from: with another state it must be made and approved anew. */
  readonly snapshot: string;
}

/** SHA-256 over everything that an approval speaks of: the steps, the target, the case and the state they were made from. */
export const planHash = ({ planner, caseId, target, steps, snapshot }: Plan): PlanHash =>
  canonicalDigest({ planner, caseId, target, steps, snapshot }) as PlanHash;

/** The tier of a plan is that of its gravest step, the fallbacks included. */
export const tierOf = (steps: readonly PlanStep[]): Tier => (steps.some(({ tier }) => tier === 2) ? 2 : 1);
