import type { Instant } from "../../event/instant.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Described } from "../described.ts";
import type { Detection } from "../finding.ts";
import type { AcceleratorTable } from "./accelerator.ts";
import type { Stretch } from "./capacity-meter.ts";

/** Everything that ran on accelerators, and who is declared to run what. */
export interface Metered {
  readonly stretches: readonly Stretch[];
  readonly workloads: readonly Workload[];
  readonly table: AcceleratorTable;
  /** The last moment that is spoken about. */
  readonly until: Instant;
}

/** What a meter detector says. The runner adds who began the stretches, and an id that stays the same when more is read. */
export interface MeterDetection extends Detection {
  /** Whom the finding is about, and the beginning of the day it speaks of: its id. */
  readonly subject: string;
  readonly since: Instant;
  /** The stretches whose beginnings by themselves meet the condition, oldest first. */
  readonly stretches: readonly [Stretch, ...Stretch[]];
}

/** Judges what ran over time, when all is known: no single record tells it. */
export interface MeterDetector extends Described {
  judge(metered: Metered): readonly MeterDetection[];
}

/** Types a detector where it is written. */
export const defineMeterDetector = (detector: MeterDetector): MeterDetector => detector;
