import { expect, it } from "vitest";
import accelerators from "../../../../core/detect/accelerators.data.json" with { type: "json" };
import { quotaOf } from "../../../../core/detect/capacity/accelerator-quotas.ts";

const what = (service: string, code: string, name = "") => quotaOf({ service, code, name }, accelerators);

it.each([
  ["ec2", "L-417A185B", "", "P instances", true],
  ["ec2", "L-3819A6DF", "", "G and VT instances, Spot", true],
  ["ec2", "L-00000000", "Running Dedicated p4de Hosts", "dedicated hosts with accelerators", true],
  ["ec2", "L-1216C47A", "", "ordinary instances", false],
  ["sagemaker", "L-00000000", "ml.g5.48xlarge for endpoint usage", "accelerated instances of SageMaker", true],
  ["bedrock", "L-00000000", "anything", "models", false],
])("says what %s %s (%s) limits", (service, code, name, said, accelerated) =>
  expect(what(service, code, name)).toEqual({ what: said, accelerated }),
);

it.each([
  ["ec2", "L-0263D0A3", "EC2-VPC Elastic IPs"],
  ["ec2", "constructor", ""],
  ["ec2", "L-00000000", "Running Dedicated m5 Hosts"],
  ["sagemaker", "L-00000000", "ml.m5.large for training job usage"],
  ["sagemaker", "L-00000000", ""],
  ["vpc", "L-417A185B", ""],
])("does not care about %s %s (%s)", (service, code, name) => expect(what(service, code, name)).toBeUndefined());
