import type { AuditEvent } from "../event/event.ts";
import type { Attribution } from "../identity/attribution.ts";
import type { Registry, Workload } from "../identity/workload.ts";
import type { Described } from "./described.ts";
import type { Fact, Facts } from "./facts/fact.ts";
import type { Detection } from "./finding.ts";

/** One event with everything a detector may know about it. */
export interface Seen {
  readonly event: AuditEvent;
  readonly attribution: Attribution;
  /** The manifest behind the attribution, when declared. */
  readonly workload?: Workload;
  readonly registry: Registry;
  readonly facts: Facts;
}

/** One thing worth knowing about in one event, and all that a person needs to judge it. */
export interface Detector extends Described {
  /** The facts this event makes necessary; answered in one batch before `detect`. */
  wants(event: AuditEvent): readonly Fact[];
  /** Who an event without a caller is about; the case's subject. */
  subject?(event: AuditEvent): string | undefined;
  /** Pure and synchronous. Nothing found is an empty list. */
  detect(seen: Seen): readonly Detection[];
}

/** Types a detector where it is written. */
export const defineDetector = (detector: Detector): Detector => detector;
