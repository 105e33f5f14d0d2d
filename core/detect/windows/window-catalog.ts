import type { IamTables } from "../../iam/tables.ts";
import type { AcceleratorTable } from "../capacity/accelerator.ts";
import { aiAgentEntry } from "../detectors/ai-agent-entry.ts";
import { aiInferenceElsewhere } from "../detectors/ai-inference-elsewhere.ts";
import { aiModelHijack } from "../detectors/ai-model-hijack.ts";
import { aiNetworkFlip } from "../detectors/ai-network-flip.ts";
import { escalationReach } from "../detectors/escalation-reach.ts";
import { escalationSequence } from "../detectors/escalation-sequence.ts";
import { exposureEnumeration } from "../detectors/exposure-enumeration.ts";
import { exposureRansom } from "../detectors/exposure-ransom.ts";
import { exposureSelfGrant } from "../detectors/exposure-self-grant.ts";
import { externalFinding } from "../detectors/external-finding.ts";
import { scalingCapacityHunt } from "../detectors/scaling-capacity-hunt.ts";
import { sprawlConfiguredSecret } from "../detectors/sprawl-configured-secret.ts";
import { sprawlHumanCredential } from "../detectors/sprawl-human-credential.ts";
import { sprawlKeyInManyPlaces } from "../detectors/sprawl-key-in-many-places.ts";
import { sprawlKeyNotRotated } from "../detectors/sprawl-key-not-rotated.ts";
import { sprawlKeyOnModels } from "../detectors/sprawl-key-on-models.ts";
import { sprawlKeyProbe } from "../detectors/sprawl-key-probe.ts";
import { sprawlMachineSecrets } from "../detectors/sprawl-machine-secrets.ts";
import { sprawlOffWorkload } from "../detectors/sprawl-off-workload.ts";
import { sprawlSecretFanOut } from "../detectors/sprawl-secret-fan-out.ts";
import { sprawlTokenVending } from "../detectors/sprawl-token-vending.ts";
import type { WindowDetector } from "./windowed.ts";

/** Every detector that judges several events together, sorted by id. */
export const windowDetectorsWith = ({
  accelerators,
  iam,
}: {
  readonly accelerators: AcceleratorTable;
  readonly iam: IamTables;
}): readonly WindowDetector[] => [
  aiAgentEntry(iam),
  aiInferenceElsewhere(iam),
  aiModelHijack(iam),
  aiNetworkFlip(iam),
  escalationReach(iam),
  escalationSequence(iam),
  exposureEnumeration,
  exposureRansom,
  exposureSelfGrant,
  externalFinding,
  scalingCapacityHunt(accelerators),
  sprawlConfiguredSecret,
  sprawlHumanCredential,
  sprawlKeyInManyPlaces,
  sprawlKeyNotRotated,
  sprawlKeyOnModels,
  sprawlKeyProbe,
  sprawlMachineSecrets(iam),
  sprawlOffWorkload,
  sprawlSecretFanOut(iam),
  sprawlTokenVending,
];
