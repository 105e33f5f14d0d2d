import type { Principal } from "../event/principal.ts";
import type { Attribution } from "./attribution.ts";

/** A setting that would let more calls be attributed, or attributed more surely. */
export interface Remedy {
  readonly kind: RemedyKind;
  /** What the setting belongs to: a role, a user, an account. */
  readonly subject: string;
  /** What to do, for a person; names the setting as AWS does. */
  readonly advice: string;
}

export type RemedyKind =
  | "pod-identity-tags"
  | "pod-identity"
  | "studio-source-identity"
  | "ci-session"
  | "split-role"
  | "declare-role"
  | "declare-user"
  | "replace-key"
  | "earlier-records"
  | "other-account";

/** Whether any setting could do more for an attribution: most are as sure as they can be, and need no second look. */
export function improvable(attribution: Attribution): boolean {
  switch (attribution.kind) {
    case "contested":
    case "unattributed":
      return true;
    case "external":
      return !attribution.declared;
    case "workload":
    case "person":
    case "service":
      return attribution.class === "inferred" || saysPodUnknown(attribution) || saysUserUnknown(attribution);
  }
}

/**
 * The one setting that would do most for the calls of this principal, or nothing when they are attributed as surely as
 * they can be. What is merely undeclared is no debt: it has a name.
 */
export function remedyOf(attribution: Attribution, principal: Principal): Remedy | undefined {
  if (!improvable(attribution)) return undefined;
  switch (attribution.kind) {
    case "contested":
      return principal.kind === "assumed-role" ? splitRole(principal.role, attribution.claims) : undefined;
    case "unattributed":
      return remedyForNobody(attribution, principal);
    case "external":
      return {
        kind: "other-account",
        subject: attribution.id,
        advice: `read the trail of ${attribution.id} as well: it names the caller`,
      };
    case "workload":
    case "person":
    case "service":
      return remedyForGuess(attribution, principal);
  }
}

function remedyForNobody(attribution: Attribution, principal: Principal): Remedy | undefined {
  switch (principal.kind) {
    case "assumed-role":
      return remedyForSession(attribution, principal) ?? remedyForRole(attribution, principal.role);
    case "role":
      return principal.arn === undefined ? undefined : declareRole(principal.arn);
    case "iam-user":
      return remedyForUser(principal);
    case "federated-user":
    case "root":
    case "directory":
    case "saml-user":
    case "web-identity-user":
    case "identity-center-user":
    case "aws-account":
    case "aws-service":
    case "unknown":
      return undefined;
  }
}

const remedyForGuess = (attribution: Attribution, principal: Principal): Remedy | undefined =>
  principal.kind === "assumed-role" ? remedyForSession(attribution, principal) : undefined;

type AssumedRole = Extract<Principal, { kind: "assumed-role" }>;

/** What the service that issued the session, or the name that the session goes by, tells about its kind. */
function remedyForSession(attribution: Attribution, { role, session }: AssumedRole): Remedy | undefined {
  const issuer = attribution.hops.at(-1)?.end === "service" ? (attribution.hops.at(-1)?.principal ?? "") : "";
  if (issuer.startsWith("pods.eks.") || /^eks-.{1,40}-[0-9a-f-]{36}$/.test(session.name))
    return {
      kind: "pod-identity-tags",
      subject: role,
      advice: `leave session tags on (disableSessionTags: false) in the Pod Identity association of ${role}`,
    };
  if (saysPodUnknown(attribution))
    return {
      kind: "pod-identity",
      subject: role,
      advice: `give the pods that use the node role ${role} a role of their own (EKS Pod Identity)`,
    };
  if (issuer.startsWith("sagemaker.") || session.name === "SageMaker")
    return {
      kind: "studio-source-identity",
      subject: role,
      advice: `set ExecutionRoleIdentityConfig to USER_PROFILE_NAME in the Studio domains that use ${role}`,
    };
  if (session.webIdentity !== undefined || ciNames.test(session.name))
    return {
      kind: "ci-session",
      subject: role,
      advice: `read the AssumeRoleWithWebIdentity records of ${role}, and put the run id into its role-session-name`,
    };
  return undefined;
}

const ciNames = /^(?:GitHubActions|gitlab-ci|gitlab|terraform-run|tfc|buildkite|circleci)/i;

const saysPodUnknown = ({ because }: Attribution): boolean => because.includes("pod unknown");
const saysUserUnknown = ({ because }: Attribution): boolean => because.includes("user unknown");

function remedyForRole({ hops }: Attribution, role: string): Remedy {
  const end = hops.at(-1)?.end;
  // A bare role names itself once a manifest does; whoever stands behind it is in records that were not read.
  if (end === "not-seen" && hops.length > 1)
    return {
      kind: "earlier-records",
      subject: role,
      advice: `read 36 h more of records before these: the call that issued the sessions behind ${role} is older`,
    };
  return declareRole(role);
}

const declareRole = (role: string): Remedy => ({
  kind: "declare-role",
  subject: role,
  advice: `declare what runs as ${role} (identifiedBy: roleArn)`,
});

function remedyForUser({ arn, accessKeyId }: Principal): Remedy | undefined {
  if (arn === undefined) return undefined;
  return accessKeyId?.startsWith("AKIA")
    ? {
        kind: "replace-key",
        subject: arn,
        advice: `replace the key of ${arn} by a role, or declare it (identifiedBy: userArn)`,
      }
    : { kind: "declare-user", subject: arn, advice: `declare what uses ${arn} (identifiedBy: userArn)` };
}

const splitRole = (role: string, claims: readonly string[]): Remedy => ({
  kind: "split-role",
  subject: role,
  advice: `give each of ${claims.slice(0, 3).join(", ")} a role of its own instead of sharing ${role}`,
});
