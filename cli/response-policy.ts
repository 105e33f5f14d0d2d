import type { Mode } from "../core/decide/decision.ts";
import type { ResponsePolicy } from "../core/decide/policy.ts";
import type { Declarations } from "../core/identity/registry.ts";

/** What the manifests allow: exceptions as declared and, of the deployments, the strictest word of each. */
export function responsePolicy(mode: Mode, registry: Declarations): ResponsePolicy {
  const { deployments, exceptions } = registry;
  const said = deployments.map((one) => one.undeclared);
  const undeclared = (["never", "approval", "contain"] as const).find((word) => said.includes(word));
  return {
    mode,
    registry,
    exceptions,
    protected: deployments.flatMap((one) => one.protected ?? []),
    untouchable: deployments.flatMap((one) => one.breakGlassRoles ?? []),
    ...(undeclared === undefined ? {} : { undeclared }),
  };
}
