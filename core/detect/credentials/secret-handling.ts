import type { ApiCall } from "../../event/event.ts";
import { fields, type Json, list, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import type { Severity } from "../finding.ts";

/** What was done to a secret so that others get at it, or it is no longer as safe. */
export interface Handling {
  /** What anybody else who does it would be judged by. */
  readonly severity: Severity;
  /** After "A secret": "is now encrypted with a key of account …". */
  readonly did: string;
  /** After "Somebody tried to". */
  readonly tried: string;
  readonly path: string;
  readonly value: Json;
}

/** Whose secrets these are, which accounts are no strangers, and which Regions manifests name; none named is none known. */
export interface HandlingContext {
  readonly account: string;
  readonly regions: ReadonlySet<string>;
  known(account: string): boolean;
}

interface Row {
  readonly api: ApiName;
  readonly source: `https://docs.aws.amazon.com/${string}`;
  judge(call: ApiCall, context: HandlingContext): Handling | undefined;
}

const manager = "https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_";

/** Who is let in by a secret's policy is told by drift-resource-policy, not here. */
const rows: readonly Row[] = [
  { api: "secretsmanager:CancelRotateSecret", source: `${manager}CancelRotateSecret.html`, judge: rotationStopped },
  { api: "secretsmanager:CreateSecret", source: `${manager}CreateSecret.html`, judge: keyOrReplica },
  { api: "secretsmanager:DeleteSecret", source: `${manager}DeleteSecret.html`, judge: destroyed },
  { api: "secretsmanager:ReplicateSecretToRegions", source: `${manager}ReplicateSecretToRegions.html`, judge: replica },
  { api: "secretsmanager:RotateSecret", source: `${manager}RotateSecret.html`, judge: rotatedElsewhere },
  { api: "secretsmanager:UpdateSecret", source: `${manager}UpdateSecret.html`, judge: foreignKey("kmsKeyId") },
  {
    api: "ssm:PutParameter",
    source: "https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html",
    judge: foreignKey("keyId"),
  },
  {
    api: "ram:CreateResourceShare",
    source: "https://docs.aws.amazon.com/systems-manager/latest/userguide/parameter-store-shared-parameters.html",
    judge: shared,
  },
];

export const handlingApis: readonly ApiName[] = rows.map(({ api }) => api);

const byApi = new Map(rows.map((row) => [row.api, row]));

/** What the call does to a secret, worst first where it does several things; nothing where it does nothing of the kind. */
export const handlingOf = (call: ApiCall, context: HandlingContext): Handling | undefined =>
  byApi.get(call.api)?.judge(call, context);

function rotationStopped({ request }: ApiCall): Handling {
  return {
    severity: "low",
    did: "is no longer rotated",
    tried: "stop the rotation of a secret",
    path: "requestParameters.secretId",
    value: text(request["secretId"]),
  };
}

function destroyed({ request }: ApiCall): Handling | undefined {
  if (request["forceDeleteWithoutRecovery"] !== true) return undefined;
  return {
    severity: "low",
    did: "was deleted at once, and nobody can restore it",
    tried: "delete a secret so that nobody can restore it",
    path: "requestParameters.forceDeleteWithoutRecovery",
    value: true,
  };
}

/** The function that rotates a secret is handed every new value. */
function rotatedElsewhere({ request }: ApiCall, context: HandlingContext): Handling | undefined {
  const lambda = text(request["rotationLambdaARN"]);
  const account = stranger(lambda, context);
  if (account === undefined) return undefined;
  return {
    severity: "high",
    did: `is rotated by a function of account ${account}, which is handed every new value`,
    tried: `have a secret rotated by a function of account ${account}`,
    path: "requestParameters.rotationLambdaARN",
    value: lambda,
  };
}

/** A key's owner can read along, and can shut the secret for good. */
function foreignKey(parameter: string): (call: ApiCall, context: HandlingContext) => Handling | undefined {
  return ({ request }, context) => {
    const key = text(request[parameter]);
    const account = stranger(key, context);
    if (account === undefined) return undefined;
    return {
      severity: "high",
      did: `is now encrypted with a key of account ${account}`,
      tried: `encrypt a secret with a key of account ${account}`,
      path: `requestParameters.${parameter}`,
      value: key,
    };
  };
}

function replica({ request }: ApiCall, context: HandlingContext): Handling | undefined {
  const asked = list(request["addReplicaRegions"]).map(fields);
  const key = asked.map((one) => text(one["kmsKeyId"])).find((one) => stranger(one, context) !== undefined);
  const path = "requestParameters.addReplicaRegions";
  if (key !== undefined) {
    const account = accountOf(key);
    return {
      severity: "high",
      did: `is copied to another Region under a key of account ${account}`,
      tried: `copy a secret to another Region under a key of account ${account}`,
      path,
      value: key,
    };
  }
  const regions = asked.map((one) => text(one["region"])).filter((one) => one !== "");
  const strange = context.regions.size === 0 ? undefined : regions.find((one) => !context.regions.has(one));
  const [region] = strange === undefined ? regions : [strange];
  if (region === undefined) return undefined;
  return {
    severity: strange === undefined ? "info" : "medium",
    did: `is copied to ${region}${strange === undefined ? "" : ", a Region that no manifest names"}`,
    tried: `copy a secret to ${region}`,
    path,
    value: region,
  };
}

function keyOrReplica(call: ApiCall, context: HandlingContext): Handling | undefined {
  return foreignKey("kmsKeyId")(call, context) ?? replica(call, context);
}

/** A parameter is shared through Resource Access Manager; its value goes with it. */
function shared({ request }: ApiCall, context: HandlingContext): Handling | undefined {
  const parameter = list(request["resourceArns"])
    .map(text)
    .find((one) => one.includes(":parameter/"));
  const account = list(request["principals"])
    .map((one) => (/^\d{12}$/.test(text(one)) ? text(one) : (accountOf(text(one)) ?? "")))
    .find((one) => one !== "" && one !== context.account && !context.known(one));
  if (parameter === undefined || account === undefined) return undefined;
  return {
    severity: "high",
    did: `in Parameter Store is shared with account ${account}`,
    tried: `share a parameter with account ${account}`,
    path: "requestParameters.resourceArns",
    value: parameter,
  };
}

/** The account of a thing that is neither one's own nor declared. A bare id or alias is one's own. */
function stranger(arn: string, { account, known }: HandlingContext): string | undefined {
  const owner = accountOf(arn);
  return owner === undefined || owner === account || known(owner) ? undefined : owner;
}
