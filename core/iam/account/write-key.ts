import { parseArn } from "../arn.ts";
import type { IamChange, IamWrite, WriteMoment } from "./iam-change.ts";

/** Under which names writes are kept, so that everything about one thing is found by one look-up. */
export type WriteKey = string;

/**
 * Of a role, user, group or permission set by its ARN, with or without its path: names are unique in an account
 * (https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html), and compared without case.
 */
export function identityKey(arn: string): WriteKey {
  const fields = parseArn(arn);
  if (fields?.service !== "iam") return `identity ${arn}`;
  const { account, resource } = fields;
  const kind = resource.slice(0, resource.indexOf("/"));
  return `${kind} ${account} ${resource.slice(resource.lastIndexOf("/") + 1).toLowerCase()}`;
}

export const policyKey = (arn: string): WriteKey => `policy ${arn}`;

/** Of everything that ever had a managed policy attached or was bounded by it. */
export const holdersKey = (policy: string): WriteKey => `holders ${policy}`;

export const profileKey = (arn: string): WriteKey => `profile ${identityKey(arn)}`;

/** A secret's last six characters are AWS's own and not always known. */
export const resourceKey = (arn: string): WriteKey =>
  `resource ${parseArn(arn)?.service === "secretsmanager" ? arn.slice(0, -7) : arn}`;

/** All of an organization is one log: a move or a policy reaches every account below. */
export const organizationKey: WriteKey = "organization";

/** The names that a change is kept under; none where no state is made of it. */
export function keysOf(change: IamChange): readonly WriteKey[] {
  switch (change.kind) {
    case "created":
      return [identityKey(change.identity), ...(change.boundary === undefined ? [] : [holdersKey(change.boundary)])];
    case "attached":
    case "detached":
    case "boundary-put":
      return [identityKey(change.identity), holdersKey(change.policy)];
    case "renamed":
      return [...new Set([identityKey(change.identity), identityKey(change.to)])];
    case "deleted":
    case "inline-put":
    case "inline-deleted":
    case "boundary-deleted":
    case "trust-put":
    case "tagged":
    case "untagged":
    case "session-set":
    case "joined":
    case "left":
      return [identityKey(change.identity)];
    case "policy-created":
    case "version-created":
    case "default-set":
    case "version-deleted":
    case "policy-deleted":
      return [policyKey(change.policy)];
    case "profile-created":
    case "profile-deleted":
    case "profile-filled":
    case "profile-emptied":
      return [profileKey(change.profile)];
    case "control-created":
    case "control-updated":
    case "control-deleted":
    case "control-attached":
    case "control-detached":
    case "controls-on":
    case "controls-off":
    case "moved":
      return [organizationKey];
    case "resource-created":
    case "resource-deleted":
    case "resource-policy-put":
    case "resource-policy-deleted":
    case "statement-put":
    case "statement-deleted":
      return [resourceKey(change.resource)];
    case "key-created":
    case "key-deleted":
    case "key-set":
    case "login-created":
    case "login-changed":
    case "login-deleted":
    case "mfa-enabled":
    case "mfa-removed":
    case "assigned":
    case "unassigned":
      return [];
  }
}

/** CloudTrail dates by the second: within one, what makes a thing comes before what changes it; then by id. */
export const inOrder = (a: IamWrite, b: IamWrite): number =>
  a.at - b.at || rankOf(a) - rankOf(b) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

/** How many writes of a sorted log come before a moment. Of its own second: those that make a thing, and those of a lower id. */
export function countBefore(log: readonly IamWrite[], moment: WriteMoment): number {
  const from = firstSince(log, moment.at);
  const to = firstSince(log, moment.at + 1, from);
  const own = log.slice(from, to).find((one) => one.id === moment.id);
  const rank = own === undefined ? 1 : rankOf(own);
  let count = from;
  for (let at = from; at < to; at++) {
    const write = log[at];
    if (write === undefined || !(rankOf(write) === rank ? write.id < moment.id : rankOf(write) < rank)) break;
    count = at + 1;
  }
  return count;
}

function firstSince(log: readonly IamWrite[], at: number, from = 0): number {
  let [low, high] = [from, log.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((log[middle]?.at ?? at) < at) low = middle + 1;
    else high = middle;
  }
  return low;
}

const rankOf = ({ change: { kind } }: IamWrite): number => (makers.has(kind) ? 0 : 1);

const makers: ReadonlySet<IamChange["kind"]> = new Set<IamChange["kind"]>([
  "created",
  "policy-created",
  "profile-created",
  "control-created",
  "resource-created",
]);
