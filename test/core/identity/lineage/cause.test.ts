import { describe, expect, it } from "vitest";
import { decode } from "../../../../core/event/decode.ts";
import type { Json } from "../../../../core/event/json.ts";
import type { Cause } from "../../../../core/identity/lineage/cause.ts";
import { causeOf, causeSources } from "../../../../core/identity/lineage/cause-catalog.ts";
import { account, type RecordObject, region } from "../../../fixtures/records.ts";
import { arn, call } from "../../flow/capacity/capacity.ts";

function causeIn(record: RecordObject): Cause | undefined {
  const decoded = decode(record);
  return decoded.kind === "event" && decoded.event.kind === "api-call" ? causeOf(decoded.event) : undefined;
}

const of = (api: string, request: Json, response: Json = null): Cause | undefined =>
  causeIn(call(api, [1, 0], { request, response }));

const here = (rest: string): string => `${account}/${region}/${rest}`;
const task = "0123456789abcdef0123456789abcdef";
const group = { autoScalingGroupName: "gpu" };
const nodes = { instancesSet: { items: [{ instanceId: "i-0aaa" }, { instanceId: "i-0bbb" }] } };
const fleet = {
  CreateFleetResponse: { fleetId: "fleet-1", fleetInstanceSet: { item: { instanceIds: { item: "i-0ccc" } } } },
};
const job = (kind: string): Json => ({ [`${kind}Arn`]: arn("sagemaker", `${kind.toLowerCase()}/nightly`) });

type Row = readonly [api: string, request: Json, response: Json, kind: string, subjects: readonly string[]];

