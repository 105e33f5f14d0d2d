import { type Row, type Template, templatesOf } from "./templates.ts";

const object =
  '{"bucketName":"~bucket~","Host":"~bucket~.s3.~region~.amazonaws.com","key":"~key~","Range":"bytes=0-8388607","x-amz-expected-bucket-owner":"~account~"}';
const transfer =
  '{"SignatureVersion":"SigV4","CipherSuite":"TLS_AES_128_GCM_SHA256","bytesTransferredIn":0,"SSEApplied":"Default_SSE_KMS","AuthenticationMethod":"AuthHeader","x-amz-id-2":"~token~","bytesTransferredOut":~bytes~}';
const objectAndBucket =
  '[{"type":"AWS::S3::Object","ARN":"arn:aws:s3:::~bucket~/~key~"},{"accountId":"~account~","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::~bucket~"}]';
const bucketOnly = '[{"accountId":"~account~","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::~bucket~"}]';

const bucketSettings = (name: string, query: string): Row => ({
  names: name,
  weight: 1,
  request: `{"bucketName":"~bucket~","Host":"~bucket~.s3.~region~.amazonaws.com","${query}":""}`,
  additional: transfer,
  resources: bucketOnly,
});

const onKey =
  '{"keyId":"~kms~","encryptionAlgorithm":"SYMMETRIC_DEFAULT","encryptionContext":{"aws:s3:arn":"arn:aws:s3:::~bucket~/~key~"}}';
const keyResource = '[{"accountId":"~account~","type":"AWS::KMS::Key","ARN":"~kms~"}]';
const table =
  '{"tableName":"~item~","consistentRead":false,"key":["tenant","document"],"returnConsumedCapacity":"TOTAL"}';
const tableResource =
  '[{"accountId":"~account~","type":"AWS::DynamoDB::Table","ARN":"arn:aws:dynamodb:~region~:~account~:table/~item~"}]';

/** Buckets, keys, secrets, parameters and tables: most of what an AI platform does all day. */
export const dataTemplates: readonly Template[] = [
  ...templatesOf("s3", [
    {
      names: "GetObject",
      weight: 160,
      category: "data",
      request: object,
      additional: transfer,
      resources: objectAndBucket,
    },
    {
      names: "HeadObject",
      weight: 30,
      category: "data",
      request: object,
      additional: transfer,
      resources: objectAndBucket,
    },
    {
      names: "ListObjects",
      weight: 40,
      category: "data",
      request:
        '{"list-type":"2","bucketName":"~bucket~","encoding-type":"url","max-keys":"1000","prefix":"train/","delimiter":"/","Host":"~bucket~.s3.~region~.amazonaws.com"}',
      additional: transfer,
      resources:
        '[{"type":"AWS::S3::Object","ARNPrefix":"arn:aws:s3:::~bucket~/"},{"accountId":"~account~","type":"AWS::S3::Bucket","ARN":"arn:aws:s3:::~bucket~"}]',
    },
    {
      names: "PutObject UploadPart CompleteMultipartUpload",
      weight: 18,
      effect: "write",
      category: "data",
      request: object,
      response: '{"x-amz-server-side-encryption":"aws:kms","x-amz-server-side-encryption-aws-kms-key-id":"~kms~"}',
      additional: transfer,
      resources: objectAndBucket,
    },
    bucketSettings("GetBucketLocation", "location"),
    bucketSettings("GetBucketVersioning", "versioning"),
    bucketSettings("GetBucketPolicy", "policy"),
    bucketSettings("GetBucketTagging", "tagging"),
    bucketSettings("GetBucketEncryption", "encryption"),
    bucketSettings("GetBucketLogging", "logging"),
    bucketSettings("GetBucketLifecycle", "lifecycle"),
    bucketSettings("GetBucketPublicAccessBlock", "publicAccessBlock"),
    bucketSettings("GetBucketAcl", "acl"),
    { names: "ListBuckets", weight: 2, request: '{"Host":"s3.~region~.amazonaws.com"}', additional: transfer },
  ]),
  ...templatesOf("kms", [
    { names: "Decrypt", weight: 120, request: onKey, resources: keyResource },
    {
      names: "GenerateDataKey",
      weight: 60,
      request: onKey.replace('"encryptionAlgorithm":"SYMMETRIC_DEFAULT"', '"keySpec":"AES_256"'),
      resources: keyResource,
    },
    { names: "Encrypt Sign Verify GenerateDataKeyWithoutPlaintext", weight: 6, request: onKey, resources: keyResource },
    {
      names: "DescribeKey ListGrants GetKeyPolicy GetKeyRotationStatus ListResourceTags",
      weight: 3,
      request: '{"keyId":"~kms~"}',
      resources: keyResource,
    },
    { names: "ListKeys ListAliases", weight: 2, request: '{"limit":100}' },
  ]),
  ...templatesOf("secretsmanager", [
    { names: "GetSecretValue", weight: 40, request: '{"secretId":"~secret~"}', apiVersion: "2017-10-17" },
    { names: "DescribeSecret", weight: 6, request: '{"secretId":"~secret~"}', apiVersion: "2017-10-17" },
    { names: "ListSecrets BatchGetSecretValue", request: '{"maxResults":100}' },
  ]),
  ...templatesOf("ssm", [
    { names: "GetParameter GetParameters", weight: 10, request: '{"name":"/~role~/~item~","withDecryption":true}' },
    {
      names: "GetParametersByPath DescribeParameters DescribeInstanceInformation ListAssociations",
      weight: 2,
      request: '{"path":"/~role~","recursive":true,"maxResults":10}',
    },
    {
      names: "UpdateInstanceInformation ListInstanceAssociations",
      weight: 12,
      effect: "write",
      request:
        '{"instanceId":"~instance~","agentVersion":"3.3.2746.0","agentStatus":"Active","platformType":"Linux","platformName":"Amazon Linux","platformVersion":"2023","iPAddress":"10.0.7.~host~","computerName":"ip-10-0-7-~host~.ec2.internal","agentName":"amazon-ssm-agent"}',
    },
  ]),
  ...templatesOf("dynamodb", [
    { names: "GetItem Query BatchGetItem", weight: 14, category: "data", request: table, resources: tableResource },
    {
      names: "PutItem UpdateItem",
      weight: 6,
      category: "data",
      effect: "write",
      request: table,
      resources: tableResource,
    },
    { names: "DescribeTable ListTables DescribeTimeToLive DescribeContinuousBackups", weight: 2, request: table },
  ]),
];
