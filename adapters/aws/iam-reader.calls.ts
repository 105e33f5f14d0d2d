import type { AwsCall } from "../../core/flow/aws-call.ts";

const role = "arn:{partition}:iam::{account}:role/*";
const user = "arn:{partition}:iam::{account}:user/*";
const group = "arn:{partition}:iam::{account}:group/*";
const policy = "arn:{partition}:iam::{account}:policy/*";
const profile = "arn:{partition}:iam::{account}:instance-profile/*";

const read = <const Name extends string>(name: Name, resource: string, why: string) => ({
  api: `iam:${name}` as const,
  resource,
  condition: {},
  access: "read" as const,
  why,
  rights: [{ action: `iam:${name}` as const, resource, condition: {} }],
});

/** The calls of `iam-reader.ts`; IAM offers no condition for any of them. */
export const calls = [
  read("GetRole", role, "to see who may assume a role and what bounds it"),
  read("ListRolePolicies", role, "to see which inline policies a role has"),
  read("GetRolePolicy", role, "to read what they say"),
  read("ListAttachedRolePolicies", role, "to see which managed policies a role has"),
  read("GetUser", user, "to see what bounds a user"),
  read("ListUserPolicies", user, "to see which inline policies a user has"),
  read("GetUserPolicy", user, "to read what they say"),
  read("ListAttachedUserPolicies", user, "to see which managed policies a user has"),
  read("ListGroupsForUser", user, "to see which groups a user is in"),
  read("GetGroup", group, "to find a group"),
  read("ListGroupPolicies", group, "to see which inline policies a group has"),
  read("GetGroupPolicy", group, "to read what they say"),
  read("ListAttachedGroupPolicies", group, "to see which managed policies a group has"),
  read("GetPolicy", policy, "to see which version of a managed policy counts"),
  read("GetPolicyVersion", policy, "to read what it says"),
  read("ListEntitiesForPolicy", policy, "to see who has a managed policy"),
  read("GetInstanceProfile", profile, "to see which role an instance profile hands out"),
] as const satisfies readonly AwsCall[];
