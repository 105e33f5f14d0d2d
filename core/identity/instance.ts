import { placedIn, type RoleSession, writtenAs } from "./role-session.ts";
import type { Naming } from "./workload.ts";

/** The node pool, node group or cluster that an instance is a node of, as the tags it was started with say. */
export const nodeGroupOf = ({ placements, principal }: RoleSession, instance: string): string | undefined =>
  placements.ofRun("kubernetes-node", principal.account ?? "", instance)?.resource;

/** The manifests that name an instance by its Auto Scaling group, then by its instance profile. */
export function instanceNamings(holder: RoleSession, instance: string): readonly (Naming | undefined)[] {
  const { placements, principal, registry } = holder;
  const group = placements.ofRun("ec2-instance", principal.account ?? "", instance)?.group;
  return [
    group === undefined ? undefined : registry.selecting("ec2AutoScalingGroup", [group]),
    registry.selecting("ec2InstanceProfile", profileOf(holder, instance)),
  ];
}

/** The profile that the instance was started with; else the one profile that holds the role. */
function profileOf(holder: RoleSession, instance: string): readonly string[] {
  const { placements, principal } = holder;
  const started = placements.ofRun("instance-profile", principal.account ?? "", instance);
  if (started !== undefined) return lastOf(started.resource);
  const [only, ...others] = placedIn(holder, "instance-profile");
  if (only === undefined || others.length > 0) return [];
  const arn = placements.ofRun("instance-profile", principal.account ?? "", `name ${only.resource}`)?.resource;
  return arn === undefined ? [only.resource] : lastOf(arn);
}

/** A profile's name is what stands behind its path. */
const lastOf = (arn: string): readonly string[] => [...writtenAs(arn), arn.slice(arn.lastIndexOf("/") + 1)];
