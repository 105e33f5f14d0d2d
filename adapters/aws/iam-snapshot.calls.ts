import type { AwsCall } from "../../core/flow/aws-call.ts";

const user = "arn:{partition}:iam::{account}:user/*";

/** The calls of `iam-snapshot.ts` beside those of `iam-slots.ts`. */
export const calls = [
  {
    api: "iam:GetAccessKeyLastUsed",
    resource: user,
    condition: {},
    access: "read",
    why: "to find the user that an access key belongs to",
    rights: [{ action: "iam:GetAccessKeyLastUsed", resource: user, condition: {} }],
  },
  {
    api: "iam:GetAccountSummary",
    resource: "*",
    condition: {},
    access: "read",
    why: "to see whether a principal has room for another policy",
    rights: [{ action: "iam:GetAccountSummary", resource: "*", condition: {} }],
  },
] as const satisfies readonly AwsCall[];
