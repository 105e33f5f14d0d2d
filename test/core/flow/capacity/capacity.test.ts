import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Case } from "../../../../core/detect/case.ts";
import type { Json } from "../../../../core/event/json.ts";
import type { Registry } from "../../../../core/identity/workload.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { at as noon, type RecordObject, session, sessionKey } from "../../../fixtures/records.ts";
import { workload } from "../../../fixtures/workloads.ts";
import { settled } from "../settling.ts";
import { arn, call, sent, serviceRole } from "./capacity.ts";

const by = session("trainer", "s", sessionKey(1));
const limited = (maxInstances: number): Registry =>
  registryWith([
    workload("trainer", { envelope: { statements: [], accelerators: { families: ["*"], maxInstances } } }),
  ]);

type At = readonly [number: number, seconds: number];
const items = (ids: readonly string[], type?: string): Json => ({
  items: ids.map((instanceId) => ({ instanceId, ...(type === undefined ? {} : { instanceType: type }) })),
});
const run = (at: At, ids: readonly string[], type = "g5.xlarge", over: RecordObject = {}): RecordObject =>
  call("ec2:RunInstances", at, {
    by,
    request: { instanceType: type, instancesSet: { items: [{ minCount: ids.length, maxCount: ids.length }] } },
    response: { instancesSet: items(ids, type) },
    ...over,
  });
const on = (api: string, at: At, ids: readonly string[]): RecordObject =>
  call(api, at, { by, request: { instancesSet: items(ids) }, response: { instancesSet: items(ids) } });
const state = (at: At, id: string, state: string): RecordObject =>
  sent("aws.ec2", "EC2 Instance State-change Notification", at, { "instance-id": id, state });

/** Something that opens a case for the trainer, whatever it runs. */
const alarm = call("ec2:RunInstances", [990, 3_600], {
  by,
  request: { instanceType: "p5.48xlarge", instancesSet: { items: [{ minCount: 1, maxCount: 1_000 }] } },
  errorCode: "Client.VcpuLimitExceeded",
});

async function caseOf(records: readonly RecordObject[]): Promise<Case | undefined> {
  const { settlement } = await settled([[[...records, alarm]]], { registry: limited(100) });
  return settlement.cases.find(({ root }) => root.id === "trainer");
}

/** How many accelerators ran from which second on. */
async function course(records: readonly RecordObject[]): Promise<readonly string[]> {
  const found = await caseOf(records);
  return (found?.capacity?.points ?? []).map(
    ({ at, accelerators }) => `${(at - Date.parse(noon)) / 1_000}s ${accelerators}`,
  );
}

