import type { Profile, RoleKind } from "./corpus-world.ts";

/** What a group of identities does for a living, in ordinary days. */
export interface Trade {
  readonly word: string;
  readonly kind: RoleKind;
  readonly profile: Profile;
  /** How many of them the platform has. */
  readonly count: number;
  readonly declared: "declared" | "undeclared";
  /** Calls all day long, with how often each comes up among them. */
  readonly steady: readonly (readonly [call: string, weight: number])[];
  /** A piece of work: its calls in order, within minutes. */
  readonly routine?: Routine;
  /** Launches nodes and takes them away hours later. */
  readonly nodes?: "karpenter";
  /** The IAM actions of its manifest. */
  readonly allowed?: readonly string[];
}

export interface Routine {
  readonly calls: readonly string[];
  /** UTC hours at which it may begin. */
  readonly hours: readonly number[];
  /** The chance in each of these hours; on deploy days, and for a fail-over, three times as much. */
  readonly chance: number;
  readonly busy: "deploy-days" | "any-day";
}

const office = [8, 9, 10, 11, 12, 13, 14, 15, 16] as const;
const anyHour = Array.from({ length: 24 }, (_, hour) => hour);

const terraform = [
  "iam:GetRole",
  "iam:ListRolePolicies",
  "iam:ListAttachedRolePolicies",
  "iam:PutRolePolicy",
  "iam:AttachRolePolicy",
  "iam:CreateRole",
  "ecs:RegisterTaskDefinition",
  "ecs:UpdateService",
  "lambda:UpdateFunctionCode20150331v2",
  "logs:CreateLogGroup",
  "logs:PutRetentionPolicy",
];
const release = [
  "ecr:PutImage",
  "s3:GetObject",
  "sagemaker:CreateModel",
  "sagemaker:CreateEndpointConfig",
  "sagemaker:UpdateEndpoint",
  "sagemaker:DescribeEndpoint",
];

