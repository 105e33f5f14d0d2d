import type { AwsCall } from "../../core/flow/aws-call.ts";

const read = <const Name extends string>(name: Name, resource: string) => ({
  api: `ec2:${name}` as const,
  resource,
  condition: {},
  access: "read" as const,
  why: "to look for secrets in the user data of an instance or a launch template",
  rights: [{ action: `ec2:${name}` as const, resource, condition: {} }],
});

/** The calls of `configuration-ec2.ts`. */
export const calls = [
  read("DescribeInstanceAttribute", "arn:{partition}:ec2:{region}:{account}:instance/{name}"),
  read("DescribeLaunchTemplateVersions", "*"),
] as const satisfies readonly AwsCall[];
