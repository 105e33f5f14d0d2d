import type { IamTables } from "../iam/tables.ts";
import type { AcceleratorTable } from "./capacity/accelerator.ts";
import type { Detector } from "./detector.ts";
import { aiAgentChange } from "./detectors/ai-agent-change.ts";
import { aiModelAccess } from "./detectors/ai-model-access.ts";
import { aiNotebookOpened } from "./detectors/ai-notebook-opened.ts";
import { aiSafeguard } from "./detectors/ai-safeguard.ts";
import { driftGrant } from "./detectors/drift-grant.ts";
import { driftLongLived } from "./detectors/drift-long-lived.ts";
import { driftResourcePolicy } from "./detectors/drift-resource-policy.ts";
import { driftTrustWidened } from "./detectors/drift-trust-widened.ts";
import { escalationPath } from "./detectors/escalation-path.ts";
import { exposureConsoleSignIn } from "./detectors/exposure-console-sign-in.ts";
import { exposureInteractiveEntry } from "./detectors/exposure-interactive-entry.ts";
import { exposureKeyGrant } from "./detectors/exposure-key-grant.ts";
import { exposureOpenPort } from "./detectors/exposure-open-port.ts";
import { exposureSafeguardOff } from "./detectors/exposure-safeguard-off.ts";
import { exposureShared } from "./detectors/exposure-shared.ts";
import { guardrailBoundary } from "./detectors/guardrail-boundary.ts";
import { guardrailFederation } from "./detectors/guardrail-federation.ts";
import { guardrailMfa } from "./detectors/guardrail-mfa.ts";
import { guardrailOrganization } from "./detectors/guardrail-organization.ts";
import { guardrailQuarantine } from "./detectors/guardrail-quarantine.ts";
import { guardrailSessionLength } from "./detectors/guardrail-session-length.ts";
import { identityDelegation } from "./detectors/identity-delegation.ts";
import { identitySourceIdentity } from "./detectors/identity-source-identity.ts";
import { scalingLimitRaised } from "./detectors/scaling-limit-raised.ts";
import { scalingUndeclaredGpu } from "./detectors/scaling-undeclared-gpu.ts";
import { sprawlAccessKey } from "./detectors/sprawl-access-key.ts";
import { sprawlCredentialBorn } from "./detectors/sprawl-credential-born.ts";
import { sprawlLeakedKey } from "./detectors/sprawl-leaked-key.ts";
import { sprawlSecretHandling } from "./detectors/sprawl-secret-handling.ts";
import { tamperingTrail } from "./detectors/tampering-trail.ts";
import { tamperingWatch } from "./detectors/tampering-watch.ts";

/** Tables that detectors look things up in; made by scripts, passed in by whoever composes the line. */
export interface DetectorTables {
  readonly accelerators: AcceleratorTable;
  readonly iam: IamTables;
  /** Names or ARNs of what this deployment runs on, as its stack hands them over. Absent is none. */
  readonly ours?: readonly string[];
}

/** Every detector there is, sorted by id. */
export const detectorsWith = ({ accelerators, iam, ours }: DetectorTables): readonly Detector[] => [
  aiAgentChange(iam),
  aiModelAccess(iam),
  aiNotebookOpened(iam),
  aiSafeguard(iam),
  driftGrant(iam),
  driftLongLived,
  driftResourcePolicy(iam),
  driftTrustWidened(iam),
  escalationPath(iam),
  exposureConsoleSignIn,
  exposureInteractiveEntry(iam),
  exposureKeyGrant(iam),
  exposureOpenPort(iam),
  exposureSafeguardOff(iam),
  exposureShared(iam),
  guardrailBoundary(iam),
  guardrailFederation(iam),
  guardrailMfa(iam),
  guardrailOrganization(iam),
  guardrailQuarantine(iam),
  guardrailSessionLength(iam),
  identityDelegation,
  identitySourceIdentity,
  scalingLimitRaised(accelerators),
  scalingUndeclaredGpu(accelerators),
  sprawlAccessKey,
  sprawlCredentialBorn(iam),
  sprawlLeakedKey,
  sprawlSecretHandling(iam),
  tamperingTrail,
  tamperingWatch(iam, ours),
];
