import type { IamTables } from "../../iam/tables.ts";
import { driftExpiredGrant } from "../detectors/drift-expired-grant.ts";
import type { SweepDetector } from "./sweep.ts";

/** Every detector that judges how things stand at the end of a run, sorted by id. */
export const sweepDetectorsWith = ({ iam }: { readonly iam: IamTables }): readonly SweepDetector[] => [
  driftExpiredGrant(iam),
];