describe("what a workload ran is in its case", () => {
  it("from the calls that start, stop and end instances", async () =>
    expect(
      await course([
        run([1, 0], ["i-1", "i-2"], "g5.12xlarge"),
        on("ec2:StopInstances", [2, 600], ["i-1"]),
        on("ec2:StartInstances", [3, 900], ["i-1"]),
        on("ec2:TerminateInstances", [4, 1_200], ["i-1", "i-2"]),
      ]),
    ).toEqual(["0s 8", "600s 4", "900s 8", "1200s 0"]));

  it("from the events that tell of an instance's state, whatever call ended it", async () =>
    expect(
      await course([
        run([1, 0], ["i-1"]),
        state([2, 10], "i-1", "running"),
        state([3, 300], "i-1", "stopped"),
        state([4, 400], "i-1", "running"),
        state([5, 500], "i-1", "terminated"),
      ]),
    ).toEqual(["0s 1", "300s 0", "400s 1", "500s 0"]));

  it("also where a service started the machines for a group that it set, and the group's events tell of them", async () => {
    const service = serviceRole("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling");
    const tags = { tagSpecificationSet: { items: [{ tags: [{ key: "aws:autoscaling:groupName", value: "gpu" }] }] } };
    const group = call("autoscaling:CreateAutoScalingGroup", [1, 0], {
      by,
      request: { autoScalingGroupName: "gpu", maxSize: 4, launchTemplate: { launchTemplateId: "lt-1", version: "1" } },
    });
    const template = call("ec2:CreateLaunchTemplate", [2, -60], {
      by,
      request: { CreateLaunchTemplateRequest: { LaunchTemplateData: { InstanceType: "p4d.24xlarge" } } },
      response: { CreateLaunchTemplateResponse: { launchTemplate: { launchTemplateId: "lt-1" } } },
    });
    const started = run([3, 60], ["i-1"], "p4d.24xlarge", { by: service, request: tags as never });
    const event = (at: At, what: string, id: string) =>
      sent("aws.autoscaling", `EC2 Instance ${what} Successful`, at, {
        AutoScalingGroupName: "gpu",
        EC2InstanceId: id,
        Cause: "",
      });
    const expected = ["60s 8", "120s 16", "500s 8"];
    const second = run([4, 120], ["i-2"], "p4d.24xlarge", { by: service, request: tags as never });
    expect(await course([group, template, started, second, event([5, 500], "Terminate", "i-1")])).toEqual(expected);
    const told = [
      event([6, 60], "Launch", "i-1"),
      event([7, 120], "Launch", "i-2"),
      event([5, 500], "Terminate", "i-1"),
    ];
    const { settlement } = await settled([[[group, template, ...told, alarm]]], { registry: limited(100) });
    expect(settlement.findings.map(({ detector }) => detector)).not.toContain("scaling-over-declared");
  });

  it("from an endpoint by its configuration, as it is resized and deleted", async () =>
    expect(
      await course([
        call("sagemaker:CreateEndpointConfig", [1, 0], {
          by,
          request: {
            endpointConfigName: "c",
            productionVariants: [{ instanceType: "ml.g5.12xlarge", initialInstanceCount: 2 }],
          },
          response: { endpointConfigArn: arn("sagemaker", "endpoint-config/c") },
        }),
        call("sagemaker:CreateEndpoint", [2, 60], {
          by,
          request: { endpointName: "e", endpointConfigName: "c" },
          response: { endpointArn: arn("sagemaker", "endpoint/e") },
        }),
        call("sagemaker:UpdateEndpointWeightsAndCapacities", [3, 120], {
          by,
          request: { endpointName: "e", desiredWeightsAndCapacities: [{ variantName: "v", desiredInstanceCount: 5 }] },
          response: { endpointArn: arn("sagemaker", "endpoint/e") },
        }),
        call("sagemaker:DeleteEndpoint", [4, 180], { by, request: { endpointName: "e" } }),
      ]),
    ).toEqual(["60s 8", "120s 20", "180s 0"]));

  it("from a job until it says that it ended, and no longer than it may run", async () => {
    const job = call("sagemaker:CreateTrainingJob", [1, 0], {
      by,
      request: {
        trainingJobName: "t",
        resourceConfig: { instanceType: "ml.p4d.24xlarge", instanceCount: 2 },
        stoppingCondition: { maxRuntimeInSeconds: 900 },
      },
      response: { trainingJobArn: arn("sagemaker", "training-job/t") },
    });
    const ended = sent("aws.sagemaker", "SageMaker Training Job State Change", [2, 300], {
      TrainingJobArn: arn("sagemaker", "training-job/t"),
      TrainingJobStatus: "Completed",
    });
    expect(await course([job])).toEqual(["0s 16", "900s 0"]);
    expect(await course([job, ended])).toEqual(["0s 16", "300s 0"]);
  });

  it("from notebooks and apps while they are on", async () =>
    expect(
      await course([
        call("sagemaker:CreateNotebookInstance", [1, 0], {
          by,
          request: { notebookInstanceName: "n", instanceType: "ml.g4dn.12xlarge" },
          response: { notebookInstanceArn: arn("sagemaker", "notebook-instance/n") },
        }),
        call("sagemaker:StopNotebookInstance", [2, 60], { by, request: { notebookInstanceName: "n" } }),
        call("sagemaker:StartNotebookInstance", [3, 120], { by, request: { notebookInstanceName: "n" } }),
        call("sagemaker:CreateApp", [4, 180], {
          by,
          request: {
            domainId: "d",
            spaceName: "s",
            appType: "JupyterLab",
            appName: "default",
            resourceSpec: { instanceType: "ml.g5.xlarge" },
          },
        }),
        call("sagemaker:DeleteApp", [5, 240], {
          by,
          request: { domainId: "d", spaceName: "s", appType: "JupyterLab", appName: "default" },
        }),
      ]),
    ).toEqual(["0s 4", "60s 0", "120s 4", "180s 5", "240s 4"]));

  it("from instant fleets, Spot requests, and what fleets say that they launched", async () =>
    expect(
      await course([
        call("ec2:CreateFleet", [1, 0], {
          by,
          response: {
            CreateFleetResponse: {
              fleetId: "fleet-1",
              fleetInstanceSet: { item: { instanceType: "g6.12xlarge", instanceIds: { item: ["i-1", "i-2"] } } },
            },
          },
        }),
        call("ec2:RequestSpotInstances", [2, 60], {
          by,
          request: { launchSpecification: { instanceType: "g5.xlarge" } },
          response: { spotInstanceRequestSet: { items: [{ spotInstanceRequestId: "sir-1" }] } },
        }),
        sent("aws.ec2", "EC2 Spot Instance Request Fulfillment", [3, 120], {
          "spot-instance-request-id": "sir-1",
          "instance-id": "i-3",
        }),
      ]),
    ).toEqual(["0s 8", "120s 9"]));

  it("costs nothing and shows nothing where nothing accelerated ran, or somebody else ran it", async () => {
    expect(await course([run([1, 0], ["i-1"], "m7i.large")])).toEqual([]);
    const other = session("other", "s", sessionKey(2));
    expect(await course([run([1, 0], ["i-1"], "g5.xlarge", { by: other })])).toEqual([]);
  });
});

describe("what is wrong with it", () => {
  const records = [
    run([1, 0], ["i-1", "i-2"]),
    run([2, 100], ["i-3"]),
    on("ec2:TerminateInstances", [3, 200], ["i-1"]),
    run([4, 300], ["i-4"]),
    run([5, 400], ["i-5"]),
    state([6, 500], "i-2", "terminated"),
  ];
  const over = async (all: readonly RecordObject[], horizon = {}) => {
    const { lines } = await settled([[all]], { registry: limited(3), horizon });
    return lines.filter((line) => line.includes("scaling-over-declared") || line.includes('"type":"case"'));
  };

  it("is found at the call that went over, in any order, with repetitions", async () => {
    const expected = await over(records);
    expect(expected.join()).toContain("00000000-0000-4000-8000-000000000005");
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray([...records, ...records], { minLength: 6 }), async (shuffled) => {
        expect(await over([...shuffled, ...records])).toEqual(expected);
      }),
      { numRuns: 40 },
    );
  });

  it("counts what began before the time that is asked about, and tells of nothing outside it", async () => {
    const second = (after: number): number => Date.parse(noon) / 1_000 + after;
    expect((await over(records, { since: second(350) })).join()).toContain("scaling-over-declared");
    expect((await over(records, { since: second(450) })).join()).not.toContain("scaling-over-declared");
  });
});
