import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import { asAccountId } from "../../iam/identifiers.ts";
import { lastOf } from "../facts/named-resource.ts";
import { type Birth, type BirthRow, where } from "./credential-birth.ts";

const docs = "https://docs.aws.amazon.com";
const isTrue = (value: unknown): boolean => value === true || value === "true";

/**
 * Calls that hand a lasting credential out again. What programs make all day is not here: tokens of registries, credentials
 * of identity pools and of databases, which end by themselves.
 */
export const handingOuts: readonly BirthRow[] = [
  handedOut({
    api: "apigateway:GetApiKey",
    what: "An API key for API Gateway",
    named: [],
    says: where("includeValue", isTrue),
    source: `${docs}/apigateway/latest/api/API_GetApiKey.html`,
  }),
  handedOut({
    api: "apigateway:GetApiKeys",
    what: "A list of API keys for API Gateway",
    named: [],
    says: where("includeValues", isTrue),
    source: `${docs}/apigateway/latest/api/API_GetApiKeys.html`,
  }),
  handedOut({
    api: "lightsail:DownloadDefaultKeyPair",
    what: "The default SSH key of Lightsail",
    named: [],
    source: `${docs}/lightsail/2016-11-28/api-reference/API_DownloadDefaultKeyPair.html`,
  }),
  handedOut({
    api: "lightsail:GetInstanceAccessDetails",
    what: "A key that opens a Lightsail machine",
    named: ["instanceName"],
    source: `${docs}/lightsail/2016-11-28/api-reference/API_GetInstanceAccessDetails.html`,
  }),
  handedOut({
    api: "lightsail:GetRelationalDatabaseMasterUserPassword",
    what: "The password of a Lightsail database",
    named: ["relationalDatabaseName"],
    source: `${docs}/lightsail/2016-11-28/api-reference/API_GetRelationalDatabaseMasterUserPassword.html`,
  }),
  handedOut({
    api: "acm:ExportCertificate",
    what: "A certificate with its private key",
    named: ["certificateArn"],
    source: `${docs}/acm/latest/APIReference/API_ExportCertificate.html`,
  }),
  handedOut({
    api: "gamelift:GetInstanceAccess",
    what: "A key that opens a game server",
    named: ["fleetId"],
    source: `${docs}/gamelift/latest/apireference/API_GetInstanceAccess.html`,
  }),
  handedOut({
    api: "storagegateway:DescribeChapCredentials",
    what: "A list of the secrets of a storage gateway's volumes",
    named: ["targetARN"],
    source: `${docs}/storagegateway/latest/APIReference/API_DescribeChapCredentials.html`,
  }),
  {
    api: "sts:AssumeRoot",
    did: "A session as the root user of a member account was begun",
    tried: "begin a session as the root user of a member account",
    severity: "medium",
    named: ["targetPrincipal"],
    says: asRoot,
    source: `${docs}/STS/latest/APIReference/API_AssumeRoot.html`,
  },
];

/** What a root session is for, by AWS's policy that limits it ("Track privileged tasks", AssumeRoot). */
function asRoot({ request, partition }: ApiCall): Birth {
  const policy = text(at(request, "taskPolicyArn", "arn")) || text(request["taskPolicyArn"]);
  const task = lastOf(policy);
  const account = asAccountId(request["targetPrincipal"]);
  const said = {
    path: "requestParameters.taskPolicyArn",
    value: policy,
    ...(account === undefined ? {} : { resource: `arn:${partition}:iam::${account}:root` }),
  };
  if (task === "IAMAuditRootUserCredentials") return { ...said, severity: "low" };
  return task === "IAMCreateRootUserPassword" ? { ...said, severity: "high" } : said;
}

type HandedOut = Omit<BirthRow, "did" | "tried" | "severity"> & { readonly what: string };

function handedOut({ what, ...row }: HandedOut): BirthRow {
  return {
    ...row,
    severity: "low",
    did: `${what} was handed out`,
    tried: `have ${what.charAt(0).toLowerCase()}${what.slice(1)} handed out`,
  };
}
