import type { Planner } from "./planner.ts";
import { containCiSubject } from "./plans/contain-ci-subject.ts";
import { containFunction } from "./plans/contain-function.ts";
import { containInstance } from "./plans/contain-instance.ts";
import { containPod } from "./plans/contain-pod.ts";
import { containRole } from "./plans/contain-role.ts";
import { containServiceAccount } from "./plans/contain-service-account.ts";
import { containSession } from "./plans/contain-session.ts";
import { containTraining } from "./plans/contain-training.ts";
import { containUser } from "./plans/contain-user.ts";
import { cutForeignPrincipal } from "./plans/cut-foreign-principal.ts";
import { deactivateKey } from "./plans/deactivate-key.ts";
import { denyCredentialProvider } from "./plans/deny-credential-provider.ts";
import { disableAnywhereProfile } from "./plans/disable-anywhere-profile.ts";
import { disableComputeEnvironment } from "./plans/disable-compute-environment.ts";
import { freezeFleet } from "./plans/freeze-fleet.ts";
import { lockTrust } from "./plans/lock-trust.ts";
import { pauseAgentAlias } from "./plans/pause-agent-alias.ts";
import { removeAssignment } from "./plans/remove-assignment.ts";
import { removeClusterAccess } from "./plans/remove-cluster-access.ts";
import { removeGatewayTarget } from "./plans/remove-gateway-target.ts";
import { rotateSecret } from "./plans/rotate-secret.ts";
import { stopAgentSessions } from "./plans/stop-agent-sessions.ts";

/** Every way to contain that there is, those first that need no person. */
export const planners: readonly Planner[] = [
  containRole,
  containUser,
  deactivateKey,
  containSession,
  containInstance,
  containFunction,
  containTraining,
  containServiceAccount,
  containPod,
  containCiSubject,
  lockTrust,
  removeClusterAccess,
  stopAgentSessions,
  removeGatewayTarget,
  denyCredentialProvider,
  pauseAgentAlias,
  disableComputeEnvironment,
  freezeFleet,
  disableAnywhereProfile,
  removeAssignment,
  cutForeignPrincipal,
  rotateSecret,
];

/** The highest tier of what a planner sets; undefined for what people do by hand. */
export function tierOfPlanner({ sets }: Planner): 1 | 2 | undefined {
  if (sets.length === 0) return undefined;
  return sets.some(({ tier }) => tier === 2) ? 2 : 1;
}
