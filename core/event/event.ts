import type { Branded } from "../iam/brand.ts";
import type { AccountId, ApiName, Partition } from "../iam/identifiers.ts";
import type { Instant } from "./instant.ts";
import type { JsonObject } from "./json.ts";
import type { Principal } from "./principal.ts";
import type { ConfiguredSecret } from "./secret-scan/configured.ts";

/** CloudTrail's `eventID`, `<source>:<envelope id>`, or `sha256:` and 32 hex digits of the canonical record. */
export type EventId = Branded<string, "EventId">;

/** What was observed, decoded once. Everything to the right relies on these types and never on the raw record. */
export type AuditEvent = ApiCall | ScalingEvent | SecurityFinding | Tick;

interface Observed {
  readonly id: EventId;
  readonly at: Instant;
  readonly account?: AccountId;
  readonly region: string;
  readonly partition: Partition;
  /** True when the id or the time had to be taken from elsewhere: such an event may open a case, never cause an action. */
  readonly guessed: boolean;
}

/** What became of a call. A denied call is not a done call; it is still a signal. */
export type Outcome = "done" | "failed" | "denied" | "unknown";

/** One CloudTrail record, masked on the way in. */
export interface ApiCall extends Observed {
  readonly kind: "api-call";
  readonly origin: "api-call" | "console-sign-in" | "service-event" | "insight";
  /** `service:Name`, with Lambda's dated suffix taken off (`CreateFunction20150331` is `lambda:CreateFunction`). */
  readonly api: ApiName;
  /** The event name exactly as recorded. */
  readonly name: string;
  readonly principal: Principal;
  readonly request: JsonObject;
  readonly response: JsonObject;
  /** CloudTrail left `requestParameters` out because they were too large. */
  readonly requestOmitted: boolean;
  readonly outcome: Outcome;
  readonly errorCode?: string;
  readonly sharedEventId?: string;
  /** Secrets that the request writes into a configuration, without their values; absent where none was looked for. */
  readonly configured?: readonly ConfiguredSecret[];
  /** The whole record, masked; unknown fields are kept. */
  readonly record: JsonObject;
}

/** Capacity changed, or failed to: Auto Scaling, EC2, Spot, Capacity Blocks, SageMaker, Bedrock jobs, Batch, ECS. */
export interface ScalingEvent extends Observed {
  readonly kind: "scaling";
  readonly source: string;
  readonly detailType: string;
  readonly change: "started" | "stopped" | "changed" | "failed" | "reserved" | "warned";
  /** What scaled: a group, job, endpoint, cluster or instance, by ARN or name as the event has it. */
  readonly subject: string;
  readonly instanceType?: string;
  readonly instanceId?: string;
  /** How many instances the event speaks of, where it says so. */
  readonly instanceCount?: number;
  /** The role that the running thing acts as, by ARN; the way from a job to a workload. */
  readonly role?: string;
  /** Why, in AWS's own words (Auto Scaling's `Cause`); free text, never shown unmasked. */
  readonly cause?: string;
  readonly resources: readonly string[];
  readonly detail: JsonObject;
}

/** What another AWS product found: GuardDuty, Access Analyzer, Security Hub, Health. Some send several findings at once. */
export interface SecurityFinding extends Observed {
  readonly kind: "security-finding";
  readonly product: "guardduty" | "access-analyzer" | "security-hub" | "health";
  /** Type and title of the gravest finding that is open, or of the gravest when none is. */
  readonly type: string;
  readonly title: string;
  /** What all findings of the event are about. */
  readonly resources: readonly string[];
  /** Every finding in the event, in its order; never none. */
  readonly findings: readonly ReportedFinding[];
  readonly detail: JsonObject;
}

/** One finding as its product reported it. */
export interface ReportedFinding {
  readonly id: string;
  readonly type: string;
  readonly title: string;
  /** The product's own judgement in the words of the contract. */
  readonly severity: "info" | "low" | "medium" | "high" | "critical";
  /** False when the product says that it is archived, suppressed, resolved or passed. */
  readonly open: boolean;
  readonly resources: readonly string[];
}

/** A schedule fired. */
export interface Tick extends Observed {
  readonly kind: "tick";
  readonly resources: readonly string[];
}
