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
const marked: readonly Condition[] = [{ "ForAllValues:StringLike": { "aws:TagKeys": "quarantine:*" } }];

/** The calls of `iam-deny.ts`. IAM has no condition for the status of a credential: the adapter sets `Inactive` only. */
export const calls = [
  write("AttachRolePolicy", role, { why: "to deny to a role", conditions: oneOfDenies }),
  write("AttachUserPolicy", user, { why: "to deny to a user", conditions: oneOfDenies }),
  write("PutRolePermissionsBoundary", role, {
    why: "to deny to a role that has no attachment free",
    conditions: bounded,
  }),
  write("PutUserPermissionsBoundary", user, {
    why: "to deny to a user that has no attachment free",
    conditions: bounded,
  }),
  write("UpdateAccessKey", user, { why: "to switch an access key off", conditions: [{}] }),
  write("UpdateServiceSpecificCredential", user, {
    why: "to switch a service-specific credential off",
    conditions: [{}],
  }),
  write("TagRole", role, { why: "to mark a role as contained", conditions: marked }),
  write("TagUser", user, { why: "to mark a user as contained", conditions: marked }),
] as const satisfies readonly AwsCall[];
