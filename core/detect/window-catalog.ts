import type { IamTables } from "../iam/tables.ts";
import { escalationReach } from "./detectors/escalation-reach.ts";
import { escalationSequence } from "./detectors/escalation-sequence.ts";
import { exposureEnumeration } from "./detectors/exposure-enumeration.ts";
import { exposureRansom } from "./detectors/exposure-ransom.ts";
import { exposureSelfGrant } from "./detectors/exposure-self-grant.ts";
import { externalFinding } from "./detectors/external-finding.ts";
import { sprawlHumanCredential } from "./detectors/sprawl-human-credential.ts";
import { sprawlKeyInManyPlaces } from "./detectors/sprawl-key-in-many-places.ts";
import { sprawlOffWorkload } from "./detectors/sprawl-off-workload.ts";
import { sprawlSecretFanOut } from "./detectors/sprawl-secret-fan-out.ts";
import type { WindowDetector } from "./windowed.ts";

/** Every detector that judges several events together, sorted by id. */
export const windowDetectorsWith = ({ iam }: { readonly iam: IamTables }): readonly WindowDetector[] => [
  escalationReach(iam),
  escalationSequence(iam),
  exposureEnumeration,
  exposureRansom,
  exposureSelfGrant,
  externalFinding,
  sprawlHumanCredential,
  sprawlKeyInManyPlaces,
  sprawlOffWorkload,
  sprawlSecretFanOut(iam),
];
