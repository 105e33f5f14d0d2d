import { createHash } from "node:crypto";
import type { EventId, Outcome } from "../event/event.ts";
import type { Excerpt } from "../event/excerpt.ts";
import type { Instant } from "../event/instant.ts";
import type { Branded } from "../iam/brand.ts";
import type { Attribution, Confidence } from "../identity/attribution.ts";

export type FindingId = Branded<string, "FindingId">;
export type Family =
  | "privilege-drift"
  | "secret-sprawl"
  | "gpu-scaling"
  | "ai-abuse"
  | "tampering"
  | "identity"
  | "exposure"
  | "external"
  | "custom";
export type Severity = "info" | "low" | "medium" | "high" | "critical";
export type Maturity = "sandbox" | "incubating" | "stable" | "deprecated";

/** From least to most severe. */
export const severities: readonly Severity[] = ["info", "low", "medium", "high", "critical"];

export const atLeast = (severity: Severity, floor: Severity): boolean =>
  severities.indexOf(severity) >= severities.indexOf(floor);

/** Which lines of which guidance a finding speaks to. */
export interface Controls {
  readonly owaspNhi?: readonly string[];
  readonly owaspAsi?: readonly string[];
  readonly nistCsf?: readonly string[];
  readonly nistAiRmf?: readonly string[];
  readonly maestro?: readonly string[];
}

/** What a finding rests on. Foreign text reaches it only through excerpt(). */
export type Evidence =
  | { readonly kind: "field"; readonly eventID: EventId; readonly path: string; readonly value: Excerpt }
  | { readonly kind: "grant"; readonly action: string; readonly resource: string }
  | { readonly kind: "secret"; readonly where: string; readonly fingerprint: string }
  | { readonly kind: "hop"; readonly principal: string; readonly eventID: string }
  | { readonly kind: "count"; readonly what: string; readonly count: number; readonly limit?: number }
  /** What was known of something beside the event: about what, and where the knowledge is from and how old it is. */
  | { readonly kind: "fact"; readonly about: string; readonly because: string };

/** What a detector says. The runner adds who, when, the outcome and a stable id. */
export interface Detection {
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** What was touched, by ARN where there is one. */
  readonly resource?: string;
  /** Whom it is for: the owner of what acted rather than whoever is on call. Absent is whoever the severity calls for. */
  readonly audience?: "owner";
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

/** A detection plus who, when and a stable id. */
export interface Finding extends Detection {
  readonly id: FindingId;
  readonly detector: string;
  readonly version: string;
  readonly maturity: Maturity;
  readonly family: Family;
  readonly outcome: Outcome;
  readonly at: Instant;
  readonly account?: string;
  readonly region: string;
  /** Who acted: the signer's ARN, or its id where it has none. */
  readonly principal?: string;
  /** The declared workload behind the principal. */
  readonly workload?: string;
  readonly attribution: Attribution;
  /** The family of client that the user agent claims, by our own label: a hint, the caller chose it. */
  readonly client?: string;
  /** True when the id or time of the event was guessed: no action may follow. */
  readonly guessed: boolean;
  /** Records that by themselves meet the condition, oldest first, at most 50. */
  readonly eventIDs: readonly [EventId, ...EventId[]];
  readonly count: number;
  readonly attack: readonly string[];
  readonly controls: Controls;
}

/** Same detector, same resource, same first event: same id. A second delivery cannot make a second finding. */
export const findingId = (detector: string, resource: string, event: EventId): FindingId =>
  createHash("sha256")
    .update(JSON.stringify([detector, resource, event]))
    .digest("hex")
    .slice(0, 32) as FindingId;

/** Same detector, same subject, same window: same id, whatever events of the window come later. */
export const windowFindingId = (detector: string, subject: string, start: Instant): FindingId =>
  createHash("sha256")
    .update(JSON.stringify([detector, subject, start]))
    .digest("hex")
    .slice(0, 32) as FindingId;
