import { longLivedKey } from "../credentials/long-lived-key.ts";
import { driftChainJuggling } from "../detectors/drift-chain-juggling.ts";
import { driftSharedRole } from "../detectors/drift-shared-role.ts";
import { sprawlWorkloadOnKey } from "../detectors/sprawl-workload-on-key.ts";
import type { LifeDetector } from "./life.ts";

/** Every life detector there is, sorted by id; `drift-long-lived` is a detector of single calls as well. */
export const lifeDetectors: readonly LifeDetector[] = [
  driftChainJuggling,
  longLivedKey,
  driftSharedRole,
  sprawlWorkloadOnKey,
];
