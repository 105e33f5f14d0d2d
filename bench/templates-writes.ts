import { type Row, type Template, templatesOf } from "./templates.ts";
import { launchRequest, launchResponse } from "./templates-launch.ts";

const policyText = (statement: string): string => JSON.stringify(`{"Version":"2012-10-17","Statement":[${statement}]}`);

const readBucket = policyText(
  '{"Sid":"ReadData","Effect":"Allow","Action":["s3:GetObject","s3:ListBucket"],"Resource":["arn:aws:s3:::~bucket~","arn:aws:s3:::~bucket~/*"]}',
);
const callModels = policyText(
  '{"Sid":"CallModels","Effect":"Allow","Action":["bedrock:InvokeModel","bedrock:InvokeModelWithResponseStream"],"Resource":"arn:aws:bedrock:~region~::foundation-model/*"},{"Sid":"Logs","Effect":"Allow","Action":"logs:PutLogEvents","Resource":"*"}',
);

const launch = (instanceType: string, count: number, weight: number): Row => {
  const one = {
    account: "~account~",
    region: "~region~",
    instanceType,
    instances: ["~instance1~", "~instance2~", "~instance3~", "~instance4~"].slice(0, count),
    image: "~image~",
    subnet: "~subnet~",
    vpc: "~vpc~",
    group: "~group~",
    network: "~network~",
    reservation: "~reservation~",
    clientToken: "~uuid~",
    requestId: "~uuid2~",
    profile: "~role~",
    at: 1_795_140_000_000,
    tags: { Name: "~role~", team: "ml-platform", "eks:nodegroup-name": "gpu-~item~" },
  };
  return {
    names: "RunInstances",
    weight,
    effect: "write",
    request: JSON.stringify(launchRequest(one)),
    response: JSON.stringify(launchResponse(one)),
  };
};

const write = (names: string, request: string, response = "null", more: Partial<Row> = {}): Row => ({
  names,
  effect: "write",
  request,
  response,
  ...more,
});

const functionConfiguration =
  '{"functionName":"~function~","functionArn":"arn:aws:lambda:~region~:~account~:function:~function~","runtime":"python3.13","role":"arn:aws:iam::~account~:role/~role~","handler":"app.handler","codeSize":~bytes~,"timeout":60,"memorySize":1024,"lastModified":"2026-11-20T02:00:00.000+0000","codeSha256":"~hex~","version":"$LATEST","environment":{},"tracingConfig":{"mode":"PassThrough"},"revisionId":"~uuid~","state":"Active","lastUpdateStatus":"InProgress","packageType":"Zip","architectures":["arm64"],"ephemeralStorage":{"size":512}}';

