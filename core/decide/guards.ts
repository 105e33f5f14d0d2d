import type { Finding } from "../detect/finding.ts";
import { accountOf, parseArn } from "../iam/arn.ts";
import { isLongTerm } from "../iam/identifiers.ts";
import type { Registry, Workload } from "../identity/workload.ts";
import type { Action, Reason } from "./decision.ts";
import { sameRole } from "./playbook.ts";
import { named, type ResponsePolicy } from "./policy.ts";

/** Everything a guard may look at. */
export interface Candidate {
  readonly finding: Finding;
  readonly action: Action;
  readonly about: "actor" | "touched";
  /** The workload that the finding's principal belongs to. */
  readonly actor?: Workload;
  /** The manifest that names the principal which would be contained; it alone says what may happen to it. */
  readonly owner?: Workload;
  readonly policy: ResponsePolicy;
}

/** How far a guard lets it go, and why. `contain` means that the guard has spoken and does not object. */
export interface Objection {
  readonly most: "ticket" | "approve" | "contain";
  readonly reason: Reason;
}

/** One reason not to act. */
export type Guard = (candidate: Candidate) => Objection | undefined;

const ticket = (reason: Reason): Objection => ({ most: "ticket", reason });
const approve = (reason: Reason): Objection => ({ most: "approve", reason });

/** What was only tried has changed nothing that containment could stop. */
const attemptOnly: Guard = ({ finding: { outcome } }) =>
  outcome === "denied" || outcome === "failed" ? ticket({ rule: "attempt-only", outcome }) : undefined;

/** An event whose id or time was guessed may open a case, never cause an action. */
const guessedEvent: Guard = ({ finding }) => (finding.guessed ? ticket({ rule: "guessed-event" }) : undefined);

/** Service-linked roles get no call at all; roles of Identity Center cannot be changed in IAM. */
const serviceLinked: Guard = ({ action: { target } }) => {
  const resource = parseArn(target)?.resource ?? "";
  const reserved = resource.startsWith("role/aws-service-role/") || resource.startsWith("role/aws-reserved/");
  return reserved || /\/(?:AWSServiceRoleFor|AWSReservedSSO_)[^/]*$/.test(resource)
    ? ticket({ rule: "service-linked", target })
    : undefined;
};

/** A principal of another account is not ours to judge or to change. */
const foreignAccount: Guard = ({ finding: { account }, action: { target } }) => {
  const owner = accountOf(target);
  return owner !== undefined && account !== undefined && owner !== account
    ? ticket({ rule: "foreign-account", target })
    : undefined;
};

const untouchable: Guard = ({ policy, action: { target } }) => {
  const arn = parseArn(target);
  const name = arn?.resource.split("/").at(-1) ?? "";
  return arn !== undefined &&
    (policy.untouchable ?? []).some((one) => one === target || sameRole(one, arn.account, name))
    ? ticket({ rule: "untouchable", target })
    : undefined;
};

/** The owner's manifest decides; a principal that no manifest names follows the deployment's policy. */
const ownersWord: Guard = ({ owner, policy }) => {
  if (owner === undefined) {
    const undeclared = policy.undeclared ?? "approval";
    return { most: steps[undeclared], reason: { rule: "undeclared", policy: undeclared } };
  }
  const says = owner.response.contain;
  return { most: steps[says], reason: { rule: "contain", workload: owner.name, says } };
};

/** A workload is contained automatically only once its gates are green; until then its owner's word counts for less. */
const notReady: Guard = ({ owner, policy }) => {
  const gates = owner?.response.contain === "automatic" ? (policy.redGates?.(owner.name) ?? []) : [];
  return owner === undefined || gates.length === 0
    ? undefined
    : approve({ rule: "not-ready", workload: owner.name, gates });
};

/** What we do to an account is recorded there like anybody's call, and must not set us off again. */
const ownAction: Guard = ({ finding: { principal }, policy }) => {
  const role = principal === undefined ? undefined : roleBehind(principal);
  return role !== undefined && (policy.own ?? []).some((one) => sameRole(one, role.account, role.name))
    ? ticket({ rule: "own-action", principal: principal ?? "" })
    : undefined;
};

