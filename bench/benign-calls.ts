import { type Row, type Template, templatesOf } from "./templates.ts";
import { aiTemplates } from "./templates-ai.ts";
import { controlTemplates } from "./templates-control.ts";
import { dataTemplates } from "./templates-data.ts";
import { platformTemplates } from "./templates-platform.ts";
import { writeTemplates } from "./templates-writes.ts";

/** The call of this name, `service:EventName`: one of its own below, or the corpus's. */
export function callNamed(name: string): Template {
  const found = byName.get(name);
  if (found === undefined) throw new Error(`${name}: no template makes such a call`);
  return found;
}

const write = (names: string, request: string, response = "null"): Row => ({
  names,
  effect: "write",
  request,
  response,
});

const policyText = (action: string, resource: string): string =>
  JSON.stringify(
    `{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":${action},"Resource":"${resource}"}]}`,
  );

const secretOfOthers = '"secretId":"arn:aws:secretsmanager:~region~:~account~:secret:~item~/database-AbCdEf"';
const policyOfData = policyText('["s3:GetObject","s3:PutObject"]', "arn:aws:s3:::~bucket~/*");
const trustOfTasks = JSON.stringify(
  '{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"ecs-tasks.amazonaws.com"},"Action":"sts:AssumeRole"}]}',
);

/** What no other corpus holds: rotation, churn of log groups, work on call, releases of models, applies of Terraform. */
const own: readonly Template[] = [
  ...templatesOf("secretsmanager", [
    { names: "GetRandomPassword", request: '{"passwordLength":32,"excludeCharacters":"/@\\""}' },
    write("RotateSecret", `{${secretOfOthers},"rotationRules":{"automaticallyAfterDays":7}}`),
    write("PutSecretValue", `{${secretOfOthers},"clientRequestToken":"~uuid~","versionStages":["AWSPENDING"]}`),
    write("UpdateSecretVersionStage", `{${secretOfOthers},"versionStage":"AWSCURRENT","moveToVersionId":"~uuid~"}`),
  ]),
  ...templatesOf("logs", [
    write("CreateLogGroup", '{"logGroupName":"/aws/lambda/preview-~hex~"}'),
    write("PutRetentionPolicy", '{"logGroupName":"/aws/lambda/preview-~hex~","retentionInDays":30}'),
    write("DeleteLogGroup", '{"logGroupName":"/aws/lambda/preview-~hex~"}'),
  ]),
  ...templatesOf("ssm", [
    write(
      "StartSession",
      '{"target":"~instance~"}',
      '{"sessionId":"alex-~hex~","streamUrl":"HIDDEN_DUE_TO_SECURITY_REASONS","tokenValue":"HIDDEN_DUE_TO_SECURITY_REASONS"}',
    ),
    write("TerminateSession", '{"sessionId":"alex-~hex~"}', '{"sessionId":"alex-~hex~"}'),
  ]),
  ...templatesOf("sagemaker", [
    write(
      "CreateModel",
      '{"modelName":"~role~-~hex~","executionRoleArn":"arn:aws:iam::~account~:role/~role~","primaryContainer":{"image":"~account~.dkr.ecr.~region~.amazonaws.com/serve:~hex2~","modelDataUrl":"s3://~bucket~/model.tar.gz"}}',
      '{"modelArn":"arn:aws:sagemaker:~region~:~account~:model/~role~-~hex~"}',
    ),
    write(
      "CreateTrainingJob",
      '{"trainingJobName":"~role~-~hex~","algorithmSpecification":{"trainingImage":"~account~.dkr.ecr.~region~.amazonaws.com/train:~hex2~","trainingInputMode":"FastFile"},"roleArn":"arn:aws:iam::~account~:role/~role~","outputDataConfig":{"s3OutputPath":"s3://~bucket~/out"},"resourceConfig":{"instanceType":"ml.g5.12xlarge","instanceCount":1,"volumeSizeInGB":500},"stoppingCondition":{"maxRuntimeInSeconds":7200}}',
      '{"trainingJobArn":"arn:aws:sagemaker:~region~:~account~:training-job/~role~-~hex~"}',
    ),
    write(
      "CreateProcessingJob",
      '{"processingJobName":"~role~-~hex~","roleArn":"arn:aws:iam::~account~:role/~role~","appSpecification":{"imageUri":"~account~.dkr.ecr.~region~.amazonaws.com/prepare:~hex2~"},"processingResources":{"clusterConfig":{"instanceType":"ml.m5.4xlarge","instanceCount":2,"volumeSizeInGB":100}},"stoppingCondition":{"maxRuntimeInSeconds":3600}}',
      '{"processingJobArn":"arn:aws:sagemaker:~region~:~account~:processing-job/~role~-~hex~"}',
    ),
    write(
      "CreateEndpointConfig",
      '{"endpointConfigName":"~role~-~hex~","productionVariants":[{"variantName":"all","modelName":"~role~-~hex2~","initialInstanceCount":2,"instanceType":"ml.g5.2xlarge"}]}',
      '{"endpointConfigArn":"arn:aws:sagemaker:~region~:~account~:endpoint-config/~role~-~hex~"}',
    ),
    write(
      "UpdateEndpoint",
      '{"endpointName":"~role~-live","endpointConfigName":"~role~-~hex~"}',
      '{"endpointArn":"arn:aws:sagemaker:~region~:~account~:endpoint/~role~-live"}',
    ),
  ]),
  ...templatesOf("iam", [
    write("PutRolePolicy", `{"roleName":"~item~","policyName":"data-access","policyDocument":${policyOfData}}`),
    write("CreateRole", `{"roleName":"~item~","path":"/","assumeRolePolicyDocument":${trustOfTasks}}`),
    {
      names: "GetRole GetRolePolicy ListRolePolicies ListAttachedRolePolicies ListRoleTags",
      request: '{"roleName":"~item~"}',
    },
  ]),
  ...templatesOf("signin", [{ names: "ConsoleLogin", effect: "write", response: '{"ConsoleLogin":"Success"}' }]),
  ...templatesOf("ec2", [
    {
      names: "DescribeInstanceTypes DescribeSpotPriceHistory",
      request:
        '{"maxResults":1000,"filterSet":{"items":[{"name":"instance-type","valueSet":{"items":[{"value":"g5.*"}]}}]}}',
    },
    write("CreateLaunchTemplate", '{"CreateLaunchTemplateRequest":{"LaunchTemplateName":"karpenter-~hex~"}}'),
    write("DeleteLaunchTemplate", '{"DeleteLaunchTemplateRequest":{"LaunchTemplateName":"karpenter-~hex~"}}'),
  ]),
];

const nameOf = ({ source, name }: Template): string => `${source.slice(0, source.indexOf("."))}:${name}`;

// The last of a name stands: own calls before the corpus's.
const byName: ReadonlyMap<string, Template> = new Map(
  [...controlTemplates, ...writeTemplates, ...platformTemplates, ...aiTemplates, ...dataTemplates, ...own].map(
    (one) => [nameOf(one), one],
  ),
);
