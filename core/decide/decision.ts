import { hash } from "node:crypto";
import type { FindingId, Severity } from "../detect/finding.ts";
import { canonical } from "../event/canonical.ts";
import type { Branded } from "../iam/brand.ts";

export type DecisionId = Branded<string, "DecisionId">;

/** How far a deployment lets decisions go. Each mode includes the ones before it. */
export type Mode = "observe" | "ticket" | "contain";

/** How much is denied: the mildest that stops what was seen is chosen. */
export type Grade = "deny-spend" | "deny-secrets" | "deny-escalation" | "deny-all";

/** Everything that can be done about a principal or what it runs; `respond/` has a plan for each, under the same name. */
export type ActionKind =
  | "contain-role"
  | "contain-user"
  | "deactivate-key"
  | "contain-session"
  | "contain-instance"
  | "contain-function"
  | "contain-training"
  | "contain-service-account"
  | "contain-pod"
  | "contain-ci-subject"
  | "lock-trust"
  | "remove-cluster-access"
  | "stop-agent-sessions"
  | "remove-gateway-target"
  | "deny-credential-provider"
  | "pause-agent-alias"
  | "disable-compute-environment"
  | "freeze-fleet"
  | "disable-anywhere-profile"
  | "remove-assignment"
  | "cut-foreign-principal"
  | "rotate-secret";

/** What the line may choose to do about one principal or thing. Tier 1 needs no content-writing right; tier 2 always waits for a person. */
export interface Action {
  readonly kind: ActionKind;
  /** An ARN or an access key's id. */
  readonly target: string;
  readonly tier: 1 | 2;
  /** How much is denied to a role or user; absent is everything. */
  readonly grade?: Grade;
  /** The parts of the target that are meant, where it is not the whole: sessions, an instance, a pod's account, a subject. */
  readonly only?: readonly [string, ...string[]];
}

/** Why a decision is what it is, as data: a ledger can be asked how often a rule spoke. */
export type Reason =
  | { readonly rule: "severity"; readonly severity: Severity }
  | { readonly rule: "maturity"; readonly maturity: string }
  | { readonly rule: "mode"; readonly mode: Mode }
  | { readonly rule: "playbook"; readonly detector: string }
  | { readonly rule: "no-playbook"; readonly detector: string }
  | { readonly rule: "attempt-only"; readonly outcome: string }
  | { readonly rule: "doubtful-attribution"; readonly kind: string }
  | { readonly rule: "guessed-event" }
  | { readonly rule: "no-target" }
  | { readonly rule: "exception"; readonly exception: string }
  | { readonly rule: "doubtful-finding"; readonly confidence: string }
  | { readonly rule: "unseen-content" }
  | { readonly rule: "person"; readonly id: string }
  | { readonly rule: "foreign-account"; readonly target: string }
  | { readonly rule: "lost-path"; readonly target: string }
  | { readonly rule: "untouchable"; readonly target: string }
  | { readonly rule: "critical-tier"; readonly workload: string }
  | { readonly rule: "service-linked"; readonly target: string }
  | { readonly rule: "protected"; readonly workload: string }
  | { readonly rule: "contain"; readonly workload: string; readonly says: "automatic" | "approval" | "never" }
  | { readonly rule: "undeclared"; readonly policy: "contain" | "approval" | "never" }
  | { readonly rule: "not-ready"; readonly workload: string; readonly gates: readonly string[] }
  | { readonly rule: "own-action"; readonly principal: string }
  | { readonly rule: "second-action"; readonly target: string }
  | { readonly rule: "breaker"; readonly limit: number; readonly minutes: number };

/**
 * What was decided about one finding. `would` is what contain mode would have chosen, and `actions` belong to it;
 * `kind` is the same cut down to what the mode allows.
 */
export interface Decision {
  readonly id: DecisionId;
  readonly findingId: FindingId;
  readonly caseId: string;
  readonly mode: Mode;
  readonly kind: "dismiss" | "observe" | "ticket" | "approve" | "contain";
  readonly would: "dismiss" | "ticket" | "approve" | "contain";
  readonly actions: readonly Action[];
  readonly because: readonly [Reason, ...Reason[]];
}

/** Same content, same id: deciding again, anywhere, changes nothing. */
export const decisionId = (content: Omit<Decision, "id">): DecisionId =>
  hash("sha256", canonical(content), "hex").slice(0, 32) as DecisionId;