/** An AI platform of 120 declared workloads, and the people, nodes and pipelines around them that nobody declared. */
export const trades: readonly Trade[] = [
  {
    ...{ word: "karpenter", kind: "irsa", profile: "platform", count: 8, declared: "declared", nodes: "karpenter" },
    steady: [
      ["ec2:DescribeInstances", 6],
      ["ec2:DescribeInstanceTypes", 1],
      ["ec2:DescribeSpotPriceHistory", 1],
    ],
    routine: {
      ...{ hours: anyHour, chance: 0.15, busy: "any-day" },
      calls: ["ec2:CreateLaunchTemplate", "ec2:DeleteLaunchTemplate"],
    },
    allowed: [
      ...["ec2:Describe*", "ec2:RunInstances", "ec2:CreateFleet", "ec2:TerminateInstances", "ec2:CreateTags"],
      ...["ec2:CreateLaunchTemplate", "ec2:DeleteLaunchTemplate", "iam:PassRole"],
    ],
  },
  {
    ...{ word: "answer", kind: "lambda", profile: "inference", count: 22, declared: "declared" },
    steady: [
      ["bedrock:Converse", 4],
      ["bedrock:InvokeModel", 4],
      ["bedrock:ApplyGuardrail", 1],
      ["kms:Decrypt", 2],
      ["logs:CreateLogStream", 2],
      ["secretsmanager:GetSecretValue", 1],
    ],
    allowed: [
      ...["bedrock:InvokeModel*", "bedrock:ApplyGuardrail", "kms:Decrypt", "logs:CreateLogStream"],
      "secretsmanager:GetSecretValue",
    ],
  },
  {
    ...{ word: "agent", kind: "pod-identity", profile: "inference", count: 16, declared: "declared" },
    steady: [
      ["bedrock:ConverseStream", 4],
      ["bedrock:InvokeModelWithResponseStream", 2],
      ["dynamodb:GetItem", 3],
      ["s3:GetObject", 3],
    ],
    allowed: ["bedrock:InvokeModel*", "dynamodb:GetItem", "s3:GetObject"],
  },
  {
    ...{ word: "train", kind: "sagemaker", profile: "training", count: 18, declared: "declared" },
    steady: [
      ["s3:GetObject", 6],
      ["s3:PutObject", 2],
      ["kms:GenerateDataKey", 2],
      ["sagemaker:DescribeTrainingJob", 2],
    ],
    routine: {
      ...{ hours: [1, 2, 3, 22], chance: 0.5, busy: "any-day" },
      calls: ["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"],
    },
    allowed: [
      ...["s3:GetObject", "s3:PutObject", "kms:GenerateDataKey", "sagemaker:DescribeTrainingJob", "iam:PassRole"],
      ...["sagemaker:CreateProcessingJob", "sagemaker:CreateTrainingJob"],
    ],
  },
  {
    ...{ word: "index", kind: "ecs", profile: "retrieval", count: 20, declared: "declared" },
    steady: [
      ["s3:GetObject", 5],
      ["s3:ListObjects", 2],
      ["bedrock:InvokeModel", 3],
      ["s3:PutObject", 1],
      ["dynamodb:PutItem", 2],
    ],
    allowed: ["s3:GetObject", "s3:ListBucket", "s3:PutObject", "bedrock:InvokeModel", "dynamodb:PutItem"],
  },
  {
    ...{ word: "release", kind: "github", profile: "pipeline", count: 12, declared: "declared" },
    steady: [
      ["ecr:GetAuthorizationToken", 1],
      ["sagemaker:DescribeEndpoint", 1],
    ],
    routine: { calls: release, hours: office, chance: 0.08, busy: "deploy-days" },
    allowed: [
      ...["ecr:GetAuthorizationToken", "ecr:PutImage", "s3:GetObject", "sagemaker:DescribeEndpoint", "iam:PassRole"],
      ...["sagemaker:CreateModel", "sagemaker:CreateEndpointConfig", "sagemaker:UpdateEndpoint"],
    ],
  },
  {
    ...{ word: "apply", kind: "github", profile: "pipeline", count: 12, declared: "declared" },
    steady: [
      ["iam:GetRole", 2],
      ["cloudformation:DescribeStacks", 1],
    ],
    routine: { calls: terraform, hours: office, chance: 0.1, busy: "deploy-days" },
    allowed: [
      ...["iam:Get*", "iam:List*", "iam:PutRolePolicy", "iam:AttachRolePolicy", "iam:CreateRole", "iam:PassRole"],
      ...["ecs:RegisterTaskDefinition", "ecs:UpdateService", "lambda:UpdateFunctionCode", "s3:GetObject"],
      ...["logs:CreateLogGroup", "logs:PutRetentionPolicy", "cloudformation:DescribeStacks"],
    ],
  },
  {
    ...{ word: "rotate", kind: "lambda", profile: "platform", count: 6, declared: "declared" },
    steady: [
      ["logs:CreateLogStream", 2],
      ["secretsmanager:DescribeSecret", 1],
    ],
    routine: {
      ...{ hours: anyHour, chance: 0.25, busy: "any-day" },
      calls: [
        ...["secretsmanager:DescribeSecret", "secretsmanager:GetRandomPassword", "secretsmanager:PutSecretValue"],
        ...["secretsmanager:GetSecretValue", "secretsmanager:UpdateSecretVersionStage"],
      ],
    },
    allowed: ["secretsmanager:*", "logs:CreateLogStream"],
  },
  {
    ...{ word: "preview", kind: "lambda", profile: "platform", count: 6, declared: "declared" },
    steady: [["logs:CreateLogStream", 1]],
    routine: {
      ...{ hours: anyHour, chance: 0.3, busy: "any-day" },
      calls: ["logs:CreateLogGroup", "logs:PutRetentionPolicy", "logs:DeleteLogGroup"],
    },
    allowed: ["logs:*"],
  },
  {
    ...{ word: "ci-terraform", kind: "github", profile: "pipeline", count: 3, declared: "undeclared" },
    steady: [["iam:GetRole", 1]],
    routine: { calls: terraform, hours: office, chance: 0.1, busy: "deploy-days" },
  },
  {
    ...{ word: "gpu-node", kind: "ec2", profile: "training", count: 12, declared: "undeclared" },
    steady: [
      ["ssm:UpdateInstanceInformation", 4],
      ["ecr:BatchGetImage", 3],
      ["ecr:GetAuthorizationToken", 2],
      ["ec2:DescribeInstances", 2],
      ["s3:GetObject", 4],
    ],
  },
  {
    ...{ word: "AWSReservedSSO_OnCall", kind: "sso", profile: "person", count: 4, declared: "undeclared" },
    steady: [],
    routine: {
      ...{ hours: anyHour, chance: 0.06, busy: "any-day" },
      calls: [
        ...["signin:ConsoleLogin", "monitoring:DescribeAlarms", "logs:GetLogEvents", "ec2:DescribeInstances"],
        ...["ecs:DescribeServices", "ssm:StartSession", "ec2:DescribeInstanceStatus", "ssm:TerminateSession"],
        "ecs:UpdateService",
      ],
    },
  },
  {
    ...{ word: "AWSReservedSSO_ReadOnly", kind: "sso", profile: "person", count: 8, declared: "undeclared" },
    steady: [],
    routine: {
      ...{ hours: office, chance: 0.12, busy: "any-day" },
      calls: [
        ...["signin:ConsoleLogin", "s3:ListBuckets", "iam:GetRole", "iam:ListAttachedRolePolicies"],
        ...["cloudformation:ListStacks", "lambda:ListFunctions20150331", "sagemaker:ListTrainingJobs"],
      ],
    },
  },
];
