import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "arn:{partition}:lambda:{region}:{account}:function:{name}";

/** The call of `configuration-lambda.ts`. */
export const calls = [
  {
    api: "lambda:GetFunctionConfiguration",
    resource,
    condition: {},
    access: "read",
    why: "to look for secrets in the variables of a function",
    rights: [{ action: "lambda:GetFunctionConfiguration", resource, condition: {} }],
  },
] as const satisfies readonly AwsCall[];
