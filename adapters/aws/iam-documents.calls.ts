import type { AwsCall } from "../../core/flow/aws-call.ts";

const role = "arn:{partition}:iam::{account}:role/*";
const user = "arn:{partition}:iam::{account}:user/*";

const write = <const Name extends string>(name: Name, resource: string, why: string) => ({
  api: `iam:${name}` as const,
  resource,
  condition: {},
  access: "write" as const,
  why,
  rights: [{ action: `iam:${name}` as const, resource, condition: {} }],
});

/** The calls of `iam-documents.ts`. IAM can bound no document's content: each is approved word for word. */
export const calls = [
  write("PutRolePolicy", role, "to write a deny of our own into a role"),
  write("PutUserPolicy", user, "to deny the sessions of a user that began before a moment"),
  write("DeleteRolePolicy", role, "to take our own deny out of a role"),
  write("DeleteUserPolicy", user, "to take our own deny out of a user"),
  write("UpdateAssumeRolePolicy", role, "to let nobody, or somebody no more, into a role, and to take that back"),
] as const satisfies readonly AwsCall[];
