import { parseArn } from "../arn.ts";
import { type ChangeReader, type ChangingCall, type Fields, fieldsOf, type OfResource, textOf } from "./iam-change.ts";
import { labelledStatement, lambdaStatement } from "./iam-write-statement.ts";

type Where = (call: ChangingCall) => string;

/** How calls that change a resource's own policy are read (API references of the services; spelling as CloudTrail writes it). */
export const resourceChanges: Readonly<Record<`${string}:${string}`, ChangeReader>> = {
  ...whole("s3", bucket, { put: ["PutBucketPolicy", "bucketPolicy"], gone: "DeleteBucketPolicy" }),
  ...lives(bucket, { made: "s3:CreateBucket", ended: "s3:DeleteBucket" }),
  ...whole("s3", accessPoint, { put: ["PutAccessPointPolicy", "policy"], gone: "DeleteAccessPointPolicy" }),
  ...whole("kms", key, { put: ["PutKeyPolicy", "policy"] }),
  "kms:CreateKey": ({ request, response }) => born(textOf(fieldsOf(response["keyMetadata"])["arn"]), request["policy"]),
  ...whole("secretsmanager", secret, { put: ["PutResourcePolicy", "resourcePolicy"], gone: "DeleteResourcePolicy" }),
  // What is deleted here can be restored, policy and all.
  ...lives(secret, { made: "secretsmanager:CreateSecret" }),
  ...whole("ecr", repository, { put: ["SetRepositoryPolicy", "policyText"], gone: "DeleteRepositoryPolicy" }),
  ...lives(repository, { made: "ecr:CreateRepository", ended: "ecr:DeleteRepository" }),
  ...whole("elasticfilesystem", fileSystem, { put: ["PutFileSystemPolicy", "policy"], gone: "DeleteFileSystemPolicy" }),
  ...whole("glue", catalog, { put: ["PutResourcePolicy", "policyInJson"], gone: "DeleteResourcePolicy" }),
  ...whole("backup", vault, { put: ["PutBackupVaultAccessPolicy", "policy"], gone: "DeleteBackupVaultAccessPolicy" }),
  ...whole("sagemaker", packageGroup, {
    put: ["PutModelPackageGroupPolicy", "resourcePolicy"],
    gone: "DeleteModelPackageGroupPolicy",
  }),
  ...byArn("bedrock", "resourcePolicy"),
  ...byArn("cloudtrail", "resourcePolicy"),
  ...byArn("bedrock-agentcore", "policy"),
  ...byArn("codebuild", "policy"),
  ...byArn("dynamodb", "policy"),
  ...byArn("kinesis", "policy"),
  ...byArn("ssm", "policy"),
  ...lives(lambda, { made: "lambda:CreateFunction", ended: "lambda:DeleteFunction" }),
  "lambda:AddPermission": (call) => statement(lambda(call), lambdaStatement(call, lambda(call))),
  "lambda:RemovePermission": (call) => dropped(lambda(call), call.request["statementId"]),
  "lambda:AddLayerVersionPermission": (call) => statement(layer(call), lambdaStatement(call, layer(call))),
  "lambda:RemoveLayerVersionPermission": (call) => dropped(layer(call), call.request["statementId"]),
  "sqs:CreateQueue": (call) => born(queue(call), policyIn(call.request["attributes"])),
  "sqs:DeleteQueue": (call) => of(queue(call), { kind: "resource-deleted" }),
  "sqs:SetQueueAttributes": (call) => set(queue(call), policyIn(call.request["attributes"])),
  "sqs:AddPermission": (call) => statement(queue(call), labelledStatement(call, queue(call))),
  "sqs:RemovePermission": (call) => dropped(queue(call), call.request["label"]),
  "sns:CreateTopic": (call) => born(topic(call), policyIn(call.request["attributes"])),
  "sns:DeleteTopic": (call) => of(topic(call), { kind: "resource-deleted" }),
  "sns:SetTopicAttributes": (call) =>
    call.request["attributeName"] === "Policy" ? set(topic(call), call.request["attributeValue"]) : undefined,
  "sns:AddPermission": (call) => statement(topic(call), labelledStatement(call, topic(call))),
  "sns:RemovePermission": (call) => dropped(topic(call), call.request["label"]),
  "events:PutPermission": (call) =>
    call.request["policy"] === undefined
      ? statement(bus(call), labelledStatement(call, bus(call)))
      : set(bus(call), call.request["policy"]),
  "events:RemovePermission": (call) =>
    call.request["removeAllPermissions"] === true
      ? of(bus(call), { kind: "resource-policy-deleted" })
      : dropped(bus(call), call.request["statementId"]),
};

