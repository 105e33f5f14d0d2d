import { apiOf, outcomeOf } from "../event/decode.ts";
import type { Outcome } from "../event/event.ts";
import type { Head } from "../event/head.ts";
import { fields, isObject, type Json, type JsonObject, list, text } from "../event/json.ts";
import { mask } from "../event/mask.ts";
import { parseArn } from "../iam/arn.ts";
import type { Authorise } from "../iam/authorisation.ts";
import type { ParametersRead } from "../iam/authorisation-parameters.ts";
import type { Partition } from "../iam/identifiers.ts";
import { partitionOf } from "../iam/partition.ts";
import type { Conduct, Origin } from "./conduct.ts";

/** What a record tells of a call, before anybody says which IAM actions AWS checks for it: plain data, secrets masked. */
export interface RecordedConduct {
  readonly source: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly partition: Partition;
  readonly outcome: Outcome;
  readonly errorCode?: string;
  /** Of the request's parameters those that tell what is checked or limited. */
  readonly request: JsonObject;
  readonly origin?: Origin;
  /** The record's id or time was not where it belongs: it may open a case, never cause an action. */
  readonly guessed?: true;
}

type Recorded = Pick<Head, "source" | "name" | "region" | "account" | "guessed" | "body">;

/** Parameters that envelopes limit, beside those that tell what AWS checks. */
const limited: Readonly<Record<string, readonly string[]>> = {
  bedrock: ["modelId"],
  sagemaker: ["endpointName"],
  secretsmanager: ["secretId"],
  ssm: ["name", "names", "path", "withDecryption"],
  sts: ["durationSeconds", "roleArn"],
};

/** Answers which parameters of a call to this event source count. */
export function parametersThatCount(read: ParametersRead): (source: string) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return (source) => {
    const before = known.get(source);
    if (before !== undefined) return before;
    const service = source.replace(/\.amazonaws\.com(?:\.cn)?$/, "").toLowerCase();
    const own = Object.hasOwn(read, service) ? (read[service] ?? []) : [];
    const more = Object.hasOwn(limited, service) ? (limited[service] ?? []) : [];
    const names = [...new Set([...own, ...more])].sort();
    // AWS has some hundreds of sources; beyond that somebody makes them up.
    if (known.size < 2_000) known.set(source, names);
    return names;
  };
}

/** Whether a manifest could name this signer: a role's session, a user, a federated identity; no AWS service, nobody's service-linked role. */
export function mayBeDeclared(identity: JsonObject): boolean {
  switch (identity["type"]) {
    case "AssumedRole": {
      const role = fields(fields(identity["sessionContext"])["sessionIssuer"])["arn"];
      return typeof role !== "string" || !role.includes(":role/aws-service-role/");
    }
    case "Role":
    case "IAMUser":
    case "FederatedUser":
    case "WebIdentityUser":
    case "SAMLUser":
      return true;
    default:
      return false;
  }
}

/** Whether the record is a call at all: service events, sign-ins and insights are none. */
export const isCall = ({ body }: Pick<Head, "body">): boolean => {
  const type = body["eventType"];
  return type === undefined || type === "AwsApiCall" || type === "AwsConsoleAction" || type === "AwsVpceEvent";
};

/**
 * Records of one call, account and Region with the same text here have the same recorded conduct: where the call came from,
 * what became of it, and the parameters that count. Cheaper than making it.
 */
export function conductKey({ body, guessed }: Pick<Recorded, "body" | "guessed">, counting: readonly string[]): string {
  let key = text(body["vpcEndpointId"]) || text(body["sourceIPAddress"]);
  const error = body["errorCode"];
  if (guessed) key += "\n?";
  if (error !== undefined) key += `\n!${text(error)}`;
  if (counting.length === 0) return key;
  const request = body["requestParameters"];
  if (!isObject(request)) return key;
  for (const parameter of counting) {
    const value = request[parameter];
    if (value === undefined) continue;
    // With its length: callers choose names, and one name must not read as two parameters.
    const text = typeof value === "string" ? value : JSON.stringify(value);
    key += `\n${parameter}${typeof value === "string" ? "=" : ":"}${text.length} ${text}`;
  }
  return key;
}

