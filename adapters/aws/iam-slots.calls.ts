import type { AwsCall } from "../../core/flow/aws-call.ts";

const role = "arn:{partition}:iam::{account}:role/*";
const user = "arn:{partition}:iam::{account}:user/*";
const policy = "arn:{partition}:iam::{account}:policy/*";

const read = <const Name extends string>(name: Name, resource: string, why: string) => ({
  api: `iam:${name}` as const,
  resource,
  condition: {},
  access: "read" as const,
  why,
  rights: [{ action: `iam:${name}` as const, resource, condition: {} }],
});

/** The calls of `iam-slots.ts`; IAM offers no condition for any of them. */
export const calls = [
  read("GetRole", role, "to see whether a role is still the same one, what bounds it and who may assume it"),
  read("GetUser", user, "to see whether a user is still the same one and what bounds it"),
  read("ListAttachedRolePolicies", role, "to see whether a deny is attached to a role"),
  read("ListAttachedUserPolicies", user, "to see whether a deny is attached to a user"),
  read("ListRolePolicies", role, "to see which inline policies a role has"),
  read("ListUserPolicies", user, "to see which inline policies a user has"),
  read("GetRolePolicy", role, "to read back what was written into a role"),
  read("GetUserPolicy", user, "to read back what was written into a user"),
  read("ListRoleTags", role, "to see the markers on a role"),
  read("ListUserTags", user, "to see the markers on a user"),
  read("ListAccessKeys", user, "to see whether an access key is active"),
  read("ListServiceSpecificCredentials", user, "to see whether a service-specific credential is active"),
  read("GetPolicy", policy, "to see which version of a deny policy counts"),
  read("GetPolicyVersion", policy, "to see that a deny policy still says what the stack wrote"),
] as const satisfies readonly AwsCall[];
