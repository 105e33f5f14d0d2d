import type { IamTables } from "../../iam/tables.ts";
import { driftBehaviour } from "../detectors/drift-behaviour.ts";
import { driftDenyStorm } from "../detectors/drift-deny-storm.ts";
import { driftFirstSeen } from "../detectors/drift-first-seen.ts";
import { driftNearMiss } from "../detectors/drift-near-miss.ts";
import { sprawlDormantKey } from "../detectors/sprawl-dormant-key.ts";
import { sprawlVendingSpike } from "../detectors/sprawl-vending-spike.ts";
import type { ConductDetector } from "./conduct-detector.ts";

/** Every detector that judges what identities did by the day, sorted by id. */
export const conductDetectorsWith = ({ iam }: { readonly iam: IamTables }): readonly ConductDetector[] => [
  driftBehaviour(iam),
  driftDenyStorm,
  driftFirstSeen(iam),
  driftNearMiss(iam),
  sprawlDormantKey,
  sprawlVendingSpike,
];
