import type { ApiCall } from "../../event/event.ts";
import { fields, text } from "../../event/json.ts";
import type { Severity } from "../finding.ts";
import { isOneself } from "../oneself.ts";
import { builtArn } from "../touched.ts";
import { activated, type Birth, type BirthRow } from "./credential-birth.ts";

const iam = "https://docs.aws.amazon.com/IAM/latest/APIReference/API_";
const user = { named: ["userName"], as: "iam:user/" } as const;

/**
 * Credentials of IAM users other than access keys, which have a detector of their own. A password, or one for a single
 * service, that is made for *another* user is a way to that user's rights and told as one; only Bedrock's keys are told here too.
 */
export const iamBirths: readonly BirthRow[] = [
  {
    api: "iam:CreateServiceSpecificCredential",
    did: "A password for one service was created",
    tried: "create a password for one service",
    severity: "low",
    ...user,
    says: forOneService,
    source: `${iam}CreateServiceSpecificCredential.html`,
  },
  {
    api: "iam:ResetServiceSpecificCredential",
    did: "A password for one service was made anew",
    tried: "make a password for one service anew",
    severity: "low",
    ...user,
    says: forOneService,
    source: `${iam}ResetServiceSpecificCredential.html`,
  },
  {
    api: "iam:UpdateServiceSpecificCredential",
    did: "A password or API key for one service works again",
    tried: "let a password or API key for one service work again",
    severity: "low",
    ...user,
    says: activated,
    source: `${iam}UpdateServiceSpecificCredential.html`,
  },
  {
    api: "iam:CreateUser",
    did: "A user that only carries a Bedrock API key was made; nothing takes it away again",
    tried: "make a user that only carries a Bedrock API key",
    severity: "low",
    ...user,
    says: phantom,
    source: "https://docs.aws.amazon.com/bedrock/latest/userguide/api-keys-how.html",
  },
  {
    api: "iam:CreateLoginProfile",
    did: "A console password was created for the caller itself",
    tried: "create a console password for oneself",
    severity: "low",
    ...user,
    says: ownPassword,
    source: `${iam}CreateLoginProfile.html`,
  },
  {
    api: "iam:UploadSSHPublicKey",
    did: "An SSH key for CodeCommit was put on a user",
    tried: "put an SSH key for CodeCommit on a user",
    severity: "low",
    ...user,
    source: `${iam}UploadSSHPublicKey.html`,
  },
  {
    api: "iam:UpdateSSHPublicKey",
    did: "An SSH key for CodeCommit works again",
    tried: "let an SSH key for CodeCommit work again",
    severity: "low",
    ...user,
    says: activated,
    source: `${iam}UpdateSSHPublicKey.html`,
  },
  {
    api: "iam:UploadSigningCertificate",
    did: "A certificate that signs requests was put on a user",
    tried: "put a certificate that signs requests on a user",
    // Hardly anything signs so any more, and key rotation never looks at them.
    severity: "medium",
    ...user,
    source: `${iam}UploadSigningCertificate.html`,
  },
  {
    api: "iam:UpdateSigningCertificate",
    did: "A certificate that signs requests works again",
    tried: "let a certificate that signs requests work again",
    severity: "low",
    ...user,
    says: activated,
    source: `${iam}UpdateSigningCertificate.html`,
  },
];

/** What a key of a service is called; the rest are user names and passwords. "Service-specific credentials" of IAM's guide. */
const serviceKeys: Readonly<Record<string, string>> = {
  "bedrock.amazonaws.com": "A long-term Bedrock API key",
  "logs.amazonaws.com": "A long-term API key for CloudWatch Logs",
};

function forOneService(call: ApiCall): Birth | undefined {
  const answered = fields(call.response["serviceSpecificCredential"]);
  const service = text(call.request["serviceName"]) || text(answered["serviceName"]);
  const path = "requestParameters.serviceName";
  const named = Object.hasOwn(serviceKeys, service) ? serviceKeys[service] : undefined;
  if (named === undefined) return isForOneself(call) ? { path, value: service } : undefined;
  const anew = call.api === "iam:ResetServiceSpecificCredential";
  const days = call.request["credentialAgeDays"];
  const lasts = anew ? "" : days === undefined ? " that never expires" : ` for ${dayCount(Number(days))}`;
  return {
    path,
    value: service,
    severity: service === "bedrock.amazonaws.com" ? ageSeverity(days) : "low",
    did: `${named}${lasts} was ${anew ? "made anew" : "created"}`,
    tried: `${anew ? "make anew" : "create"} ${named.charAt(0).toLowerCase()}${named.slice(1)}${lasts}`,
  };
}

const dayCount = (days: number): string => (days === 1 ? "a day" : `${days} days`);

/** AWS says of these keys that they are for trying things out; one for a day or two is that. */
const ageSeverity = (days: unknown): Severity => (Number(days) <= 2 ? "low" : "medium");

/** Bedrock's console makes such a user for each long-term key and gives it a policy of AWS. */
function phantom({ request }: ApiCall): Birth | undefined {
  const name = text(request["userName"]);
  return name.startsWith("BedrockAPIKey-") ? { path: "requestParameters.userName", value: name } : undefined;
}

/** Without a name the call is about its signer; only root, or a session that stands in for it, has no name. */
function ownPassword(call: ApiCall): Birth | undefined {
  const name = text(call.request["userName"]);
  if (call.principal.kind === "root" && (name === "" || name === "root"))
    return {
      path: "userIdentity.arn",
      value: call.principal.arn ?? "root",
      severity: "critical",
      did: "A password for the root user was created",
      tried: "create a password for the root user",
    };
  return name !== "" && isForOneself(call) ? { path: "requestParameters.userName", value: name } : undefined;
}

function isForOneself(call: ApiCall): boolean {
  const name = text(call.request["userName"]);
  if (name === "") return call.principal.kind === "iam-user";
  const arn = builtArn(call, "user", name);
  return arn !== undefined && isOneself(arn, call);
}