/** What each call changed: `=` for an id that the answer made up, `~` for a name. */
const rows: readonly Row[] = [
  ["autoscaling:CreateAutoScalingGroup", group, null, "set-capacity", ["~autoscaling:group/gpu"]],
  [
    "autoscaling:SetDesiredCapacity",
    { ...group, desiredCapacity: 4 },
    null,
    "set-capacity",
    ["~autoscaling:group/gpu"],
  ],
  ["autoscaling:UpdateAutoScalingGroup", { ...group, maxSize: 4 }, null, "set-capacity", ["~autoscaling:group/gpu"]],
  ["autoscaling:DeleteAutoScalingGroup", group, null, "ended", ["~autoscaling:group/gpu"]],
  ["autoscaling:ExecutePolicy", { ...group, policyName: "up" }, null, "set-capacity", ["~autoscaling:group/gpu"]],
  [
    "autoscaling:ExecutePolicy",
    { policyName: arn("autoscaling", "scalingPolicy:0-0:autoScalingGroupName/gpu:policyName/up") },
    null,
    "set-capacity",
    ["~autoscaling:group/gpu"],
  ],
  [
    "autoscaling:PutScalingPolicy",
    { ...group, policyName: "up" },
    null,
    "set-policy",
    ['~autoscaling:policy/["gpu","up"]', "~autoscaling:group/gpu"],
  ],
  [
    "autoscaling:PutScheduledUpdateGroupAction",
    { ...group, scheduledActionName: "night" },
    null,
    "set-policy",
    ['~autoscaling:schedule/["gpu","night"]', "~autoscaling:group/gpu"],
  ],
  [
    "autoscaling:StartInstanceRefresh",
    group,
    { instanceRefreshId: "r-1" },
    "set-capacity",
    ["=autoscaling:refresh/r-1", "~autoscaling:refreshed/gpu"],
  ],
  [
    "autoscaling:TerminateInstanceInAutoScalingGroup",
    { instanceId: "i-0aaa" },
    null,
    "ended",
    ["~ec2:instance/i-0aaa"],
  ],
  [
    "autoscaling:DetachInstances",
    { ...group, instanceIds: ["i-0aaa"] },
    null,
    "ended",
    ["~ec2:instance/i-0aaa", "~autoscaling:group/gpu"],
  ],
  [
    "autoscaling:CreateLaunchConfiguration",
    { launchConfigurationName: "lc" },
    null,
    "made-template",
    ["~autoscaling:launch-configuration/lc"],
  ],
  ["ec2:RunInstances", {}, nodes, "launched", ["=ec2:instance/i-0aaa", "=ec2:instance/i-0bbb"]],
  ["ec2:StartInstances", {}, nodes, "launched", ["~ec2:instance/i-0aaa", "~ec2:instance/i-0bbb"]],
  ["ec2:TerminateInstances", {}, nodes, "ended", ["~ec2:instance/i-0aaa", "~ec2:instance/i-0bbb"]],
  ["ec2:CreateFleet", {}, fleet, "launched", ["=ec2:fleet/fleet-1", "=ec2:instance/i-0ccc"]],
  ["ec2:ModifyFleet", { ModifyFleetRequest: { FleetId: "fleet-1" } }, null, "set-capacity", ["~ec2:fleet/fleet-1"]],
  ["ec2:DeleteFleets", { DeleteFleetsRequest: { FleetId: "fleet-1" } }, null, "ended", ["~ec2:fleet/fleet-1"]],
  ["ec2:RequestSpotFleet", {}, { spotFleetRequestId: "sfr-1" }, "launched", ["=ec2:spot-fleet-request/sfr-1"]],
  [
    "ec2:RequestSpotInstances",
    {},
    { spotInstanceRequestSet: { items: [{ spotInstanceRequestId: "sir-1" }] } },
    "launched",
    ["=ec2:spot-instances-request/sir-1"],
  ],
  [
    "ec2:ModifySpotFleetRequest",
    { spotFleetRequestId: "sfr-1" },
    null,
    "set-capacity",
    ["~ec2:spot-fleet-request/sfr-1"],
  ],
  [
    "ec2:CreateCapacityReservation",
    {},
    { CreateCapacityReservationResponse: { capacityReservation: { capacityReservationId: "cr-1" } } },
    "launched",
    ["=ec2:capacity-reservation/cr-1"],
  ],
  [
    "ec2:CancelCapacityReservation",
    { CancelCapacityReservationRequest: { CapacityReservationId: "cr-1" } },
    null,
    "ended",
    ["~ec2:capacity-reservation/cr-1"],
  ],
  [
    "ec2:CreateLaunchTemplateVersion",
    {},
    { CreateLaunchTemplateVersionResponse: { launchTemplateVersion: { launchTemplateId: "lt-1", versionNumber: 3 } } },
    "made-template",
    ["=ec2:launch-template/lt-1/3", "=ec2:launch-template/lt-1/$Latest"],
  ],
  [
    "ec2:ModifyLaunchTemplate",
    { ModifyLaunchTemplateRequest: { LaunchTemplateId: "lt-1", SetDefaultVersion: 2 } },
    null,
    "made-template",
    ["=ec2:launch-template/lt-1/$Default"],
  ],
  [
    "sagemaker:CreateTrainingJob",
    {},
    { trainingJobArn: arn("sagemaker", "training-job/nightly") },
    "launched",
    ["=sagemaker:training-job/nightly"],
  ],
  ["sagemaker:StopTrainingJob", { trainingJobName: "Nightly" }, null, "ended", ["~sagemaker:training-job/nightly"]],
  ["sagemaker:CreateEndpoint", {}, job("endpoint"), "launched", ["~sagemaker:endpoint/nightly"]],
  ["sagemaker:UpdateEndpoint", {}, job("endpoint"), "set-capacity", ["~sagemaker:endpoint/nightly"]],
  [
    "sagemaker:UpdateEndpointWeightsAndCapacities",
    { endpointName: "rag" },
    null,
    "set-capacity",
    ["~sagemaker:endpoint/rag"],
  ],
  [
    "sagemaker:StartNotebookInstance",
    { notebookInstanceName: "n" },
    null,
    "launched",
    ["~sagemaker:notebook-instance/n"],
  ],
  [
    "sagemaker:UpdateCluster",
    { clusterName: arn("sagemaker", "cluster/c1") },
    null,
    "set-capacity",
    ["~sagemaker:cluster/c1"],
  ],
  ["batch:SubmitJob", {}, { jobId: "0-0-0" }, "launched", ["=batch:job/0-0-0"]],
  ["batch:TerminateJob", { jobId: "0-0-0" }, null, "ended", ["~batch:job/0-0-0"]],
  [
    "batch:UpdateComputeEnvironment",
    { computeEnvironment: "gpu" },
    { computeEnvironmentArn: arn("batch", "compute-environment/gpu") },
    "set-capacity",
    ["~batch:compute-environment/gpu"],
  ],
  ["batch:DeleteComputeEnvironment", { computeEnvironment: "gpu" }, null, "ended", ["~batch:compute-environment/gpu"]],
  ["ecs:RunTask", {}, { tasks: [{ taskArn: arn("ecs", `task/prod/${task}`) }] }, "launched", [`=ecs:task/${task}`]],
  ["ecs:StopTask", {}, { task: { taskArn: arn("ecs", `task/${task}`) } }, "ended", [`~ecs:task/${task}`]],
  [
    "ecs:UpdateService",
    {},
    { service: { serviceArn: arn("ecs", "service/prod/bot") } },
    "set-capacity",
    ["~ecs:service/prod/bot"],
  ],
  ["eks:CreateNodegroup", { name: "c", nodegroupName: "gpu" }, null, "set-capacity", ["~eks:nodegroup/c/gpu"]],
  [
    "eks:UpdateNodegroupConfig",
    { name: "c", nodegroupName: "gpu", scalingConfig: { desiredSize: 4 } },
    null,
    "set-capacity",
    ["~eks:nodegroup/c/gpu"],
  ],
  [
    "bedrock:CreateModelCustomizationJob",
    {},
    { jobArn: arn("bedrock", "model-customization-job/m/1") },
    "launched",
    ["=bedrock:model-customization-job/m/1"],
  ],
  [
    "autoscaling:RegisterScalableTarget",
    { serviceNamespace: "ecs", resourceId: "service/prod/bot" },
    null,
    "set-capacity",
    ["~ecs:service/prod/bot"],
  ],
  [
    "autoscaling:PutScalingPolicy",
    { serviceNamespace: "sagemaker", resourceId: "endpoint/RAG/variant/all", policyName: "up" },
    null,
    "set-policy",
    ["~sagemaker:endpoint/rag"],
  ],
  [
    "application-autoscaling:PutScheduledAction",
    { serviceNamespace: "ec2", resourceId: "spot-fleet-request/sfr-1" },
    null,
    "set-policy",
    ["~ec2:spot-fleet-request/sfr-1"],
  ],
];

