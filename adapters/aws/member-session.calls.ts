import type { AwsCall } from "../../core/flow/aws-call.ts";

const role = "arn:{partition}:iam::{account}:role/{role}";

/** The calls of `member-session.ts`. */
export const calls = [
  {
    api: "sts:AssumeRole",
    resource: role,
    condition: { StringEquals: { "sts:ExternalId": "{externalId}" } },
    access: "read",
    why: "to act in a member account under the name of the case",
    rights: [
      {
        action: "sts:AssumeRole",
        resource: role,
        condition: { StringEquals: { "sts:ExternalId": "{externalId}" } },
      },
      {
        action: "sts:SetSourceIdentity",
        resource: role,
        condition: { StringLike: { "sts:SourceIdentity": "cordon-*" } },
      },
    ],
  },
] as const satisfies readonly AwsCall[];
