import { scalingOverDeclared } from "../detectors/scaling-over-declared.ts";
import { scalingUnattributed } from "../detectors/scaling-unattributed.ts";
import type { MeterDetector } from "./metered.ts";

/** Every detector that judges what ran over time, sorted by id. */
export const meterDetectors: readonly MeterDetector[] = [scalingOverDeclared, scalingUnattributed];
