import type { ApiCall } from "../../event/event.ts";
import { fields, type JsonObject, list, text } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import type { ApiName } from "../../iam/identifiers.ts";

/** One secret or encrypted parameter whose value a call asked for, or a batch that names none. */
export type SecretRead =
  /** By ARN, without the six characters that Secrets Manager adds; it ends in `/*` where all below a path were asked for. */
  | { readonly kind: "named"; readonly arn: string }
  /** Up to 20 secrets by a filter (Secrets Manager API reference, BatchGetSecretValue); `everything`: one that leaves out hardly any. */
  | { readonly kind: "batch"; readonly everything: boolean };

/**
 * Calls that hand out values. Of a batch Secrets Manager records each secret as a GetSecretValue of its own (API reference,
 * BatchGetSecretValue); KMS names each it opens in the encryption context, for parameters too.
 */
export const secretReadApis = [
  "kms:Decrypt",
  "secretsmanager:BatchGetSecretValue",
  "secretsmanager:GetSecretValue",
  "ssm:GetParameter",
  "ssm:GetParameterHistory",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
] as const satisfies readonly ApiName[];

/** Calls that tell which secrets there are. */
export const secretListApis = [
  "secretsmanager:ListSecrets",
  "ssm:DescribeParameters",
] as const satisfies readonly ApiName[];

/**
 * Whether a record of one of these calls opens no secret by its parameters alone, so that nobody need look at it again:
 * KMS opens data keys all day, and most parameters are configuration.
 */
export function opensNoSecret(name: string, request: JsonObject): boolean {
  if (name === "Decrypt") {
    const context = fields(request["encryptionContext"]);
    return context["SecretARN"] === undefined && context["PARAMETER_ARN"] === undefined;
  }
  return name.startsWith("GetParameter") && request["withDecryption"] !== true;
}

/** The most that one call is counted for: GetParameters takes 10 names, BatchGetSecretValue 20 ids. */
const mostNamed = 20;

/** What a call read; nothing where it read no secret. */
export function secretReads(call: ApiCall): readonly SecretRead[] {
  const { request } = call;
  switch (call.api) {
    case "secretsmanager:GetSecretValue":
      return named([request["secretId"]], (id) => secretArn(id, call));
    case "secretsmanager:BatchGetSecretValue":
      return batch(call);
    case "kms:Decrypt":
      return opened(call);
    case "ssm:GetParameter":
    case "ssm:GetParameterHistory":
      return decrypted(call, [request["name"]]);
    case "ssm:GetParameters":
      return decrypted(call, list(request["names"]));
    case "ssm:GetParametersByPath":
      return decrypted(call, [`${text(request["path"]).replace(/\/+$/, "")}/*`]);
    default:
      return [];
  }
}

function named(
  values: readonly unknown[],
  arnOf: (value: string) => string,
): readonly { readonly kind: "named"; readonly arn: string }[] {
  return values
    .map(text)
    .filter((one) => one !== "")
    .slice(0, mostNamed)
    .map((one) => ({ kind: "named", arn: arnOf(one) }));
}

function batch(call: ApiCall): readonly SecretRead[] {
  const { request } = call;
  const ids = list(request["secretIdList"]);
  if (ids.length > 0) return named(ids, (id) => secretArn(id, call));
  // A denied call may be recorded without its parameters.
  if (request["filters"] === undefined) return [];
  const values = list(request["filters"]).map((one) => list(fields(one)["values"]).map(text));
  // A value after `!` is what must not be there (Secrets Manager user guide, "Find secrets"): hardly a limit.
  const everything = values.every((some) => some.every((one) => one === "" || one.startsWith("!")));
  return [{ kind: "batch", everything }];
}

/** KMS user guide, "Encryption context": Secrets Manager sends `SecretARN`, Parameter Store `PARAMETER_ARN`. */
function opened(call: ApiCall): readonly SecretRead[] {
  const context = fields(call.request["encryptionContext"]);
  return [
    ...named([context["SecretARN"]], (id) => secretArn(id, call)),
    ...named([context["PARAMETER_ARN"]], (id) => parameterArn(id, call)),
  ].filter(({ arn }) => !isPublic(arn));
}

/** Parameters that are not encrypted are configuration; asked for without decryption a secret stays closed. */
function decrypted(call: ApiCall, values: readonly unknown[]): readonly SecretRead[] {
  if (call.request["withDecryption"] !== true) return [];
  return named(values, (name) => parameterArn(name, call)).filter(({ arn }) => !isPublic(arn));
}

/** AWS's own parameters, images for the most part (Systems Manager user guide, "public parameters"). */
const isPublic = (arn: string): boolean => arn.includes(":parameter/aws/service/");

const secretArn = (id: string, call: ApiCall): string =>
  parseArn(id) === undefined ? built("secretsmanager", `secret:${id}`, call) : id.replace(/-[A-Za-z0-9]{6}$/, "");

/** Without version or label, which follow a colon. */
function parameterArn(name: string, call: ApiCall): string {
  if (parseArn(name) !== undefined) return name;
  return built("ssm", `parameter/${name.replace(/^\/+/, "").replace(/:[^/:]+$/, "")}`, call);
}

const built = (service: string, resource: string, { partition, region, account, principal }: ApiCall): string =>
  `arn:${partition}:${service}:${region}:${account ?? principal.account ?? ""}:${resource}`;
