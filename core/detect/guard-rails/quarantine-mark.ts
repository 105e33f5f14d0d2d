import { parseArn } from "../../iam/arn.ts";

/** Tags with which a quarantine is marked. They enforce nothing; whoever takes them off hides what was decided. */
export const isQuarantineTag = (key: string): boolean => /^(?:quarantine|cordon):/i.test(key);

/** What a managed policy is to a quarantine, by its ARN. */
export type QuarantinePolicy =
  /** AWS's policy that denies everything: what a contained principal gets. */
  | "deny-all"
  /** AWS attaches it to users whose keys it found in public, and looks after it. */
  | "aws-compromised-key"
  /** A deny-only policy of our own stack. */
  | "own";

/** AWS Managed Policy Reference: `AWSDenyAll`, `AWSCompromisedKeyQuarantine`, `…V2`, `…V3` and whatever version comes next. */
export function quarantinePolicy(policy: string): QuarantinePolicy | undefined {
  const arn = parseArn(policy);
  if (arn?.service !== "iam" || !arn.resource.startsWith("policy/")) return undefined;
  const name = arn.resource.slice(arn.resource.lastIndexOf("/") + 1);
  if (arn.account !== "aws") return isOwnName(name) ? "own" : undefined;
  if (name === "AWSDenyAll") return "deny-all";
  return /^AWSCompromisedKeyQuarantine(?:V\d+)?$/.test(name) ? "aws-compromised-key" : undefined;
}

/** Inline policies that end sessions or lock a trust; the console writes the first when somebody revokes sessions there. */
export const isQuarantineInline = (name: string): boolean => name === "AWSRevokeOlderSessions" || isOwnName(name);

const isOwnName = (name: string): boolean => /^(?:cordon|quarantine)[-_:]/i.test(name);
