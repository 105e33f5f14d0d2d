import { describe, expect, it } from "vitest";
import { partitionOf } from "../../../core/iam/partition.ts";

describe("the partition", () => {
  it.each([
    ["arn:aws-cn:iam::111122223333:user/u", "us-east-1", "aws-cn"],
    ["arn:aws-new:iam::111122223333:user/u", "us-east-1", "aws-new"],
    ["", "us-east-1", "aws"],
    ["", "cn-north-1", "aws-cn"],
    ["", "us-gov-east-1", "aws-us-gov"],
    ["", "us-iso-east-1", "aws-iso"],
    ["", "us-isob-east-1", "aws-iso-b"],
    ["", "eu-isoe-west-1", "aws-iso-e"],
    ["", "us-isof-south-1", "aws-iso-f"],
    ["", "eusc-de-east-1", "aws-eusc"],
    ["not an arn", "", "aws"],
  ])("given %j and %j, is %s", (arn, region, partition) => expect(partitionOf(arn, region)).toBe(partition));
});
