import type { AwsCall } from "../../core/flow/aws-call.ts";

/** The calls of `cloudtrail-lookup.ts`. */
export const calls = [
  {
    api: "cloudtrail:LookupEvents",
    resource: "*",
    // The action has no resource and no condition key of its own; the Region is the one bound IAM offers.
    condition: { StringEquals: { "aws:RequestedRegion": "{region}" } },
    access: "read",
    why: "to read the management events of the last 90 days",
    rights: [
      {
        action: "cloudtrail:LookupEvents",
        resource: "*",
        condition: { StringEquals: { "aws:RequestedRegion": "{region}" } },
      },
    ],
  },
] as const satisfies readonly AwsCall[];
