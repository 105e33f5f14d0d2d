import type { AwsCall } from "../../core/flow/aws-call.ts";

const group = "arn:{partition}:autoscaling:{region}:{account}:autoScalingGroup:*:autoScalingGroupName/*";

const call = <const Name extends string>(
  name: Name,
  { access, resource, why }: { readonly access: "read" | "write"; readonly resource: string; readonly why: string },
) => ({
  api: `auto-scaling:${name}` as const,
  resource,
  condition: {},
  access,
  why,
  rights: [{ action: `autoscaling:${name}` as const, resource, condition: {} }],
});

/** The calls of `scaling-slots.ts`. */
export const calls = [
  call("DescribeAutoScalingGroups", {
    access: "read",
    resource: "*",
    why: "to see a fleet's size and what is suspended",
  }),
  call("SuspendProcesses", { access: "write", resource: group, why: "to freeze a fleet as it is" }),
  call("ResumeProcesses", { access: "write", resource: group, why: "to let a fleet go on" }),
  call("UpdateAutoScalingGroup", {
    access: "write",
    resource: group,
    why: "to let no fleet grow, and to take that back",
  }),
] as const satisfies readonly AwsCall[];
