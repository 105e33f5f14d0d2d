import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "*";

/** The call of `configuration-ecs.ts`. */
export const calls = [
  {
    api: "ecs:DescribeTaskDefinition",
    resource,
    condition: {},
    access: "read",
    why: "to look for secrets in the containers of a task definition",
    rights: [{ action: "ecs:DescribeTaskDefinition", resource, condition: {} }],
  },
] as const satisfies readonly AwsCall[];
