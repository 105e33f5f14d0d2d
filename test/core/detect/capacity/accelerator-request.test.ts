import { expect, it } from "vitest";
import { capacityRequestOf } from "../../../../core/detect/capacity/accelerator-request.ts";
import { eventOf } from "../../../fixtures/read.ts";

function asked(eventSource: string, eventName: string, requestParameters: unknown, responseElements: unknown = null) {
  const event = eventOf({
    eventID: "11111111-1111-4111-8111-000000000001",
    eventTime: "2026-11-20T10:15:00Z",
    eventSource: `${eventSource}.amazonaws.com`,
    eventName,
    userIdentity: { type: "IAMUser" },
    requestParameters,
    responseElements,
  });
  return event.kind === "api-call" ? capacityRequestOf(event) : undefined;
}

it("says nothing about other calls", () =>
  expect(asked("ec2", "StopInstances", { instanceType: "p3.2xlarge" })).toBeUndefined());

it("finds types and counts however deep, and says where they stood", () => {
  expect(
    asked("sagemaker", "CreateCluster", { instanceGroups: [{ instanceType: "ml.p5.48xlarge", instanceCount: 4 }] }),
  ).toEqual({
    asked: [{ type: "ml.p5.48xlarge", path: "requestParameters.instanceGroups[0].instanceType", count: 4 }],
    total: { count: 4, path: "requestParameters.instanceGroups[0].instanceCount" },
    effect: "starts",
  });
});

it("reads numbers that were written as text, and no others", () => {
  const total = (maxSize: unknown) => asked("autoscaling", "UpdateAutoScalingGroup", { maxSize })?.total?.count;
  expect([total("12"), total(12), total("-1"), total(1.5), total("1e9"), total(null)]).toEqual([
    12,
    12,
    undefined,
    undefined,
    undefined,
    undefined,
  ]);
});

it("takes the type from the answer only where the request has none", () => {
  const answer = { instancesSet: { items: [{ instanceType: "g5.xlarge" }] } };
  const types = (request: unknown) => asked("ec2", "RunInstances", request, answer)?.asked.map(({ type }) => type);
  expect(types({})).toEqual(["g5.xlarge"]);
  expect(types({ instanceType: "m5.large" })).toEqual(["m5.large"]);
});

it("knows requirements that ask for accelerators from those that do not", () => {
  const untyped = (requirements: object) =>
    asked("ec2", "CreateFleet", { CreateFleetRequest: { Overrides: [{ InstanceRequirements: requirements }] } })
      ?.untyped;
  expect(untyped({ AcceleratorCount: { Min: 1 } })).toContain("InstanceRequirements");
  expect(untyped({ AcceleratorTypes: ["gpu"] })).toContain("InstanceRequirements");
  expect(untyped({ AcceleratorCount: { Min: 0, Max: 0 } })).toBeUndefined();
  expect(untyped({ VCpuCount: { Min: 4 } })).toBeUndefined();
});

it("knows containers that ask for GPUs, and what can be bought for accelerators only", () => {
  const container = (type: string) => ({ containerDefinitions: [{ resourceRequirements: [{ type, value: "4" }] }] });
  expect(asked("ecs", "RegisterTaskDefinition", container("GPU"))?.untyped).toContain("resourceRequirements");
  expect(asked("ecs", "RegisterTaskDefinition", container("VCPU"))?.untyped).toBeUndefined();
  expect(asked("batch", "SubmitJob", { containerOverrides: { resourceRequirements: "GPU" } })?.untyped).toBeUndefined();
  expect(asked("sagemaker", "CreateTrainingPlan", { trainingPlanName: "p" })?.untyped).toBe("eventName");
  expect(asked("ec2", "AllocateHosts", { AllocateHostsRequest: { InstanceFamily: "g5", Quantity: 2 } })).toMatchObject({
    asked: [{ type: "g5", count: 2 }],
    effect: "reserves",
  });
});

it("stops in time on what is nested or long without measure", () => {
  let deep: object = { instanceType: "p3.2xlarge" };
  for (let i = 0; i < 40; i++) deep = { deep };
  expect(asked("ec2", "RunInstances", deep)?.asked).toEqual([]);
});