describe("causeOf", () => {
  it.each(rows)("reads %s %j", (api, request, response, kind, subjects) => {
    const cause = of(api, request, response);
    expect(cause?.kind).toBe(kind);
    expect(cause?.subjects.map((one) => `${one.proof === "answered" ? "=" : "~"}${one.key}`)).toEqual(
      subjects.map((one) => `${one[0]}${here(one.slice(1))}`),
    );
    for (const { field } of cause?.subjects ?? []) expect(field).toMatch(/^(?:request|response)\w+\.\w+/);
  });

  it("has a row for every source", () =>
    expect(new Set(rows.map(([api]) => api.split(":")[0]))).toEqual(
      new Set(
        causeSources
          .flatMap(({ watches }) => (watches.kind === "calls" ? watches.apis : []))
          .map((api) => api.split(":")[0]),
      ),
    ));

  it.each([
    [
      "a call that failed",
      call("ec2:RunInstances", [1, 0], { response: nodes, errorCode: "Client.UnauthorizedOperation" }),
    ],
    ["an update that changes no size", call("autoscaling:UpdateAutoScalingGroup", [1, 0], { request: group })],
    [
      "a rule for a table",
      call("autoscaling:PutScalingPolicy", [1, 0], {
        request: { serviceNamespace: "dynamodb", resourceId: "table/t" },
      }),
    ],
    ["a policy without a group", call("autoscaling:PutScalingPolicy", [1, 0], { request: { policyName: "up" } })],
    ["a launch that answers nothing", call("ec2:RunInstances", [1, 0])],
    ["another service's call", call("ec2:DescribeInstances", [1, 0], { response: nodes })],
  ])("says nothing about %s", (_, record) => expect(causeIn(record)).toBeUndefined());

  it("tells what a service acts for by tags that AWS alone can write", () => {
    const tags = [
      { key: "aws:autoscaling:groupName", value: "gpu" },
      { key: "aws:ec2:fleet-id", value: "fleet-1" },
    ];
    const set = { items: [{ instanceId: "i-0aaa", tagSet: { items: tags } }] };
    expect(of("ec2:RunInstances", {}, { instancesSet: set })?.within).toEqual([
      here("autoscaling:group/gpu"),
      here("ec2:fleet/fleet-1"),
    ]);
    const eks = [
      { key: "eks:cluster-name", value: "c" },
      { key: "eks:nodegroup-name", value: "gpu" },
    ];
    expect(of("autoscaling:CreateAutoScalingGroup", { ...group, tags: eks })?.within).toEqual([
      here("eks:nodegroup/c/gpu"),
    ]);
  });

  it("reads the NodePool of a launch, however its tags are spelled", () => {
    const spelled = [
      {
        CreateFleetRequest: {
          TagSpecification: { ResourceType: "instance", Tag: [{ Key: "karpenter.sh/nodepool", Value: "gpu" }] },
        },
      },
      {
        tagSpecificationSet: {
          items: [{ resourceType: "instance", tags: [{ key: "karpenter.sh/nodepool", value: "gpu" }] }],
        },
      },
    ];
    for (const request of spelled) expect(of("ec2:CreateFleet", request, fleet)?.pool).toBe("gpu");
    expect(
      of("ec2:CreateFleet", { note: { key: "karpenter.sh/nodepool", value: "gpu" } }, fleet)?.pool,
    ).toBeUndefined();
  });

  it("names the template's version that something is started from", () => {
    const asked = { launchTemplate: { launchTemplateId: "lt-1", version: "3" } };
    expect(of("ec2:RunInstances", asked, nodes)?.template).toBe(here("ec2:launch-template/lt-1/3"));
    const byName = {
      ...group,
      mixedInstancesPolicy: { launchTemplate: { launchTemplateSpecification: { launchTemplateName: "gpu" } } },
    };
    expect(of("autoscaling:CreateAutoScalingGroup", byName)?.template).toBe(here("ec2:launch-template/gpu/$Default"));
    expect(of("autoscaling:CreateAutoScalingGroup", { ...group, launchConfigurationName: "lc" })?.template).toBe(
      here("autoscaling:launch-configuration/lc"),
    );
  });
});
