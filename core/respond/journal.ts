import type { Instant } from "../event/instant.ts";
import type { JsonObject } from "../event/json.ts";
import type { Change } from "./change.ts";
import type { Plan, PlanHash } from "./plan.ts";
import type { Snapshot } from "./snapshot.ts";

/** One line of a run's journal, written before or after what it tells of, never instead. */
export type JournalEntry =
  | { readonly kind: "received"; readonly request: JsonObject }
  | { readonly kind: "snapshot"; readonly snapshot: Snapshot; readonly digest: string }
  | { readonly kind: "planned"; readonly plan: Plan; readonly hash: PlanHash }
  | { readonly kind: "approved"; readonly approval: string }
  /** Before the call. `attempt` counts from 1 and is bounded. */
  | {
      readonly kind: "intent";
      readonly step: number;
      readonly token: string;
      readonly change: Change;
      readonly attempt: number;
    }
  /** After the slot was read back. */
  | {
      readonly kind: "outcome";
      readonly step: number;
      readonly token: string;
      readonly outcome: StepOutcome;
      readonly because?: string;
    }
  | {
      readonly kind: "verified";
      readonly afterSeconds: number;
      readonly standing: "holds" | "reverted" | "unknown";
      readonly by?: string;
    }
  /** In a containment's journal: this run has begun to take it back, so that nobody puts it up again. */
  | { readonly kind: "releasing"; readonly run: string }
  | { readonly kind: "ended"; readonly end: RunEnd; readonly because: string };

/** Exactly one for each intent's step. */
export type StepOutcome = "applied" | "already" | "not-applied" | "foreign" | "needs-human";

export type RunEnd =
  | "contained"
  | "contained-partially"
  | "released"
  | "released-partially"
  | "refused"
  | "waiting"
  | "superseded"
  | "failed";

/** An entry as it is stored. */
export interface JournalLine {
  readonly schema: 1;
  readonly run: string;
  /** From 1 without gaps. */
  readonly sequence: number;
  readonly at: Instant;
  /** The fencing number of whoever wrote it. */
  readonly fence: number;
  readonly entry: JournalEntry;
}

/** The right to work on one principal for a while. A later claim has a greater fence, and the journal refuses the smaller one. */
export interface Lease {
  readonly principal: string;
  readonly owner: string;
  readonly fence: number;
  readonly until: Instant;
}

/** What was done to whom, written ahead. Durable when a call returns. Throws Fault "full" or "unreachable" when it is not. */
export interface Journal {
  /** One writer a principal: undefined while somebody else's lease runs. */
  claim(principal: string, owner: string, now: Instant, seconds: number): Promise<Lease | undefined>;
  /** Prolongs a lease that is still the newest; undefined when it is not. */
  renew(lease: Lease, now: Instant, seconds: number): Promise<Lease | undefined>;
  /** Gives the principal free for the next. */
  release(lease: Lease): Promise<void>;
  /** Appends after `after` entries; throws Fault "conflict" when the lease is not the newest or somebody wrote meanwhile. */
  append(
    run: string,
    lease: Lease,
    after: number,
    entries: readonly JournalEntry[],
    at: Instant,
  ): Promise<readonly JournalLine[]>;
  read(run: string): Promise<readonly JournalLine[]>;
  /** Runs that have no end yet, with their principals: what a restart goes on with. */
  open(): Promise<readonly { readonly run: string; readonly principal: string }[]>;
}
