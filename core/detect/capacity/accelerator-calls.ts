import type { ApiName } from "../../iam/identifiers.ts";

/** What a call does to capacity: starts instances, only writes down what a later call may start, or buys. */
export type Effect = "starts" | "prepares" | "reserves";

/**
 * The calls that ask for instances, by what they do (the services' API references). Tasks of ECS and jobs of AWS Batch ask
 * for GPUs of instances that others start.
 */
const calls = {
  starts: [
    "autoscaling:CreateAutoScalingGroup",
    "autoscaling:SetDesiredCapacity",
    "autoscaling:UpdateAutoScalingGroup",
    "batch:CreateComputeEnvironment",
    "batch:SubmitJob",
    "batch:UpdateComputeEnvironment",
    "ec2:CreateFleet",
    "ec2:ModifyFleet",
    "ec2:ModifySpotFleetRequest",
    "ec2:RequestSpotFleet",
    "ec2:RequestSpotInstances",
    "ec2:RunInstances",
    "ec2:StartInstances",
    "ecs:RunTask",
    "eks:CreateNodegroup",
    "eks:UpdateNodegroupConfig",
    "elasticmapreduce:AddInstanceGroups",
    "elasticmapreduce:RunJobFlow",
    "gamelift:CreateFleet",
    "sagemaker:CreateApp",
    "sagemaker:CreateCluster",
    "sagemaker:CreateEndpoint",
    "sagemaker:CreateHyperParameterTuningJob",
    "sagemaker:CreateInferenceRecommendationsJob",
    "sagemaker:CreateNotebookInstance",
    "sagemaker:CreateProcessingJob",
    "sagemaker:CreateTrainingJob",
    "sagemaker:CreateTransformJob",
    "sagemaker:StartNotebookInstance",
    "sagemaker:UpdateCluster",
    "sagemaker:UpdateEndpoint",
    "sagemaker:UpdateEndpointWeightsAndCapacities",
  ],
  prepares: [
    "autoscaling:CreateLaunchConfiguration",
    "batch:RegisterJobDefinition",
    "ec2:CreateLaunchTemplate",
    "ec2:CreateLaunchTemplateVersion",
    "ec2:ModifyInstanceAttribute",
    "ecs:RegisterTaskDefinition",
    "sagemaker:CreateEndpointConfig",
    "sagemaker:UpdateNotebookInstance",
  ],
  reserves: [
    "ec2:AllocateHosts",
    "ec2:CreateCapacityReservation",
    "ec2:ModifyCapacityReservation",
    "ec2:PurchaseCapacityBlock",
    "ec2:PurchaseCapacityBlockExtension",
    "sagemaker:CreateTrainingPlan",
  ],
} as const satisfies Readonly<Record<Effect, readonly ApiName[]>>;

/** Every call that asks for instances, or says what may be asked for. */
export const capacityApis = [...calls.starts, ...calls.prepares, ...calls.reserves] as const;

const effects: ReadonlyMap<ApiName, Effect> = new Map<ApiName, Effect>([
  ...calls.starts.map((api) => [api, "starts"] as const),
  ...calls.prepares.map((api) => [api, "prepares"] as const),
  ...calls.reserves.map((api) => [api, "reserves"] as const),
]);

export const effectOf = (api: ApiName): Effect | undefined => effects.get(api);

/** What nothing but accelerators can be bought by ("Capacity Blocks for ML", "Amazon SageMaker training plans"). */
export const onlyAccelerators: ReadonlySet<ApiName> = new Set<ApiName>([
  "ec2:PurchaseCapacityBlock",
  "ec2:PurchaseCapacityBlockExtension",
  "sagemaker:CreateTrainingPlan",
]);
