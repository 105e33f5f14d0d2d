import type { Principal } from "../../event/principal.ts";
import { accountOf, parseArn } from "../../iam/arn.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import { stableKey } from "../../identity/attribute.ts";
import type { Attribution } from "../../identity/attribution.ts";
import { isStaticToken } from "../../identity/iam-user.ts";
import { holderText } from "../../identity/lineage/chain.ts";
import { issuerOf, serviceAccountOf } from "../../identity/web-subject.ts";
import type { IdentityKind } from "./inventory-row.ts";

/** One identity or credential that a principal is an appearance of; `member` is what a collapsed row counts. */
export interface Face {
  readonly kind: IdentityKind;
  readonly id: string;
  readonly account?: string;
  readonly member?: string;
  /** The user, or the root of an account, that a key belongs to. */
  readonly holder?: string;
  /** A federated subject as chains name it: what it is declared as shows in the sessions that it began. */
  readonly subject?: string;
}

/**
 * Everything non-human that acted when this principal acted: its role or user, its long-term key, the federated subject,
 * and what ran with it. Persons are no part of an inventory, but the role that they took is.
 */
export function facesOf(principal: Principal, attribution: Attribution): readonly Face[] {
  const faces = [...signerFaces(principal, attribution.kind === "person"), ...delegateFaces(principal)];
  const ran = ranFace(attribution);
  return ran === undefined || faces.some(({ id }) => id === ran.id) ? faces : [...faces, ran];
}

function signerFaces(principal: Principal, isPerson: boolean): readonly Face[] {
  const account = principal.account === undefined ? {} : { account: principal.account };
  switch (principal.kind) {
    case "assumed-role":
      return roleFaces(principal.role);
    case "role":
      return principal.arn === undefined ? [] : roleFaces(principal.arn);
    case "iam-user": {
      if (isPerson || principal.unproven || principal.arn === undefined) return [];
      const user: Face = { kind: "iam-user", id: `user:${principal.arn}`, ...account };
      if (isStaticToken(principal))
        return [
          user,
          { kind: "bedrock-api-key", id: `bedrock-key:${principal.arn}`, ...account, holder: principal.arn },
        ];
      return [user, ...keyFaces(principal)];
    }
    case "root":
      return keyFaces(principal);
    case "web-identity-user": {
      const pod = serviceAccountOf(principal.subject);
      const kind = pod === undefined ? "oidc-subject" : "service-account";
      const id = pod === undefined ? stableKey(principal) : `eks:${issuerOf(principal.provider)}/${pod}`;
      return principal.proven && id !== undefined ? [{ kind, id, ...account, subject: holderText(principal) }] : [];
    }
    case "aws-service":
      return [{ kind: "aws-services", id: "aws-services", member: principal.service || "unnamed" }];
    case "aws-account":
      return thirdParty(principal.account);
    case "federated-user":
    case "saml-user":
    case "identity-center-user":
    case "directory":
    case "unknown":
      return [];
  }
}

/** The row of a role: its own, that of all service-linked roles of the account, or none where Identity Center made it for persons. */
export function roleFaces(role: string): readonly Face[] {
  const account = accountOf(role);
  const own = account === undefined ? {} : { account };
  if (isServiceLinked(role))
    return [{ kind: "service-linked-roles", id: `service-linked-roles:${account ?? "-"}`, ...own, member: role }];
  return isPersonsRole(role) ? [] : [{ kind: "role", id: `role:${role}`, ...own }];
}

const isServiceLinked = (role: string): boolean =>
  parseArn(role)?.resource.startsWith("role/aws-service-role/") === true;

/** Identity Center keeps its roles under a path that nobody else can use. */
const isPersonsRole = (role: string): boolean =>
  parseArn(role)?.resource.startsWith("role/aws-reserved/sso.amazonaws.com/") === true ||
  role.includes(":role/AWSReservedSSO_");

function keyFaces({ accessKeyId, account, arn }: Principal): readonly Face[] {
  if (accessKeyId === undefined || !isLongTerm(accessKeyId)) return [];
  return [
    {
      kind: "access-key",
      id: accessKeyId,
      ...(account === undefined ? {} : { account }),
      ...(arn === undefined ? {} : { holder: arn }),
    },
  ];
}

const delegateFaces = ({ delegate }: Principal): readonly Face[] => thirdParty(delegate);

const thirdParty = (account: string | undefined): readonly Face[] =>
  account === undefined ? [] : [{ kind: "third-party-account", id: `account:${account}`, account }];

/** What ran, where somebody can say it and it is not the bare role or key itself. */
function ranFace(attribution: Attribution): Face | undefined {
  if (attribution.kind !== "workload" && attribution.kind !== "external") return undefined;
  const { id, declared } = attribution;
  if (declared) return { kind: "workload", id };
  const kind = kinds[id.slice(0, id.indexOf(":"))] ?? "workload";
  if (kind === "role" || kind === "iam-user") return undefined;
  const account = /^(?:ec2|ecs|account):(\d{12})/.exec(id)?.[1] ?? accountOf(id.slice(id.indexOf(":") + 1));
  return { kind, id, ...(account === undefined ? {} : { account }) };
}

const kinds: Readonly<Record<string, IdentityKind>> = {
  role: "role",
  user: "iam-user",
  eks: "service-account",
  oidc: "oidc-subject",
  anywhere: "roles-anywhere-subject",
  "bedrock-key": "bedrock-api-key",
  account: "third-party-account",
};
