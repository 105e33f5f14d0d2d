import { decodeHead } from "../event/decode.ts";
import type { ApiCall } from "../event/event.ts";
import type { Head } from "../event/head.ts";
import { fields, list, text } from "../event/json.ts";
import { parseArn } from "../iam/arn.ts";

/** A record that an inventory remembers by itself: a secret was read, or an identity began or ended. */
export type UsageNote =
  | {
      readonly kind: "secret";
      readonly what: SecretKind;
      /** The secret, parameter or key by ARN, without the random end that Secrets Manager adds; a name where no ARN can be made. */
      readonly secrets: readonly string[];
      /** Whole seconds. */
      readonly at: number;
      readonly outcome: ApiCall["outcome"];
    }
  | {
      readonly kind: "created" | "deleted";
      /** A role's or user's ARN, an access key's id, or `bedrock-key:` and the user's ARN. */
      readonly id: string;
      readonly at: number;
      readonly by: string;
      /** The user that a new key belongs to. */
      readonly holder?: string;
    };

export type SecretKind = "secret" | "parameter" | "kms-key";

/** The calls that give out a secret's value (`BatchGetSecretValue` writes a `GetSecretValue` record for each secret), or that begin or end an identity. */
const readers: Readonly<Record<string, (call: ApiCall) => UsageNote | undefined>> = {
  "secretsmanager:GetSecretValue": (call) => read(call, "secret", [secretOf(text(call.request["secretId"]), call)]),
  "ssm:GetParameter": parameters,
  "ssm:GetParameters": parameters,
  "ssm:GetParametersByPath": parameters,
  "ssm:GetParameterHistory": parameters,
  "kms:Decrypt": (call) => read(call, "kms-key", keysOf(call)),
  "iam:CreateRole": (call) => life("created", call, text(fields(call.response["role"])["arn"])),
  "iam:CreateServiceLinkedRole": (call) => life("created", call, text(fields(call.response["role"])["arn"])),
  "iam:CreateUser": (call) => life("created", call, text(fields(call.response["user"])["arn"])),
  "iam:CreateAccessKey": (call) => {
    const { accessKeyId, userName } = fields(call.response["accessKey"]);
    return keyed(life("created", call, text(accessKeyId)), named("user", text(userName), call));
  },
  "iam:CreateServiceSpecificCredential": (call) => {
    const { serviceName, userName } = fields(call.response["serviceSpecificCredential"]);
    const holder = named("user", text(userName), call);
    if (text(serviceName) !== "bedrock.amazonaws.com" || holder === "") return undefined;
    return keyed(life("created", call, `bedrock-key:${holder}`), holder);
  },
  "iam:DeleteRole": (call) => life("deleted", call, named("role", text(call.request["roleName"]), call)),
  "iam:DeleteUser": (call) => life("deleted", call, named("user", text(call.request["userName"]), call)),
  "iam:DeleteAccessKey": (call) => life("deleted", call, text(call.request["accessKeyId"])),
};

const names: ReadonlySet<string> = new Set(Object.keys(readers).map((api) => api.slice(api.indexOf(":") + 1)));

/** What an inventory remembers of a record; of most records nothing. */
export function noteOf(head: Head): UsageNote | undefined {
  if (head.form === "envelope" || !names.has(head.name)) return undefined;
  const decoded = decodeHead(head);
  if (decoded.kind !== "event" || decoded.event.kind !== "api-call") return undefined;
  const { event } = decoded;
  return Object.hasOwn(readers, event.api) ? readers[event.api]?.(event) : undefined;
}

function read(call: ApiCall, what: SecretKind, secrets: readonly string[]): UsageNote | undefined {
  const named = secrets.filter((one) => one !== "").map((one) => one.slice(0, longest));
  if (named.length === 0) return undefined;
  return { kind: "secret", what, secrets: named, at: Math.floor(call.at / 1_000), outcome: call.outcome };
}

/** Secrets Manager allows 512 characters in a name, an ARN is little longer. */
const longest = 2_048;

/** Six random characters end a secret's ARN; a request may name the secret with or without them, or by its name. */
function secretOf(given: string, call: ApiCall): string {
  if (given === "" || parseArn(given) !== undefined) return given.replace(/-[A-Za-z0-9]{6}$/, "");
  return call.account === undefined
    ? given
    : `arn:${call.partition}:secretsmanager:${call.region}:${call.account}:secret:${given}`;
}

/** A parameter counts as a secret where its value was asked for decrypted; a plain one is configuration. */
function parameters(call: ApiCall): UsageNote | undefined {
  const { request } = call;
  if (request["withDecryption"] !== true) return undefined;
  const path = text(request["path"]);
  const given = [request["name"], ...list(request["names"])].map(text).filter((one) => one !== "");
  return read(
    call,
    "parameter",
    [...given, ...(path === "" ? [] : [`${path.replace(/\/+$/, "")}/*`])].map((one) => parameterOf(one, call)),
  );
}

function parameterOf(given: string, call: ApiCall): string {
  if (parseArn(given) !== undefined || call.account === undefined) return given;
  // `name:3` and `name:label` mean one version of it.
  const name = given.replace(/^\/+/, "").replace(/:[^/:]+$/, "");
  return `arn:${call.partition}:ssm:${call.region}:${call.account}:parameter/${name}`;
}

function keysOf(call: ApiCall): readonly string[] {
  const resources = list(call.record["resources"]).map(fields);
  const keys = resources.flatMap((one) => text(one["ARN"]) || text(one["arn"]) || []);
  const found = keys.filter((arn) => parseArn(arn)?.service === "kms");
  return found.length > 0 ? found : [text(call.request["keyId"])];
}

function life(kind: "created" | "deleted", call: ApiCall, id: string): UsageNote | undefined {
  if (id === "" || call.outcome !== "done") return undefined;
  const { principal } = call;
  const by = principal.kind === "assumed-role" ? principal.role : (principal.arn ?? "");
  return { kind, id, at: Math.floor(call.at / 1_000), by };
}

const keyed = (note: UsageNote | undefined, holder: string): UsageNote | undefined =>
  note === undefined || note.kind === "secret" || holder === "" ? note : { ...note, holder };

const named = (kind: "role" | "user", name: string, { account, partition }: ApiCall): string =>
  name === "" || account === undefined ? "" : `arn:${partition}:iam::${account}:${kind}/${name}`;