/** What changes something: rare, long and what detectors wake up for. */
export const writeTemplates: readonly Template[] = [
  ...templatesOf("ec2", [
    launch("g5.2xlarge", 1, 8),
    launch("g5.12xlarge", 2, 3),
    launch("p5.48xlarge", 4, 1),
    launch("m7i.2xlarge", 2, 6),
    write(
      "TerminateInstances StopInstances StartInstances",
      '{"instancesSet":{"items":[{"instanceId":"~instance~"}]}}',
      '{"requestId":"~uuid~","instancesSet":{"items":[{"instanceId":"~instance~","currentState":{"code":32,"name":"shutting-down"},"previousState":{"code":16,"name":"running"}}]}}',
      { weight: 3 },
    ),
    write(
      "CreateTags",
      '{"resourcesSet":{"items":[{"resourceId":"~instance~"}]},"tagSet":{"items":[{"key":"job","value":"~item~"}]}}',
      '{"requestId":"~uuid~","_return":true}',
      { weight: 6 },
    ),
    write(
      "CreateNetworkInterface AttachVolume CreateLaunchTemplateVersion ModifyInstanceAttribute",
      '{"subnetId":"~subnet~","description":"~item~","groupSet":{"items":[{"groupId":"~group~"}]}}',
      '{"requestId":"~uuid~","_return":true}',
    ),
  ]),
  ...templatesOf("autoscaling", [
    write(
      "SetDesiredCapacity",
      '{"autoScalingGroupName":"~item~","desiredCapacity":~host~,"honorCooldown":false}',
      "null",
      { weight: 5 },
    ),
    write(
      "UpdateAutoScalingGroup TerminateInstanceInAutoScalingGroup CompleteLifecycleAction",
      '{"autoScalingGroupName":"~item~","instanceId":"~instance~","maxSize":12}',
      "null",
      { weight: 2 },
    ),
  ]),
  ...templatesOf("iam", [
    write("PutRolePolicy", `{"roleName":"~item~","policyName":"data-access","policyDocument":${readBucket}}`, "null", {
      weight: 4,
    }),
    write(
      "AttachRolePolicy DetachRolePolicy",
      '{"roleName":"~item~","policyArn":"arn:aws:iam::aws:policy/AmazonS3ReadOnlyAccess"}',
      "null",
      { weight: 2 },
    ),
    write(
      "CreatePolicyVersion",
      `{"policyArn":"arn:aws:iam::~account~:policy/~item~","policyDocument":${callModels},"setAsDefault":true}`,
      '{"policyVersion":{"versionId":"v4","isDefaultVersion":true,"createDate":"Nov 20, 2026, 2:00:00 AM"}}',
      { weight: 3 },
    ),
    write(
      "CreateAccessKey",
      '{"userName":"~item~"}',
      '{"accessKey":{"userName":"~item~","accessKeyId":"AKIA~id~","status":"Active","createDate":"Nov 20, 2026, 2:00:00 AM"}}',
    ),
    write(
      "TagRole UpdateRoleDescription DeleteRolePolicy DeletePolicyVersion CreateServiceLinkedRole",
      '{"roleName":"~item~","policyName":"data-access","versionId":"v1"}',
    ),
    write(
      "CreateRole",
      `{"roleName":"~item~","path":"/","assumeRolePolicyDocument":${policyText('{"Effect":"Allow","Principal":{"Service":"ec2.amazonaws.com"},"Action":"sts:AssumeRole"}')},"maxSessionDuration":3600}`,
      '{"role":{"path":"/","roleName":"~item~","roleId":"AROA~id~","arn":"arn:aws:iam::~account~:role/~item~","createDate":"Nov 20, 2026, 2:00:00 AM"}}',
    ),
  ]),
  ...templatesOf("lambda", [
    write(
      "UpdateFunctionConfiguration20150331v2",
      '{"functionName":"~function~","timeout":60,"memorySize":1024,"environment":{}}',
      functionConfiguration,
      { weight: 3 },
    ),
    write(
      "UpdateFunctionCode20150331v2 PublishVersion20150331",
      '{"functionName":"~function~","s3Bucket":"~bucket~","s3Key":"~key~","publish":true}',
      functionConfiguration,
      { weight: 3 },
    ),
    write(
      "UpdateAlias20150331 AddPermission20150331v2 TagResource20170331v2",
      '{"functionName":"~function~","name":"live","functionVersion":"~host~"}',
    ),
  ]),
  ...templatesOf("ecs", [
    write(
      "RegisterTaskDefinition",
      '{"family":"~item~","taskRoleArn":"arn:aws:iam::~account~:role/~role~","executionRoleArn":"arn:aws:iam::~account~:role/ecsTaskExecutionRole","networkMode":"awsvpc","containerDefinitions":[{"name":"app","image":"~account~.dkr.ecr.~region~.amazonaws.com/~role~:~hex~","cpu":1024,"memory":4096,"essential":true,"environment":[{"name":"STAGE","value":"prod"}],"logConfiguration":{"logDriver":"awslogs","options":{"awslogs-group":"~log~","awslogs-region":"~region~"}}}],"requiresCompatibilities":["FARGATE"],"cpu":"1024","memory":"4096"}',
      '{"taskDefinition":{"taskDefinitionArn":"arn:aws:ecs:~region~:~account~:task-definition/~item~:~host~","family":"~item~","revision":~host~,"status":"ACTIVE"}}',
      { weight: 2 },
    ),
    write(
      "UpdateService RunTask StopTask",
      '{"cluster":"serving","service":"~item~","taskDefinition":"~item~:~host~","desiredCount":3}',
      "null",
      { weight: 2 },
    ),
  ]),
  ...templatesOf("sagemaker", [
    write(
      "CreateTrainingJob",
      '{"trainingJobName":"~role~-~item~","algorithmSpecification":{"trainingImage":"~account~.dkr.ecr.~region~.amazonaws.com/train:~hex~","trainingInputMode":"FastFile"},"roleArn":"arn:aws:iam::~account~:role/~role~","outputDataConfig":{"s3OutputPath":"s3://~bucket~/out"},"resourceConfig":{"instanceType":"ml.g5.12xlarge","instanceCount":2,"volumeSizeInGB":500},"stoppingCondition":{"maxRuntimeInSeconds":86400}}',
      '{"trainingJobArn":"arn:aws:sagemaker:~region~:~account~:training-job/~role~-~item~"}',
      { weight: 3 },
    ),
    write(
      "CreateProcessingJob UpdateEndpoint StopTrainingJob CreateModel",
      '{"name":"~role~-~item~","roleArn":"arn:aws:iam::~account~:role/~role~"}',
    ),
  ]),
  ...templatesOf("eks", [
    write(
      "UpdateNodegroupConfig UpdateNodegroupVersion",
      '{"name":"gpu-prod","nodegroupName":"gpu-~item~","scalingConfig":{"minSize":0,"maxSize":8,"desiredSize":2}}',
      '{"update":{"id":"~uuid~","status":"InProgress"}}',
    ),
  ]),
  ...templatesOf("cloudformation", [
    write(
      "CreateChangeSet ExecuteChangeSet UpdateStack",
      '{"stackName":"~role~-~item~","changeSetName":"release-~number~","capabilities":["CAPABILITY_IAM"]}',
    ),
  ]),
  ...templatesOf("s3", [
    write(
      "PutBucketTagging PutBucketLifecycle",
      '{"bucketName":"~bucket~","Host":"~bucket~.s3.~region~.amazonaws.com"}',
    ),
  ]),
  ...templatesOf("secretsmanager", [
    write("PutSecretValue RotateSecret", '{"secretId":"~secret~","clientRequestToken":"~uuid~"}', '{"aRN":"~secret~"}'),
  ]),
  ...templatesOf("logs", [write("CreateLogGroup PutRetentionPolicy", '{"logGroupName":"~log~"}')]),
  ...templatesOf("ecr", [
    write(
      "PutImage InitiateLayerUpload CompleteLayerUpload",
      '{"registryId":"~account~","repositoryName":"~role~"}',
      "null",
      { weight: 2 },
    ),
  ]),
];
