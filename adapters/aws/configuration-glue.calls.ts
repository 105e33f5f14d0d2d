import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "arn:{partition}:glue:{region}:{account}:job/{name}";

/** The call of `configuration-glue.ts`. */
export const calls = [
  {
    api: "glue:GetJob",
    resource,
    condition: {},
    access: "read",
    why: "to look for secrets in the arguments of a job",
    rights: [{ action: "glue:GetJob", resource, condition: {} }],
  },
] as const satisfies readonly AwsCall[];
