import type { Watch } from "../event/watch.ts";
import type { Controls, Family, Maturity } from "./finding.ts";

/** All that a person needs to judge what a detector says, of whatever kind it is. The id is the file's name. */
export interface Described {
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
}