export function recordedConduct(
  { source, name, region, account, guessed, body }: Recorded,
  counting: readonly string[],
): RecordedConduct {
  const errorCode = text(body["errorCode"]);
  const origin = originOf(body);
  const request = fields(body["requestParameters"]);
  const counted: Record<string, Json> = {};
  for (const parameter of counting) {
    const value = request[parameter];
    if (value !== undefined) counted[parameter] = value;
  }
  return {
    source,
    name,
    region,
    account,
    partition: partitionOf(text(fields(body["userIdentity"])["arn"]), region),
    outcome: outcomeOf(body, errorCode),
    ...(errorCode === "" ? {} : { errorCode }),
    request: mask(counted),
    ...(origin === undefined ? {} : { origin }),
    ...(guessed ? { guessed } : {}),
  };
}

/** What envelopes, baselines and policies judge of it, with what AWS checks for the call. */
export function conductOf(recorded: RecordedConduct, authorise: Authorise): Conduct {
  const { source, name, region, account, partition, outcome, errorCode, request, origin } = recorded;
  const authorised = authorise({ source, name, parameters: request, account, region, partition });
  const api = apiOf(source, name);
  const model = text(request["modelId"]) || (api.endsWith(":InvokeEndpoint") ? text(request["endpointName"]) : "");
  const secrets = secretsOf(api, recorded);
  const seconds = request["durationSeconds"];
  const bucket = api.startsWith("s3:") ? text(request["bucketName"]) : "";
  return {
    api,
    partition,
    region,
    account,
    ...(authorised.kind === "known" ? { checks: authorised.checks } : {}),
    outcome,
    ...(errorCode === undefined ? {} : { errorCode }),
    ...(model === "" ? {} : { model }),
    ...(bucket === "" ? {} : { bucket: `arn:${partition}:s3:::${bucket}` }),
    ...(secrets.length === 0 ? {} : { secrets }),
    ...(origin === undefined ? {} : { origin }),
    ...(typeof seconds === "number" && api.startsWith("sts:") ? { sessionSeconds: seconds } : {}),
  };
}

const serviceName = /\.amazonaws\.com(?:\.cn)?$|^AWS Internal$/;

function originOf(body: JsonObject): Origin | undefined {
  const id = text(body["vpcEndpointId"]);
  if (id !== "") return { kind: "vpc-endpoint", id };
  const address = text(body["sourceIPAddress"]);
  if (address === "") return undefined;
  return serviceName.test(address) ? { kind: "service", name: address } : { kind: "address", address };
}

/** The calls that give out a secret's value; parameters count where their value was asked for decrypted. */
function secretsOf(api: string, { request, partition, region, account }: RecordedConduct): readonly string[] {
  const arn = (service: string, resource: string): string =>
    `arn:${partition}:${service}:${region}:${account}:${resource}`;
  if (api === "secretsmanager:GetSecretValue") {
    const id = text(request["secretId"]);
    if (id === "") return [];
    // Six random characters end a secret's ARN; a request may name the secret with or without them, or by its name.
    return [parseArn(id) === undefined ? arn("secretsmanager", `secret:${id}`) : id.replace(/-[A-Za-z0-9]{6}$/, "")];
  }
  if (!readsParameters.has(api) || request["withDecryption"] !== true) return [];
  const path = text(request["path"]).replace(/\/+$/, "");
  const given = [request["name"], ...list(request["names"]), path && `${path}/*`].map(text).filter((one) => one !== "");
  return given.map((one) =>
    parseArn(one) === undefined ? arn("ssm", `parameter/${one.replace(/^\/+/, "").replace(/:[^/:]+$/, "")}`) : one,
  );
}

const readsParameters: ReadonlySet<string> = new Set([
  "ssm:GetParameter",
  "ssm:GetParameters",
  "ssm:GetParametersByPath",
  "ssm:GetParameterHistory",
]);
