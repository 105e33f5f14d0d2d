import { describe, expect, it } from "vitest";
import { type JsonObject, list, text } from "../../../core/event/json.ts";
import { decoded, fixture, fixtureNames, scalingOf, withDetail } from "./envelope-fixtures.ts";

const instance = "i-0123456789abcdef0";
const reservation = "cr-0123456789abcdef0";
const role = "arn:aws:iam::111122223333:role/ml/trainer";
const sagemaker = (thing: string): string => `arn:aws:sagemaker:us-east-1:111122223333:${thing}`;
const fleet = "arn:aws:ec2:us-east-1:111122223333:fleet/fleet-0a1b2c3d-0000-4000-8000-000000000005";

/** Fixture, what became of the capacity, and what else must be read from it. */
const cases: readonly (readonly [name: string, change: string, rest: JsonObject])[] = [
  [
    "ec2-instance-launch-successful",
    "started",
    { subject: "gpu-workers", instanceId: instance, cause: expect.stringContaining("desired capacity from 2 to 16") },
  ],
  ["ec2-instance-launch-unsuccessful", "failed", { subject: "gpu-workers" }],
  ["ec2-instance-terminate-successful", "stopped", { instanceId: instance }],
  ["ec2-instance-terminate-unsuccessful", "failed", { instanceId: instance }],
  ["ec2-instance-launch-lifecycle-action", "changed", { subject: "gpu-workers", instanceId: instance }],
  ["ec2-instance-terminate-lifecycle-action", "changed", { instanceId: instance }],
  ["ec2-auto-scaling-instance-refresh-started", "changed", { subject: "gpu-workers" }],
  ["ec2-auto-scaling-instance-refresh-checkpoint-reached", "changed", {}],
  ["ec2-auto-scaling-instance-refresh-succeeded", "changed", {}],
  ["ec2-auto-scaling-instance-refresh-failed", "failed", {}],
  ["ec2-auto-scaling-instance-refresh-cancelled", "changed", {}],
  ["ec2-instance-pending", "changed", { subject: instance, instanceId: instance }],
  ["ec2-instance-running", "started", { subject: instance }],
  ["ec2-instance-stopping", "changed", {}],
  ["ec2-instance-stopped", "stopped", {}],
  ["ec2-instance-shutting-down", "changed", {}],
  ["ec2-instance-terminated", "stopped", {}],
  ["ec2-spot-instance-request-fulfillment", "started", { instanceId: instance }],
  ["ec2-spot-instance-interruption-warning", "warned", { instanceId: instance, cause: "terminate" }],
  ["ec2-instance-rebalance-recommendation", "warned", {}],
  ["ec2-spot-instance-rebalance-recommended", "warned", {}],
  ["ec2-fleet-state-change", "started", { subject: fleet }],
  ["ec2-fleet-instance-change", "started", { instanceType: "g6e.48xlarge", instanceId: instance }],
  ["ec2-fleet-spot-instance-request-change", "stopped", {}],
  ["ec2-fleet-information", "warned", { instanceType: "p4d.24xlarge" }],
  ["ec2-fleet-error", "failed", { instanceType: "p4d.24xlarge" }],
  ["ec2-spot-fleet-state-change", "started", {}],
  ["ec2-spot-fleet-instance-change", "started", { instanceType: "g6e.48xlarge" }],
  ["ec2-spot-fleet-spot-instance-request-change", "stopped", {}],
  ["ec2-spot-fleet-information", "warned", {}],
  ["ec2-spot-fleet-error", "failed", {}],
  ["capacity-block-delivered", "reserved", { subject: reservation }],
  ["capacity-block-reservation-delivered", "reserved", { subject: reservation }],
  ["capacity-block-expiration-warning", "warned", { subject: reservation }],
  ["capacity-block-reservation-expiration-warning", "warned", { subject: reservation }],
  ["capacity-reservation-instance-interruption-warning", "warned", { subject: instance, instanceId: instance }],
  ["ec2-capacity-reservation-instance-interruption-warning", "warned", { subject: instance }],
  ["ec2-capacity-reservation-scheduled", "reserved", { subject: reservation }],
  ["ec2-capacity-reservation-active", "reserved", {}],
  ["ec2-capacity-reservation-delayed", "warned", {}],
  ["ec2-capacity-reservation-failed", "failed", {}],
  ["ec2-capacity-reservation-expired", "stopped", {}],
  ["ec2-on-demand-capacity-reservation-suspended", "changed", {}],
  [
    "sagemaker-training-job-state-change",
    "started",
    { subject: sagemaker("training-job/llm-1"), instanceType: "ml.p5.48xlarge", instanceCount: 4, role },
  ],
  [
    "sagemaker-training-job-failed-in-groups",
    "failed",
    { instanceType: "ml.p4d.24xlarge", instanceCount: 3, cause: "CapacityError" },
  ],
  ["sagemaker-hyperparameter-tuning-job-state-change", "stopped", { instanceType: "ml.p5.48xlarge", role }],
  ["sagemaker-transform-job-state-change", "stopped", { instanceType: "ml.g5.2xlarge", instanceCount: 3 }],
  ["sagemaker-processing-job-state-change", "started", { instanceType: "ml.g5.xlarge", instanceCount: 2, role }],
  ["sagemaker-endpoint-state-change", "started", { subject: sagemaker("endpoint/chat"), instanceCount: 7 }],
  ["sagemaker-endpoint-deployment-state-change", "changed", { subject: sagemaker("endpoint/chat") }],
  ["sagemaker-endpoint-config-state-change", "changed", { instanceType: "ml.inf2.48xlarge", instanceCount: 2 }],
  ["sagemaker-notebook-instance-state-change", "started", { instanceType: "ml.g4dn.xlarge", role }],
  ["sagemaker-notebook-lifecycle-config-state-change", "changed", {}],
  ["sagemaker-model-state-change", "changed", { role }],
  ["sagemaker-model-package-state-change", "changed", { subject: sagemaker("model-package/m-1/1") }],
  ["sagemaker-model-building-pipeline-execution-status-change", "stopped", {}],
  ["sagemaker-model-building-pipeline-execution-step-status-change", "failed", { cause: "ClientError" }],
  ["sagemaker-hyperpod-cluster-state-change", "started", { instanceType: "ml.p5.48xlarge", instanceCount: 8, role }],
  ["sagemaker-hyperpod-cluster-node-health-event", "warned", { instanceId: instance }],
  ["sagemaker-hyperpod-cluster-event", "failed", { instanceId: instance, cause: "Instance creation failed" }],
  ["model-customization-job-state-change", "failed", { role, cause: "The training data could not be read." }],
  [
    "batch-inference-job-state-change",
    "started",
    { subject: "arn:aws:bedrock:us-east-1:111122223333:model-invocation-job/abcdefghijkl" },
  ],
  ["batch-job-state-change", "started", { role }],
  ["batch-job-queue-blocked", "warned", { cause: expect.stringContaining("MISCONFIGURATION") }],
  ["batch-compute-environment-state-change", "failed", {}],
  ["ecs-task-state-change", "started", { role }],
  ["ecs-task-interrupted", "warned", { cause: "Your Spot Task was interrupted." }],
  ["ecs-task-failed-to-start", "failed", {}],
  ["ecs-container-instance-state-change", "started", { instanceType: "g5.12xlarge", instanceId: instance }],
  ["ecs-service-action", "warned", { cause: "SERVICE_TASK_START_IMPAIRED" }],
  ["ecs-deployment-state-change", "failed", { subject: "arn:aws:ecs:us-east-1:111122223333:service/bots/bot" }],
];

