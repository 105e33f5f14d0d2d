import { type Row, type Template, templatesOf } from "../bench/templates.ts";

/** An agent that answers customers: its models and its secret, nothing else. */
export const supportBot = (): readonly Template[] => [
  ...weighted("bedrock", invoke("InvokeModel", claude, 6), invoke("InvokeModelWithResponseStream", claude, 3)),
  ...weighted("secretsmanager", secret(1)),
];

/** An agent that plans training runs. */
export const trainOrch = (): readonly Template[] => [
  ...weighted(
    "sagemaker",
    { names: "DescribeTrainingJob", weight: 5, request: '{"trainingJobName":"nightly-eval-~number~"}' },
    { names: "ListTrainingJobs", weight: 2, request: '{"maxResults":100,"sortBy":"CreationTime"}' },
  ),
  ...weighted("ec2", describe("DescribeInstances", 4), describe("DescribeInstanceStatus", 2)),
  ...weighted("eks", {
    names: "DescribeNodegroup",
    weight: 2,
    request: '{"name":"gpu-prod","nodegroupName":"gpu-g5"}',
  }),
  ...weighted("monitoring", { names: "GetMetricData", weight: 3, request: '{"maxDatapoints":500}' }),
  ...weighted("s3", listing(3)),
  ...weighted("secretsmanager", secret(1)),
];

/** Looks at GPU capacity before and after it starts some. */
export const gpuLauncher = (): readonly Template[] =>
  weighted(
    "ec2",
    describe("DescribeInstances", 4),
    describe("DescribeInstanceStatus", 3),
    {
      names: "DescribeInstanceTypeOfferings",
      weight: 1,
      request: '{"locationType":"availability-zone","filterSet":{}}',
    },
    { names: "DescribeLaunchTemplateVersions", weight: 1, request: '{"launchTemplateName":"gpu-g5","maxResults":10}' },
  );

/** Reads checkpoints and writes its logs. */
export const nightlyEval = (): readonly Template[] => [
  ...weighted("s3", reading(8), listing(2)),
  ...weighted("ecr", {
    names: "BatchGetImage",
    weight: 1,
    request: '{"registryId":"~account~","repositoryName":"eval"}',
  }),
  ...weighted("logs", { names: "DescribeLogStreams", weight: 1, request: '{"logGroupName":"~log~","limit":50}' }),
];

/** Ships the bot: looks, updates, looks again. */
export const deployer = (): readonly Template[] => [
  ...weighted(
    "lambda",
    { names: "GetFunction20150331v2", weight: 4, request: '{"functionName":"support-bot"}' },
    { names: "GetFunctionConfiguration20150331v2", weight: 6, request: '{"functionName":"support-bot"}' },
    { names: "ListAliases20150331", weight: 1, request: '{"functionName":"support-bot"}' },
  ),
  ...weighted("cloudformation", { names: "DescribeStacks", weight: 4, request: '{"stackName":"support-bot"}' }),
];

/** Reads documents, embeds them, writes vectors. */
export const ragIndex = (): readonly Template[] => [
  ...weighted("bedrock", invoke("InvokeModel", "amazon.titan-embed-text-v2:0", 6)),
  ...weighted("s3", reading(5), listing(1)),
  ...weighted("aoss", { names: "BatchGetCollection", weight: 1, request: '{"names":["documents"]}' }),
];

/** A person looks around in the console. */
export const person = (): readonly Template[] => [
  ...weighted(
    "ec2",
    describe("DescribeInstances", 3),
    ...["DescribeVolumes", "DescribeSecurityGroups", "DescribeSubnets", "DescribeVpcs"].map((name) =>
      describe(name, 1),
    ),
  ),
  ...weighted("monitoring", { names: "DescribeAlarms", weight: 2, request: '{"maxRecords":100}' }),
  ...weighted("logs", { names: "DescribeLogGroups", weight: 2, request: '{"limit":50}' }),
  ...weighted("sagemaker", { names: "ListEndpoints", weight: 1, request: '{"maxResults":10}' }),
  ...weighted("bedrock", { names: "ListFoundationModels", weight: 1, request: "{}" }),
];

/** A build machine. */
export const runner = (): readonly Template[] => [
  ...weighted("ecr", { names: "GetAuthorizationToken", weight: 2 }),
  ...weighted("ssm", {
    names: "ListInstanceAssociations",
    weight: 3,
    request: '{"instanceId":"~instance~","maxResults":20}',
  }),
  ...weighted("s3", reading(4)),
];

/** Keeps names in step with services. */
export const externalDns = (): readonly Template[] =>
  weighted("route53", {
    names: "ListHostedZones ListResourceRecordSets",
    weight: 1,
    request: '{"maxitems":"300","hostedzoneid":"Z0123456789EXAMPLE"}',
  });

/** What Auto Scaling looks at all the time. */
export const autoScaling = (): readonly Template[] => [
  ...weighted("ec2", describe("DescribeInstanceStatus", 3), describe("DescribeInstances", 2)),
  ...weighted("elasticloadbalancing", {
    names: "DescribeTargetHealth",
    weight: 2,
    request:
      '{"targetGroupArn":"arn:aws:elasticloadbalancing:~region~:~account~:targetgroup/serving/0123456789abcdef"}',
  }),
];

const claude = "anthropic.claude-sonnet-4-20250514-v1:0";

/** Templates as often as they weigh. */
const weighted = (service: string, ...rows: readonly Row[]): readonly Template[] =>
  templatesOf(service, rows).flatMap((one) => Array.from({ length: one.weight }, () => one));

const invoke = (names: string, model: string, weight: number): Row => ({
  names,
  weight,
  request: `{"modelId":"${model}","contentType":"application/json","accept":"application/json"}`,
  additional: '{"inputTokens":~number~,"outputTokens":~number2~}',
  resources: `[{"accountId":"~account~","type":"AWS::Bedrock::Model","ARN":"arn:aws:bedrock:~region~::foundation-model/${model}"}]`,
});

const secret = (weight: number): Row => ({
  names: "GetSecretValue",
  weight,
  apiVersion: "2017-10-17",
  request: '{"secretId":"~secret~"}',
});

const describe = (names: string, weight: number): Row => ({
  names,
  weight,
  request: '{"maxResults":1000,"filterSet":{"items":[{"name":"tag:team","valueSet":{"items":[{"value":"~role~"}]}}]}}',
});

const transfer =
  '{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"AuthenticationMethod":"AuthHeader","bytesTransferredOut":~bytes~}';

const reading = (weight: number): Row => ({
  names: "GetObject",
  weight,
  category: "data",
  request: '{"bucketName":"~bucket~","Host":"~bucket~.s3.~region~.amazonaws.com","key":"~key~"}',
  additional: transfer,
  resources:
    '[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::~bucket~/~key~"},{"accountId":"~account~","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::~bucket~"}]',
});

const listing = (weight: number): Row => ({
  names: "ListObjects",
  weight,
  category: "data",
  request: '{"list-type":"2","bucketName":"~bucket~","prefix":"","Host":"~bucket~.s3.~region~.amazonaws.com"}',
  additional: transfer,
  resources: '[{"accountId":"~account~","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::~bucket~"}]',
});
