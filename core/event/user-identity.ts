import { isRoleArn } from "../iam/arn.ts";
import { asAccessKeyId, asAccountId } from "../iam/identifiers.ts";
import { parseInstant } from "./instant.ts";
import { fields, type JsonObject, text } from "./json.ts";
import type { Principal, Session, Signer } from "./principal.ts";

/**
 * Reads CloudTrail's `userIdentity` and says no more than it says. A missing type is an AWS service acting for itself
 * when `invokedBy` names one (service events have no type); anything else is unknown, never guessed.
 */
export function principalOf(identity: JsonObject): Principal {
  const type = text(identity["type"]);
  const signer = signerOf(identity);
  switch (type) {
    case "AssumedRole":
      return assumedRole(identity, signer);
    case "IAMUser":
      return { kind: "iam-user", ...signer };
    case "Root":
      return { kind: "root", ...signer };
    case "Role":
      return { kind: "role", ...signer };
    case "Directory":
      return { kind: "directory", ...signer };
    case "FederatedUser":
      return { kind: "federated-user", ...signer, session: sessionOf(identity) };
    case "SAMLUser":
    case "WebIdentityUser":
      return {
        kind: type === "SAMLUser" ? "saml-user" : "web-identity-user",
        ...signer,
        provider: text(identity["identityProvider"]),
        subject: text(identity["userName"]),
      };
    case "IdentityCenterUser": {
      const person = fields(identity["onBehalfOf"]);
      return {
        kind: "identity-center-user",
        ...signer,
        userId: text(person["userId"]),
        identityStoreArn: text(person["identityStoreArn"]),
      };
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

function signerOf(identity: JsonObject): Signer {
  const arn = text(identity["arn"]);
  const id = text(identity["principalId"]);
  const account = asAccountId(identity["accountId"]);
  const accessKeyId = asAccessKeyId(identity["accessKeyId"]);
  const invokedBy = text(identity["invokedBy"]);
  return {
    ...(arn ? { arn } : {}),
    ...(id ? { id } : {}),
    ...(account ? { account } : {}),
    ...(accessKeyId ? { accessKeyId } : {}),
    ...(invokedBy ? { invokedBy } : {}),
  };
}

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
  };
}

/** The part of `principalId` after the colon; the ARN's last part where the id has none. */
function sessionName(identity: JsonObject): string {
  const id = text(identity["principalId"]);
  const colon = id.indexOf(":");
  return colon >= 0 ? id.slice(colon + 1) : (text(identity["arn"]).split("/")[2] ?? "");
}
