import type { Instant } from "../event/instant.ts";
import type { PlanHash } from "./plan.ts";

/** One person's word about one plan. */
export interface Approval {
  readonly schema: 1;
  readonly id: string;
  readonly caseId: string;
  readonly plan: PlanHash;
  readonly kind: "approve" | "deny";
  /** As the identity provider names the person, or `local:<os user>`, which no AWS control plane accepts. */
  readonly by: { readonly issuer: string; readonly subject: string };
  readonly at: Instant;
  readonly until: Instant;
  readonly reason?: string;
  /** True for what only acts on a store on this machine. */
  readonly local: boolean;
}

/** Where approvals are kept; one endpoint writes them, executors consume them. */
export interface Approvals {
  /** Remembers somebody's word; the same id again changes nothing. */
  give(approval: Approval): Promise<"written" | "known">;
  of(caseId: string, plan: PlanHash): Promise<readonly Approval[]>;
  /** Uses the approvals up for one run, all or none: true for that run, also when it asks again, false for every other. */
  consume(ids: readonly string[], run: string): Promise<boolean>;
}
