import type { AwsCall, Condition } from "../../core/flow/aws-call.ts";

const role = "arn:{partition}:iam::{account}:role/*";
const user = "arn:{partition}:iam::{account}:user/*";
const denyAll = "arn:{partition}:iam::aws:policy/AWSDenyAll";
const denies = [
  denyAll,
  "arn:{partition}:iam::{account}:policy/cordon/CordonDenySpend",
  "arn:{partition}:iam::{account}:policy/cordon/CordonDenySecrets",
  "arn:{partition}:iam::{account}:policy/cordon/CordonDenyEscalation",
] as const;

const write = <const Name extends string>(
  name: Name,
  resource: string,
  { why, conditions }: { readonly why: string; readonly conditions: readonly Condition[] },
) => ({
  api: `iam:${name}` as const,
  resource,
  condition: conditions[0] ?? {},
  access: "write" as const,
  why,
  rights: conditions.map((condition) => ({ action: `iam:${name}` as const, resource, condition })),
});

const oneOfDenies = denies.map((policy): Condition => ({ ArnEquals: { "iam:PolicyARN": policy } }));
const bounded: readonly Condition[] = [{ ArnEquals: { "iam:PermissionsBoundary": denyAll } }];
// Which boundary was there before is the account's own matter: the deployment names the ones that it has.
const given: readonly Condition[] = [{ ArnLike: { "iam:PermissionsBoundary": "{boundaries}" } }];
const marked: readonly Condition[] = [{ "ForAllValues:StringLike": { "aws:TagKeys": "quarantine:*" } }];

/** The calls of `iam-release.ts`. IAM has no condition for the status of a credential: the adapter sets `Active` only. */
export const calls = [
  write("DetachRolePolicy", role, { why: "to take a deny off a role", conditions: oneOfDenies }),
  write("DetachUserPolicy", user, { why: "to take a deny off a user", conditions: oneOfDenies }),
  write("DeleteRolePermissionsBoundary", role, {
    why: "to take a deny off that a role is bounded by",
    conditions: bounded,
  }),
  write("DeleteUserPermissionsBoundary", user, {
    why: "to take a deny off that a user is bounded by",
    conditions: bounded,
  }),
  write("PutRolePermissionsBoundary", role, {
    why: "to give a role the boundary back that it had",
    conditions: given,
  }),
  write("PutUserPermissionsBoundary", user, {
    why: "to give a user the boundary back that it had",
    conditions: given,
  }),
  write("UpdateAccessKey", user, {
    why: "to switch an access key on again that was switched off by us",
    conditions: [{}],
  }),
  write("UpdateServiceSpecificCredential", user, {
    why: "to switch a service-specific credential on again that was switched off by us",
    conditions: [{}],
  }),
  write("UntagRole", role, { why: "to take a marker off a role", conditions: marked }),
  write("UntagUser", user, { why: "to take a marker off a user", conditions: marked }),
] as const satisfies readonly AwsCall[];
