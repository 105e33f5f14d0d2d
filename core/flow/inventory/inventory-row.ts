/** What kind of non-human identity or credential a row is about. */
export type IdentityKind =
  | "role"
  | "iam-user"
  | "access-key"
  | "bedrock-api-key"
  | "workload"
  | "service-account"
  | "oidc-subject"
  | "roles-anywhere-subject"
  | "third-party-account"
  | "service-linked-roles"
  | "aws-services";

export type IdentityFlag = "undeclared" | "orphaned" | "dormant" | "shared" | "over-granted" | "static";

/** One named reason why an identity is a risk. */
export interface RiskReason {
  readonly rule: RiskRule;
  readonly points: number;
  readonly because: string;
}

/** The reasons and their points; docs/inventory.md explains each. */
export const riskPoints = {
  "trusts-everybody": 40,
  administrator: 35,
  "escalation-critical": 30,
  "escalation-high": 20,
  static: 20,
  "trusts-account-unconditionally": 20,
  orphaned: 15,
  "undeclared-secret": 15,
  "escalation-medium": 10,
  "over-granted": 10,
  dormant: 10,
  shared: 10,
  undeclared: 10,
  "third-party": 10,
  "escalation-low": 5,
  "reads-secrets": 5,
} as const;

export type RiskRule = keyof typeof riskPoints;

/** One identity or credential, as records and IAM state together show it. What is not known is left out. */
export interface IdentityRow {
  readonly kind: IdentityKind;
  /** As attribution ids are written; an access key's id; a manifest's name. */
  readonly id: string;
  readonly account?: string;
  /** The manifest that declares it. */
  readonly workload?: string;
  /** The manifest's owner, or `undeclared`. */
  readonly owner: string;
  /** Static: it works until somebody ends it. */
  readonly credential: "static" | "short-lived" | "unknown";
  /** Whole seconds since 1970, as all times here. */
  readonly created?: number;
  /** The role or user that made it. */
  readonly createdBy?: string;
  readonly lastUsed?: number;
  /** False: the account's IAM state is known and does not have it. */
  readonly exists?: boolean;
  /** Whom the trust policy lets in, with the conditions; from the IAM state. */
  readonly mayAssume: readonly string[];
  /** Who did; from the records. */
  readonly assumedBy: readonly string[];
  /** What a collapsed row stands for; of another one, what runs under it. At most 200 names. */
  readonly members: readonly string[];
  readonly calls: number;
  /** Actions granted on some resource, and actions seen in use. */
  readonly granted?: number;
  readonly used?: number;
  /** Ids of known ways to more rights that its policies open. */
  readonly escalation?: readonly string[];
  /** Secrets and parameters whose values it was given. */
  readonly secrets: readonly string[];
  /** How often it had KMS decrypt something. */
  readonly decrypts: number;
  readonly flags: readonly IdentityFlag[];
  /** Points of all reasons, at most 100. */
  readonly risk: number;
  readonly reasons: readonly RiskReason[];
}

/** One secret, from the side of its readers. */
export interface SecretRow {
  readonly kind: "secret" | "parameter" | "kms-key";
  readonly id: string;
  readonly reads: number;
  /** Reads that were refused; they are not among `reads`. */
  readonly denied: number;
  readonly last: number;
  /** The last to read first. */
  readonly readers: readonly SecretReader[];
}

export interface SecretReader {
  /** As attribution ids are written, or `contested` or `unattributed`. */
  readonly id: string;
  readonly kind: string;
  readonly reads: number;
  readonly denied: number;
  readonly last: number;
  /** Whether the reader's manifest names the secret (`envelope.secrets`); a manifest without that part does not limit it. */
  readonly declared: "declared" | "not-declared" | "not-limited" | "no-manifest";
}
