import type { AwsCall } from "../../core/flow/aws-call.ts";

/** The calls of `trail-bucket.ts`. */
export const calls = [
  {
    api: "s3:ListObjectsV2",
    resource: "arn:{partition}:s3:::{bucket}",
    condition: { StringLike: { "s3:prefix": "{prefix}AWSLogs/*" } },
    access: "read",
    why: "to find and count the log files",
    rights: [
      {
        action: "s3:ListBucket",
        resource: "arn:{partition}:s3:::{bucket}",
        condition: { StringLike: { "s3:prefix": "{prefix}AWSLogs/*" } },
      },
    ],
  },
  {
    api: "s3:GetObject",
    resource: "arn:{partition}:s3:::{bucket}/{prefix}AWSLogs/*",
    condition: {},
    access: "read",
    why: "to fetch the log files",
    rights: [
      { action: "s3:GetObject", resource: "arn:{partition}:s3:::{bucket}/{prefix}AWSLogs/*", condition: {} },
      {
        // Only where the trail encrypts with a key of its own (SSE-KMS); S3 makes the call in the reader's name.
        action: "kms:Decrypt",
        resource: "the key of the trail, if it has one",
        condition: { StringLike: { "kms:ViaService": "s3.*" } },
      },
    ],
  },
] as const satisfies readonly AwsCall[];
