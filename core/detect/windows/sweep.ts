import type { Instant } from "../../event/instant.ts";
import type { Grant, Workload } from "../../identity/workload.ts";
import type { Described } from "../described.ts";
import type { Fact, Facts, Moment } from "../facts/fact.ts";
import type { Detection } from "../finding.ts";

/** One declared workload with every grant there is for it, past and future ones too. */
export interface Swept {
  readonly workload: Workload;
  readonly grants: readonly Grant[];
}

/** What a sweep finds at the end of what was read. */
export interface SweepDetection extends Detection {
  /** What the finding is about, for its id. */
  readonly subject: string;
  readonly workload: Workload;
  /** When it became so: the other half of the id. */
  readonly since: Instant;
}

/** Judges how things stand at one moment, whatever event came last: no call need happen for it. */
export interface SweepDetector extends Described {
  /** What must be known; asked once for each run. Nothing to ask is nothing to find. */
  wants(declared: readonly Swept[], before: Moment): readonly Fact[];
  /** Pure and synchronous. */
  judge(declared: readonly Swept[], before: Moment, facts: Facts): readonly SweepDetection[];
}

/** Types a detector where it is written. */
export const defineSweepDetector = (detector: SweepDetector): SweepDetector => detector;