type Rest<Change = OfResource> = Change extends OfResource ? Omit<Change, "resource"> : never;

const of = (resource: string, rest: Rest): OfResource | undefined =>
  resource === "" ? undefined : ({ resource, ...rest } as OfResource);

/** An empty text takes the policy off, as SQS and SNS have it. */
function set(resource: string, document: unknown): OfResource | undefined {
  if (document === undefined || document === null) return undefined;
  return of(
    resource,
    document === "" ? { kind: "resource-policy-deleted" } : { kind: "resource-policy-put", document },
  );
}

const born = (resource: string, document: unknown): OfResource | undefined =>
  of(resource, {
    kind: "resource-created",
    ...(document === undefined || document === null || document === "" ? {} : { document }),
  });

const statement = (
  resource: string,
  given: { readonly sid: string; readonly statement: Fields } | undefined,
): OfResource | undefined => (given === undefined ? undefined : of(resource, { kind: "statement-put", ...given }));

const dropped = (resource: string, sid: unknown): OfResource | undefined =>
  textOf(sid) === "" ? undefined : of(resource, { kind: "statement-deleted", sid: textOf(sid) });

const policyIn = (attributes: unknown): unknown => fieldsOf(attributes)["Policy"] ?? fieldsOf(attributes)["policy"];

/** Calls that put a whole policy in one parameter, and that take it off. */
function whole(
  service: string,
  where: Where,
  calls: { readonly put: readonly [name: string, parameter: string]; readonly gone?: string },
): Readonly<Record<string, ChangeReader>> {
  const [name, parameter] = calls.put;
  const put: ChangeReader = (call) => set(where(call), call.request[parameter]);
  const gone: ChangeReader = (call) => of(where(call), { kind: "resource-policy-deleted" });
  return {
    [`${service}:${name}`]: put,
    ...(calls.gone === undefined ? {} : { [`${service}:${calls.gone}`]: gone }),
  };
}

/** Calls that make and end a resource that has no policy at first. */
function lives(
  where: Where,
  { made, ended }: { readonly made: string; readonly ended?: string },
): Readonly<Record<string, ChangeReader>> {
  const gone: ChangeReader = (call) => of(where(call), { kind: "resource-deleted" });
  return { [made]: (call) => born(where(call), undefined), ...(ended === undefined ? {} : { [ended]: gone }) };
}

function byArn(service: string, parameter: string): Readonly<Record<string, ChangeReader>> {
  const where: Where = ({ request }) => textOf(request["resourceArn"]) || textOf(request["resourceARN"]);
  return whole(service, where, { put: ["PutResourcePolicy", parameter], gone: "DeleteResourcePolicy" });
}

/** The ARN of something named in the call's own account and Region; what is an ARN already stays. */
function inAccount(
  call: ChangingCall,
  service: string,
  { prefix = "", name }: { prefix?: string; name: string },
): string {
  if (name === "" || parseArn(name) !== undefined) return name;
  return call.account === undefined
    ? ""
    : `arn:${call.partition}:${service}:${call.region}:${call.account}:${prefix}${name}`;
}

