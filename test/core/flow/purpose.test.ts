import { expect, it } from "vitest";
import { purpose, purposeIndex, purposesOf } from "../../../core/flow/purpose.ts";

const purposeOf = purposeIndex(purposesOf(["iam:CreateAccessKey", "lambda:CreateFunction", "iam:CreatePolicy"]));
const of = (source: string, name: string): number => purposeOf({ form: "record", source, name });

it("knows why a call is looked at again, in every partition and under Lambda's dated names", () => {
  expect(of("iam.amazonaws.com", "CreateAccessKey")).toBe(purpose.judge);
  expect(of("iam.amazonaws.com.cn", "CreateAccessKey")).toBe(purpose.judge);
  expect(of("lambda.amazonaws.com", "CreateFunction20150331v2")).toBe(
    purpose.judge | purpose.placement | purpose.state,
  );
  expect(of("sts.amazonaws.com", "AssumeRole")).toBe(purpose.lineage | purpose.agent);
  expect(of("iam.amazonaws.com", "CreatePolicy")).toBe(purpose.judge | purpose.state);
});

it("lets everything else pass, also what only looks alike", () => {
  expect(of("s3.amazonaws.com", "CreateAccessKey")).toBe(purpose.none);
  expect(of("lambda.amazonaws.com", "CreateFunctionUrlConfig")).toBe(purpose.none);
  expect(of("iam.amazonaws.com", "CreateAccessKey20150331")).toBe(purpose.none);
});

it("looks at every envelope that a service sends", () =>
  expect(purposeOf({ form: "envelope", source: "aws.ec2", name: "anything" })).toBe(purpose.judge));
