import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "*";

/** The call of `configuration-batch.ts`. */
export const calls = [
  {
    api: "batch:DescribeJobDefinitions",
    resource,
    condition: {},
    access: "read",
    why: "to look for secrets in the containers of a job definition",
    rights: [{ action: "batch:DescribeJobDefinitions", resource, condition: {} }],
  },
] as const satisfies readonly AwsCall[];
