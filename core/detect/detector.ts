import type { AuditEvent } from "../event/event.ts";
import type { Watch } from "../event/watch.ts";
import type { Attribution } from "../identity/attribution.ts";
import type { Registry, Workload } from "../identity/workload.ts";
import type { Fact, Facts } from "./fact.ts";
import type { Controls, Detection, Family, Maturity } from "./finding.ts";

/** One event with everything a detector may know about it. */
export interface Seen {
  readonly event: AuditEvent;
  readonly attribution: Attribution;
  /** The manifest behind the attribution, when declared. */
  readonly workload?: Workload;
  readonly registry: Registry;
  readonly facts: Facts;
}

/** One thing worth knowing about, and all that a person needs to judge it. The id is the file's name. */
export interface Detector {
  readonly id: string;
  readonly version: string;
  readonly title: string;
  readonly family: Family;
  readonly maturity: Maturity;
  /** True when the detector measures against manifests: it sleeps while none exist. */
  readonly needsDeclarations: boolean;
  /** MITRE ATT&CK technique ids. */
  readonly attack: readonly [`T${number}`, ...`T${number}`[]];
  readonly controls: Controls;
  readonly watches: readonly [Watch, ...Watch[]];
  readonly falsePositives: readonly [string, ...string[]];
  /** What a person should do next, in order. */
  readonly triage: readonly [string, ...string[]];
  /** Public research or an AWS playbook that explains why this matters. */
  readonly references: readonly [`https://${string}`, ...`https://${string}`[]];
  /** The facts this event makes necessary; answered in one batch before `detect`. */
  wants(event: AuditEvent): readonly Fact[];
  /** Who an event without a caller is about; the case's subject. */
  subject?(event: AuditEvent): string | undefined;
  /** Pure and synchronous. Nothing found is an empty list. */
  detect(seen: Seen): readonly Detection[];
}

/** Types a detector where it is written. */
export const defineDetector = (detector: Detector): Detector => detector;
