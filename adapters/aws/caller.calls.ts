import type { AwsCall } from "../../core/flow/aws-call.ts";

/** The calls of `caller.ts`. */
export const calls = [
  {
    api: "sts:GetCallerIdentity",
    resource: "*",
    condition: {},
    access: "read",
    why: "to say whose account this is",
    // No right is checked: https://docs.aws.amazon.com/STS/latest/APIReference/API_GetCallerIdentity.html
    rights: [],
  },
] as const satisfies readonly AwsCall[];
