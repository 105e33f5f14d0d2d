import { isRoleArn } from "../iam/arn.ts";
import { asAccessKeyId, asAccountId } from "../iam/identifiers.ts";
import { parseInstant } from "./instant.ts";
import { fields, type JsonObject, text } from "./json.ts";
import type { Principal, Session, Signer } from "./principal.ts";

/** What a record says about its signer outside `userIdentity`. */
export interface Beside {
  /** `additionalEventData.callWithBearerToken` is set. */
  readonly bearer: boolean;
  /** The subject and provider of a web identity as the answer of the issuing call proved them; empty for other calls. */
  readonly subject: string;
  readonly provider: string;
  /** What became of a sign-in to the console; empty for other records. */
  readonly signIn: "" | "succeeded" | "not-proven";
  /** The console made the call: most records say it here and not in the identity. */
  readonly console: boolean;
}

const nothingBeside: Beside = { bearer: false, subject: "", provider: "", signIn: "", console: false };

/**
 * Reads what stands outside `userIdentity` about the signer. A federated identity's own fields are what the caller's token
 * claims; `responseElements` names the subject that AWS found proven (STS API reference, AssumeRoleWithWebIdentity and
 * AssumeRoleWithSAML).
 */
export function besideOf(record: JsonObject): Beside {
  const added = record["additionalEventData"];
  // `true` in some records and "true" in others.
  const bearer = added !== undefined && String(fields(added)["callWithBearerToken"]) === "true";
  const type = fields(record["userIdentity"])["type"];
  const federated = type === "WebIdentityUser" || type === "SAMLUser";
  const signIn = record["eventType"] === "AwsConsoleSignIn" ? signInIn(record) : "";
  const inConsole = isTrue(record["sessionCredentialFromConsole"]);
  if (!bearer && !federated && signIn === "" && !inConsole) return nothingBeside;
  const response = federated ? fields(record["responseElements"]) : fields(undefined);
  return {
    bearer,
    subject: text(response["subjectFromWebIdentityToken"]) || text(response["subject"]),
    provider: text(response["provider"]) || text(response["issuer"]),
    signIn,
    console: inConsole,
  };
}

/** Whoever fails to sign in, or asks for a new password, is recorded under the name that they typed. */
function signInIn(record: JsonObject): Beside["signIn"] {
  const { ConsoleLogin, PasswordRecoveryRequested } = fields(record["responseElements"]);
  if (PasswordRecoveryRequested !== undefined) return "not-proven";
  if (ConsoleLogin === undefined) return "";
  return ConsoleLogin === "Success" ? "succeeded" : "not-proven";
}

/**
 * Reads CloudTrail's `userIdentity` and says no more than it says. A missing type is an AWS service acting for itself
 * when `invokedBy` names one (service events have no type); anything else is unknown, never guessed.
 */
export function principalOf(identity: JsonObject, beside: Beside = nothingBeside): Principal {
  const type = text(identity["type"]);
  const signer = signerOf(identity, beside);
  switch (type) {
    case "AssumedRole":
      return assumedRole(identity, signer);
    case "IAMUser": {
      const userName = text(identity["userName"]);
      return { kind: "iam-user", ...signer, ...(userName ? { userName } : {}) };
    }
    case "Root":
      return { kind: "root", ...signer };
    case "Role":
      return { kind: "role", ...signer };
    case "Directory":
      return { kind: "directory", ...signer };
    case "FederatedUser":
      return { kind: "federated-user", ...signer, session: sessionOf(identity), ...issuerOf(identity) };
    case "SAMLUser":
      return {
        kind: "saml-user",
        ...signer,
        provider: text(identity["identityProvider"]) || beside.provider,
        subject: beside.subject || text(identity["userName"]),
        proven: beside.subject !== "",
      };
    case "WebIdentityUser":
      return {
        kind: "web-identity-user",
        ...signer,
        provider: text(identity["identityProvider"]) || beside.provider,
        subject: beside.subject || text(identity["userName"]),
        proven: beside.subject !== "",
      };
    case "IdentityCenterUser": {
      const { userId = "", identityStoreArn = "" } = signer.onBehalfOf ?? {};
      return { kind: "identity-center-user", ...signer, userId, identityStoreArn };
    }
    case "AWSAccount":
      return { kind: "aws-account", ...signer };
    case "AWSService":
      return { kind: "aws-service", ...signer, service: text(identity["invokedBy"]) };
    case "":
      return signer.invokedBy === undefined
        ? { kind: "unknown", ...signer, type: "" }
        : { kind: "aws-service", ...signer, service: signer.invokedBy };
    default:
      return { kind: "unknown", ...signer, type: type.slice(0, 64) };
  }
}