describe("changes of capacity", () => {
  it.each(cases)("given %s, says that it was %s", (name, change, rest) => {
    const envelope = fixture(name);
    const event = scalingOf(envelope);
    expect(event).toMatchObject({ change, source: envelope["source"], detailType: envelope["detail-type"], ...rest });
    expect(event.resources).toEqual(list(envelope["resources"]));
    expect(Object.values(event)).not.toContain("");
  });

  it("are all that the fixtures hold, but findings and schedules", () => {
    const other =
      /^(guardduty|access-analyzer|internal-access|unused-access|security-hub|findings-|aws-health|scheduled)/;
    expect(cases.map(([name]) => name).sort()).toEqual(fixtureNames.filter((name) => !other.test(name)));
  });

  it.each([
    ["ec2-instance-running", "state"],
    ["ec2-fleet-instance-change", "sub-type"],
    ["sagemaker-training-job-state-change", "TrainingJobStatus"],
    ["batch-inference-job-state-change", "status"],
    ["model-customization-job-state-change", "jobStatus"],
    ["batch-job-state-change", "status"],
    ["ecs-task-state-change", "lastStatus"],
    ["ecs-service-action", "eventName"],
  ])("given %s without its %s, parks it by that name", (name, field) => {
    const { [field]: _, ...rest } = withDetail(fixture(name), {})["detail"] as JsonObject;
    expect(decoded({ ...fixture(name), detail: rest })).toEqual({
      kind: "parked",
      because: `detail.${field} is missing from a "${text(fixture(name)["detail-type"])}" event`,
    });
  });

  it("takes the spaces of AWS's own example off an instance id", () => {
    expect(scalingOf(withDetail(fixture("ec2-instance-running"), { "instance-id": ` ${instance}` })).subject).toBe(
      instance,
    );
  });

  it.each(["Rebooting", "STEADY_STATE", "", "__proto__", "constructor"])(
    "takes the unknown state %j for a change",
    (state) => {
      const envelope = withDetail(fixture("sagemaker-notebook-instance-state-change"), {
        NotebookInstanceStatus: state || "x",
      });
      expect(scalingOf(envelope).change).toBe("changed");
    },
  );

  it("given a fleet's description that is no JSON, or not of an instance, reads no instance type from it", () => {
    for (const description of ["{broken", "{}", "[]", "Please, help", `{"instanceType":${"1".repeat(5_000)}}`])
      expect(scalingOf(withDetail(fixture("ec2-fleet-instance-change"), { description })).instanceType).toBeUndefined();
  });
});
