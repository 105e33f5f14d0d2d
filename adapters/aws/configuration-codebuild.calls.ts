import type { AwsCall } from "../../core/flow/aws-call.ts";

const resource = "arn:{partition}:codebuild:{region}:{account}:project/{name}";

/** The call of `configuration-codebuild.ts`. */
export const calls = [
  {
    api: "codebuild:BatchGetProjects",
    resource,
    condition: {},
    access: "read",
    why: "to look for secrets in the variables and the build specification of a project",
    rights: [{ action: "codebuild:BatchGetProjects", resource, condition: {} }],
  },
] as const satisfies readonly AwsCall[];