function signerOf(identity: JsonObject, { bearer, signIn, console }: Beside): Signer {
  const arn = text(identity["arn"]);
  const id = text(identity["principalId"]);
  const account = asAccountId(identity["accountId"]);
  const accessKeyId = asAccessKeyId(identity["accessKeyId"]);
  const invokedBy = text(identity["invokedBy"]);
  const credentialId = text(identity["credentialId"]);
  const delegate = asAccountId(fields(identity["invokedByDelegate"])["accountId"]);
  return {
    ...(arn ? { arn } : {}),
    ...(id ? { id } : {}),
    ...(account ? { account } : {}),
    ...(accessKeyId ? { accessKeyId } : {}),
    ...(invokedBy ? { invokedBy } : {}),
    ...(credentialId ? { credentialId } : {}),
    ...(delegate ? { delegate } : {}),
    ...personOf(identity),
    ...(bearer ? { bearer } : {}),
    ...signInOf(identity),
    ...(signIn === "succeeded" || console ? { console: true } : {}),
    ...(signIn === "not-proven" ? { unproven: true } : {}),
  };
}

function issuerOf(identity: JsonObject): { readonly issuer?: string } {
  const issuer = text(fields(fields(identity["sessionContext"])["sessionIssuer"])["arn"]);
  return issuer ? { issuer } : {};
}

function personOf(identity: JsonObject): Pick<Signer, "onBehalfOf"> {
  const person = fields(identity["onBehalfOf"]);
  const [userId, identityStoreArn] = [text(person["userId"]), text(person["identityStoreArn"])];
  return userId ? { onBehalfOf: { userId, identityStoreArn } } : {};
}

function signInOf(identity: JsonObject): Pick<Signer, "signInSession" | "console" | "assumedRoot"> {
  const context = fields(identity["sessionContext"]);
  const signInSession = text(context["signInSessionArn"]);
  return {
    ...(signInSession ? { signInSession } : {}),
    ...(fromConsole(identity) ? { console: true } : {}),
    ...(isTrue(context["assumedRoot"]) ? { assumedRoot: true } : {}),
  };
}

/** CloudTrail writes the mark beside the identity, in its session or among the session's attributes, as text or as a boolean. */
function fromConsole(identity: JsonObject): boolean {
  const context = fields(identity["sessionContext"]);
  const mark = "sessionCredentialFromConsole";
  return isTrue(identity[mark]) || isTrue(context[mark]) || isTrue(fields(context["attributes"])[mark]);
}

const isTrue = (value: unknown): boolean => value === true || value === "true";

function assumedRole(identity: JsonObject, signer: Signer): Principal {
  const issuer = text(fields(fields(identity["sessionContext"])["sessionIssuer"])["arn"]);
  const role = isRoleArn(issuer) ? issuer : roleOfSession(signer.arn ?? "");
  if (role === undefined || !isRoleArn(role)) return { kind: "unknown", ...signer, type: "AssumedRole" };
  return { kind: "assumed-role", ...signer, role, session: sessionOf(identity) };
}

/** `arn:P:sts::A:assumed-role/NAME/SESSION` names its role without the path: the next best thing when there is no issuer. */
function roleOfSession(arn: string): string | undefined {
  const [scheme, partition, service, , account, resource = ""] = arn.split(":");
  const [kind, name] = resource.split("/");
  if (scheme !== "arn" || service !== "sts" || kind !== "assumed-role" || !name) return undefined;
  return `arn:${partition}:iam::${account}:role/${name}`;
}

function sessionOf(identity: JsonObject): Session {
  const context = fields(identity["sessionContext"]);
  const startedAt = parseInstant(fields(context["attributes"])["creationDate"]);
  const sourceIdentity = text(context["sourceIdentity"]);
  const ec2RoleDelivery = text(context["ec2RoleDelivery"]);
  const scope = fields(identity["inScopeOf"]);
  const issuerType = text(scope["issuerType"]);
  const credentialsIssuedTo = text(scope["credentialsIssuedTo"]);
  return {
    name: sessionName(identity),
    ...(startedAt === undefined ? {} : { startedAt }),
    ...(sourceIdentity ? { sourceIdentity } : {}),
    ...(issuerType && credentialsIssuedTo ? { inScopeOf: { issuerType, credentialsIssuedTo } } : {}),
    ...(ec2RoleDelivery ? { ec2RoleDelivery } : {}),
    ...webIdentityOf(fields(context["webIdFederationData"])),
  };
}

/** AWS may add `<provider>:sub`, or `<provider>:user_id` for consumer providers; the object may also be empty. */
function webIdentityOf(federation: JsonObject): Pick<Session, "webIdentity"> {
  const provider = text(federation["federatedProvider"]);
  if (!provider) return {};
  const attributes = fields(federation["attributes"]);
  const name = Object.keys(attributes).find((key) => /(?:^|:)(?:sub|user_id)$/.test(key));
  const subject = name === undefined ? "" : text(attributes[name]);
  return { webIdentity: { provider, ...(subject ? { subject } : {}) } };
}

/** The part of `principalId` after the colon; the ARN's last part where the id has none. */
function sessionName(identity: JsonObject): string {
  const id = text(identity["principalId"]);
  const colon = id.indexOf(":");
  return colon >= 0 ? id.slice(colon + 1) : (text(identity["arn"]).split("/")[2] ?? "");
}