function bucket({ partition, request }: ChangingCall): string {
  const name = textOf(request["bucketName"]);
  return name === "" ? "" : `arn:${partition}:s3:::${name}`;
}

function accessPoint(call: ChangingCall): string {
  return inAccount(call, "s3", { prefix: "accesspoint/", name: textOf(call.request["name"]) });
}

function key(call: ChangingCall): string {
  const name = textOf(call.request["keyId"]);
  // An alias is not the key; which one it names, the record does not say.
  return name.startsWith("alias/") ? "" : inAccount(call, "kms", { prefix: "key/", name });
}

/** Secrets end in six characters of AWS's own: the answer tells them, a name in the request does not. */
function secret(call: ChangingCall): string {
  const told = textOf(call.response["aRN"]) || textOf(call.response["ARN"]) || textOf(call.response["arn"]);
  const name = told || textOf(call.request["secretId"]) || textOf(call.request["name"]);
  if (name === "" || parseArn(name) !== undefined) return name;
  return inAccount(call, "secretsmanager", { prefix: "secret:", name: `${name}-??????` });
}

function repository(call: ChangingCall): string {
  const account = textOf(call.request["registryId"]) || call.account;
  const name = textOf(call.request["repositoryName"]);
  return inAccount(account === undefined ? call : { ...call, account }, "ecr", { prefix: "repository/", name });
}

function fileSystem(call: ChangingCall): string {
  return inAccount(call, "elasticfilesystem", { prefix: "file-system/", name: textOf(call.request["fileSystemId"]) });
}

function catalog(call: ChangingCall): string {
  return textOf(call.request["resourceArn"]) || inAccount(call, "glue", { name: "catalog" });
}

function vault(call: ChangingCall): string {
  return inAccount(call, "backup", { prefix: "backup-vault:", name: textOf(call.request["backupVaultName"]) });
}

function packageGroup(call: ChangingCall): string {
  const name = textOf(call.request["modelPackageGroupName"]);
  return inAccount(call, "sagemaker", { prefix: "model-package-group/", name });
}

/** Names may be `name`, `account:function:name` or the ARN, each with a version or alias behind. */
function lambda(call: ChangingCall): string {
  const told = textOf(call.response["functionArn"]) || textOf(call.request["functionName"]);
  const [whole, account, name] = /^(?:.*:)?(\d{12}):function:([\w-]+)/.exec(told) ?? [];
  const parts = told.startsWith("arn:") ? parseArn(told) : undefined;
  if (whole === undefined) return inAccount(call, "lambda", { prefix: "function:", name: told.split(":")[0] ?? "" });
  const region = parts?.region ?? call.region;
  return `arn:${call.partition}:lambda:${region}:${account}:function:${name}`;
}

function layer(call: ChangingCall): string {
  const version = call.request["versionNumber"];
  const name = textOf(call.request["layerName"]);
  const arn = inAccount(call, "lambda", { prefix: "layer:", name });
  return arn === "" || (typeof version !== "number" && typeof version !== "string") ? arn : `${arn}:${version}`;
}

/** `https://sqs.<Region>.<domain>/<account>/<name>`. */
function queue(call: ChangingCall): string {
  const url = textOf(call.request["queueUrl"]) || textOf(call.response["queueUrl"]);
  const [name, account] = url.split("/").reverse();
  if (url !== "" && name && account) return inAccount({ ...call, account }, "sqs", { name });
  return inAccount(call, "sqs", { name: textOf(call.request["queueName"]) });
}

function topic(call: ChangingCall): string {
  const told = textOf(call.request["topicArn"]) || textOf(call.response["topicArn"]);
  return told || inAccount(call, "sns", { name: textOf(call.request["name"]) });
}

function bus(call: ChangingCall): string {
  const name = textOf(call.request["eventBusName"]) || "default";
  return inAccount(call, "events", { prefix: "event-bus/", name });
}
