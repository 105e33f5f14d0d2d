import type { Finding } from "../detect/finding.ts";
import { isRoleArn, isUserArn, parseArn } from "../iam/arn.ts";
import { asAccessKeyId } from "../iam/identifiers.ts";
import type { Action, Grade } from "./decision.ts";

/** Which principal a finding is an argument against, or why there is none. */
export type Play =
  | { readonly kind: "act"; readonly action: Action; readonly about: "actor" | "touched" }
  | { readonly kind: "no-playbook" }
  | { readonly kind: "no-target" };

/** Whom to contain: whoever acted, whoever was given something, or the key that was born. */
export type Aim = "actor" | "touched" | "new-key";

/**
 * One line: whom, and the mildest grade that stops what was seen when it is the actor; absent is everything. What somebody
 * else was given may be used for anything, and is always denied whole.
 */
export interface PlaybookLine {
  readonly aim: Aim;
  readonly grade?: Exclude<Grade, "deny-all">;
}

const actor: PlaybookLine = { aim: "actor" };
const spends: PlaybookLine = { aim: "actor", grade: "deny-spend" };
const readsSecrets: PlaybookLine = { aim: "actor", grade: "deny-secrets" };
const escalates: PlaybookLine = { aim: "touched", grade: "deny-escalation" };

/** By detector where one differs from its family; everything else is by family. */
export const byDetector: Readonly<Record<string, PlaybookLine>> = {
  "ai-model-access": spends,
  // Whoever strays is contained, never the role, secret or table that it reached for.
  "drift-behaviour": actor,
  "drift-first-seen": actor,
  "drift-near-miss": actor,
  // A role that was handed over is used by whoever handed it over; a principal that was changed is contained itself.
  "escalation-path": escalates,
  "escalation-reach": escalates,
  "escalation-sequence": escalates,
  "exposure-ransom": actor,
  "sprawl-access-key": { aim: "new-key" },
  "sprawl-off-workload": actor,
  "sprawl-secret-fan-out": readsSecrets,
  "sprawl-secret-handling": readsSecrets,
  "sprawl-vending-spike": readsSecrets,
};

/** Families without a line are for people only: a ticket, whatever the severity. */
export const byFamily: Readonly<Partial<Record<Finding["family"], PlaybookLine>>> = {
  "privilege-drift": { aim: "touched" },
  "gpu-scaling": spends,
  "ai-abuse": actor,
  tampering: actor,
};

/** Picks the principal. It names a candidate only: whether anything may happen to it is for the guards. */
export function playFor(finding: Finding): Play {
  const line = Object.hasOwn(byDetector, finding.detector) ? byDetector[finding.detector] : byFamily[finding.family];
  if (line === undefined) return { kind: "no-playbook" };
  const { aim, grade } = line;
  const onActor = (): Play => act(principalAction(actorOf(finding), grade), "actor");
  switch (aim) {
    case "actor":
      return onActor();
    case "touched": {
      const touched = principalAction(finding.resource);
      return touched === undefined ? onActor() : act(touched, "touched");
    }
    case "new-key":
      return act(keyAction(finding), "touched");
  }
}

const act = (action: Action | undefined, about: "actor" | "touched"): Play =>
  action === undefined ? { kind: "no-target" } : { kind: "act", action, about };

/** Only roles and users can be contained; root, groups, policies and foreign things cannot. */
function principalAction(arn: string | undefined, grade?: Grade): Action | undefined {
  if (arn === undefined) return undefined;
  const graded = grade === undefined ? {} : { grade };
  if (isRoleArn(arn)) return { kind: "contain-role", target: arn, tier: 1, ...graded };
  return isUserArn(arn) ? { kind: "contain-user", target: arn, tier: 1, ...graded } : undefined;
}

/** A session is contained by its role. The signer's ARN has lost the role's path; the attribution may still have it. */
function actorOf({ principal, attribution }: Finding): string | undefined {
  const arn = parseArn(principal ?? "");
  if (arn === undefined || arn.service !== "sts") return principal;
  const [kind, name] = arn.resource.split("/");
  if (kind !== "assumed-role" || !name) return undefined;
  const known = "id" in attribution && attribution.id?.startsWith("role:") ? attribution.id.slice("role:".length) : "";
  return sameRole(known, arn.account, name) ? known : `arn:${arn.partition}:iam::${arn.account}:role/${name}`;
}

/** Role names are unique in an account, whatever their path. */
export function sameRole(role: string, account: string, name: string): boolean {
  const arn = parseArn(role);
  return arn?.account === account && arn.resource.startsWith("role/") && arn.resource.split("/").at(-1) === name;
}

/** The root user's key has no user that IAM could change; it is for people. */
function keyAction({ resource = "", evidence }: Finding): Action | undefined {
  if (!isUserArn(resource)) return undefined;
  for (const one of evidence) {
    const key = one.kind === "field" && one.path.endsWith(".accessKeyId") ? asAccessKeyId(one.value) : undefined;
    if (key !== undefined) return { kind: "deactivate-key", target: key, tier: 1 };
  }
  return undefined;
}
