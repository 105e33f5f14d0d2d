import { parseArn } from "./arn.ts";
import type { Partition } from "./identifiers.ts";

/** Region prefixes by partition (AWS General Reference, "ARN partitions"); every other Region is in the first one. */
const byPrefix: readonly (readonly [prefix: string, partition: Partition])[] = [
  ["cn-", "aws-cn"],
  ["us-gov-", "aws-us-gov"],
  ["us-iso-", "aws-iso"],
  ["us-isob-", "aws-iso-b"],
  ["eu-isoe-", "aws-iso-e"],
  ["us-isof-", "aws-iso-f"],
  ["eusc-", "aws-eusc"],
];

/** The partition that an ARN names or, without one, the partition that the Region lies in. */
export function partitionOf(arn: string, region: string): Partition {
  return parseArn(arn)?.partition ?? byPrefix.find(([prefix]) => region.startsWith(prefix))?.[1] ?? "aws";
}
