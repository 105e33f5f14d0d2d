import type { EstateWorkload } from "./corpus-estate.ts";
import type { Random } from "./corpus-random.ts";
import { roleArn } from "./corpus-world.ts";
import { type Template, templatesOf } from "./templates.ts";

/** One way in which a workload leaves its envelope: the calls that it makes, a minute apart, in this Region. */
export interface Drift {
  readonly kind: DriftKind;
  readonly calls: readonly Template[];
  readonly region?: string;
  /** Every call is denied. */
  readonly denied?: "denied";
}

export const driftKinds = [
  "region",
  "secret",
  "own-admin",
  "access-key",
  "pass-role",
  "own-trust",
  "accelerator",
  "training-accelerator",
  "model",
  "bucket",
  "public-bucket",
  "deny-storm",
  "boundary",
  "longer-session",
  "session-limit",
  "user-data",
  "send-command",
  "login-profile",
  "trail",
  "federation",
] as const;
export type DriftKind = (typeof driftKinds)[number];

/** The drift of this kind, by one workload at the cost of another. */
export function makeDrift(random: Random, kind: DriftKind, { own, other }: Pair): Drift {
  const { name, account } = own.role;
  const call = (service: string, names: string, request: object, response: object | null = null): Template =>
    one(service, names, JSON.stringify(request), response === null ? undefined : JSON.stringify(response));
  const read = (service: string, names: string, request: object): Template => ({
    ...call(service, names, request),
    readOnly: true,
  });
  const instance = `i-0${random.hex(16)}`;
  switch (kind) {
    case "region":
      return { kind, region: "ap-northeast-1", calls: own.habits.slice(0, 1).map((habit) => habit.template) };
    case "secret":
      return { kind, calls: [read("secretsmanager", "GetSecretValue", { secretId: secretOf(other) })] };
    case "own-admin": {
      const policyArn = "arn:aws:iam::aws:policy/AdministratorAccess";
      return { kind, calls: [call("iam", "AttachRolePolicy", { roleName: name, policyArn })] };
    }
    case "access-key": {
      const accessKey = { userName: "ci-legacy", status: "Active", accessKeyId: `AKIA${random.id(16)}` };
      return { kind, calls: [call("iam", "CreateAccessKey", { userName: "ci-legacy" }, { accessKey })] };
    }
    case "pass-role": {
      const role = `arn:aws:iam::${account}:role/org-admin`;
      const request = { functionName: "helper", runtime: "python3.13", role, handler: "main.handler", publish: false };
      return { kind, calls: [call("lambda", "CreateFunction20150331", request)] };
    }
    case "own-trust": {
      const policyDocument = JSON.stringify(
        trusting(other.role.account === account ? "999988887777" : other.role.account),
      );
      return { kind, calls: [call("iam", "UpdateAssumeRolePolicy", { roleName: name, policyDocument })] };
    }
    case "accelerator": {
      const items = [{ imageId: `ami-0${random.hex(16)}`, minCount: 2, maxCount: 2 }];
      return { kind, calls: [call("ec2", "RunInstances", { instancesSet: { items }, instanceType: "p5.48xlarge" })] };
    }
    case "training-accelerator": {
      const request = {
        trainingJobName: `side-${random.hex(6)}`,
        roleArn: roleArn(own.role),
        resourceConfig: { instanceType: "ml.p5.48xlarge", instanceCount: 4, volumeSizeInGB: 500 },
      };
      return { kind, calls: [call("sagemaker", "CreateTrainingJob", request)] };
    }
    case "model":
      return { kind, calls: [read("bedrock", "InvokeModel", { modelId: "meta.llama3-1-405b-instruct-v1:0" })] };
    case "bucket": {
      const request = { bucketName: other.role.bucket, key: "customers/export.parquet" };
      return { kind, calls: [{ ...read("s3", "GetObject", request), management: false }] };
    }
    case "public-bucket": {
      const bucketPolicy = open(other.role.bucket);
      return { kind, calls: [call("s3", "PutBucketPolicy", { bucketName: other.role.bucket, bucketPolicy })] };
    }
    case "deny-storm":
      return {
        kind,
        denied: "denied",
        calls: Array.from({ length: 120 }, () => read("dynamodb", "DescribeTable", { tableName: "billing" })),
      };
    case "boundary":
      return { kind, calls: [call("iam", "DeleteRolePermissionsBoundary", { roleName: name })] };
    case "longer-session": {
      const request = { roleArn: roleArn(other.role), roleSessionName: "later", durationSeconds: 43_200 };
      return { kind, calls: [read("sts", "AssumeRole", request)] };
    }
    case "session-limit":
      return { kind, calls: [call("iam", "UpdateRole", { roleName: name, maxSessionDuration: 43_200 })] };
    case "user-data":
      return {
        kind,
        calls: [
          call("ec2", "StopInstances", { instancesSet: { items: [{ instanceId: instance }] }, force: true }),
          call("ec2", "ModifyInstanceAttribute", { instanceId: instance, userData: "<sensitiveDataRemoved>" }),
          call("ec2", "StartInstances", { instancesSet: { items: [{ instanceId: instance }] } }),
        ],
      };
    case "send-command": {
      const request = {
        documentName: "AWS-RunShellScript",
        instanceIds: Array.from({ length: 12 }, () => `i-0${random.hex(16)}`),
        parameters: "HIDDEN_DUE_TO_SECURITY_REASONS",
      };
      return { kind, calls: [call("ssm", "SendCommand", request)] };
    }
    case "login-profile":
      return { kind, calls: [call("iam", "UpdateLoginProfile", { userName: "sam", passwordResetRequired: false })] };
    case "trail":
      return {
        kind,
        calls: [call("cloudtrail", "StopLogging", { name: `arn:aws:cloudtrail:us-east-1:${account}:trail/main` })],
      };
    case "federation": {
      const request = {
        url: "https://login.example.net",
        clientIDList: ["sts.amazonaws.com"],
        thumbprintList: [random.hex(40)],
      };
      return { kind, calls: [call("iam", "CreateOpenIDConnectProvider", request)] };
    }
  }
}

/** Who drifts, and whose things it touches. */
export interface Pair {
  readonly own: EstateWorkload;
  readonly other: EstateWorkload;
}

function one(service: string, name: string, request: string, response: string | undefined): Template {
  const [made] = templatesOf(service, [
    { names: name, request, effect: "write", ...(response === undefined ? {} : { response }) },
  ]);
  if (made === undefined) throw new Error(`${service}:${name}: no template was made`);
  return made;
}

/** The secret that the corpus's other calls of this role read. */
const secretOf = ({ role, region }: EstateWorkload): string =>
  `arn:aws:secretsmanager:${region}:${role.account}:secret:${role.name}/service-token-AbCdEf`;

const trusting = (account: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { AWS: `arn:aws:iam::${account}:root` }, Action: "sts:AssumeRole" }],
});

const open = (bucket: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: `arn:aws:s3:::${bucket}/*` }],
});