/** Records name a touched role without its path, and a manifest may name it by its path: then it might be a declared one. */
const lostPath: Guard = ({ owner, policy, action: { target } }) => {
  const resource = parseArn(target)?.resource ?? "";
  const byPath = (policy.registry === undefined ? [] : active(policy.registry)).some(({ selectors }) =>
    selectors.some(
      ({ kind, value }) => kind === "roles" || (typeof value === "string" && /:role\/.+\/[^/]*\*$/.test(value)),
    ),
  );
  return owner === undefined && byPath && resource.startsWith("role/") && resource.split("/").length === 2
    ? approve({ rule: "lost-path", target })
    : undefined;
};

const steps = { never: "ticket", approval: "approve", automatic: "contain", contain: "contain" } as const;

const protectedThing: Guard = ({ owner, actor, policy, action, finding }) => {
  const workload = [owner, actor].find((one) => one?.protected === true);
  if (workload !== undefined) return approve({ rule: "protected", workload: workload.name });
  const listed = [action.target, finding.resource ?? ""].find((one) => named(policy.protected ?? [], one));
  return listed === undefined ? undefined : approve({ rule: "protected", workload: listed });
};

const criticalTier: Guard = ({ owner }) =>
  owner?.tier === "critical" ? approve({ rule: "critical-tier", workload: owner.name }) : undefined;

/**
 * Doubt about who ran the call leaves the choice to a person. A static key signs for itself: where no manifest speaks for
 * the target either, the policy for undeclared principals and static keys does.
 */
const doubtfulAttribution: Guard = ({ owner, finding: { attribution } }) => {
  switch (attribution.kind) {
    case "contested":
      return approve({ rule: "doubtful-attribution", kind: attribution.kind });
    case "unattributed": {
      const key = attribution.hops[0]?.accessKeyId;
      return owner === undefined && key !== undefined && key !== null && isLongTerm(key)
        ? undefined
        : approve({ rule: "doubtful-attribution", kind: attribution.kind });
    }
    case "workload":
    case "person":
    case "service":
    case "external":
      return attribution.class === "inferred"
        ? approve({ rule: "doubtful-attribution", kind: attribution.class })
        : undefined;
  }
};

/** Where undeclared use, or use by somebody else, is the very reason, the attribution must be beyond doubt. */
const reasonIsAttribution: Guard = ({ finding: { family, detector, attribution } }) =>
  (family === "gpu-scaling" || detector === "sprawl-off-workload") && attribution.confidence !== "high"
    ? approve({ rule: "doubtful-attribution", kind: attribution.kind })
    : undefined;

const doubtfulFinding: Guard = ({ finding: { confidence } }) =>
  confidence === "low" ? approve({ rule: "doubtful-finding", confidence }) : undefined;

const person: Guard = ({ about, finding: { attribution } }) =>
  about === "actor" && attribution.kind === "person" ? approve({ rule: "person", id: attribution.id }) : undefined;

/** What was too large to be recorded has been judged by nobody. */
const unseenContent: Guard = ({ finding: { evidence } }) =>
  evidence.some((one) => one.kind === "field" && one.path === "requestParameters.omitted")
    ? approve({ rule: "unseen-content" })
    : undefined;

/** Every reason not to act that one finding holds by itself; those that count over many are in decide.ts. */
export const guards: readonly Guard[] = [
  attemptOnly,
  guessedEvent,
  serviceLinked,
  foreignAccount,
  untouchable,
  ownersWord,
  notReady,
  ownAction,
  lostPath,
  protectedThing,
  criticalTier,
  doubtfulAttribution,
  reasonIsAttribution,
  doubtfulFinding,
  person,
  unseenContent,
];

/** The manifest that names a role, by ARN or, where the path was lost, by account and name; or that names a user. */
export function ownerOf(target: string, registry: Registry | undefined): Workload | undefined {
  if (registry === undefined) return undefined;
  const arn = parseArn(target);
  if (arn?.resource.startsWith("role/") !== true)
    return active(registry).find((one) => one.selectors.some(({ value }) => value === target));
  const name = arn.resource.split("/").at(-1) ?? "";
  return (
    registry.byRole(target) ??
    active(registry).find((one) => one.roles.some((role) => sameRole(role, arn.account, name)))
  );
}

function roleBehind(principal: string): { readonly account: string; readonly name: string } | undefined {
  const arn = parseArn(principal);
  const [kind, ...names] = arn?.resource.split("/") ?? [];
  const name = kind === "assumed-role" ? names[0] : kind === "role" ? names.at(-1) : undefined;
  return arn === undefined || name === undefined ? undefined : { account: arn.account, name };
}

const active = ({ workloads }: Registry): readonly Workload[] => workloads.filter((one) => one.status === "active");
