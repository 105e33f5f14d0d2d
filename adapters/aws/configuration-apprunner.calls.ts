import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "arn:{partition}:apprunner:{region}:{account}:service/{name}";

/** The call of `configuration-apprunner.ts`. */
export const calls = [
  {
    api: "apprunner:DescribeService",
    resource,
    condition: {},
    access: "read",
    why: "to look for secrets in the variables of a service",
    rights: [{ action: "apprunner:DescribeService", resource, condition: {} }],
  },
] as const satisfies readonly AwsCall[];
