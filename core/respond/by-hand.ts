import { accountOf, parseArn } from "../iam/arn.ts";
import type { Never, Refusal } from "./planned.ts";

/** What no call of ours may or can contain, and what a person does about it. */
export interface ByHand {
  /** Who is meant. */
  readonly who: string;
  readonly because: string;
  /** None: not even a person does it through this product. */
  readonly steps: readonly string[];
}

/** In the order in which they are asked. */
export const byHand = {
  own: {
    who: "this product's own roles, those that deploy it, and break-glass roles",
    because: "it is one of the roles that containment itself, or the way back from it, depends on",
    steps: [],
  },
  management: {
    who: "principals of the organization's management account",
    because: "it is in the organization's management account, where nothing bounds a mistake",
    steps: [],
  },
  root: {
    who: "an account's root user",
    because: "IAM cannot restrict a root user",
    steps: [
      "member account: have the organization's owner attach a service control policy that denies everything to the root user",
      "sign in as root with its own recovery, change the password, replace every MFA device, delete its access keys",
      "tokens that root has issued cannot be reduced: look for what they did until they expire",
      "management account: there is no technical stop; go on by telephone with AWS Support",
    ],
  },
  "service-linked": {
    who: "a service-linked role",
    because: "a service-linked role cannot be changed in IAM, and gets no call at all",
    steps: [
      "stop the work in the service that owns the role",
      "look up in the timeline what the role did since the first bad call, and who told the service to",
      "contain the principal that told the service to",
    ],
  },
  "identity-center": {
    who: "a role of IAM Identity Center (`AWSReservedSSO_*`)",
    because: "a role of IAM Identity Center cannot be changed in IAM, and everybody with the permission set has it",
    steps: [
      "disable the person at the identity provider",
      "in IAM Identity Center remove the person's account assignment, and wait until its status is SUCCEEDED",
      "in the organization deny everything where identitystore:UserId is the person's, until the last session has ended",
      "list what the person's session did since the first bad call",
    ],
  },
  foreign: {
    who: "a principal of another account",
    because: "it is in an account that is not ours to change",
    steps: [
      "append a Deny for exactly this principal to the trust of every role here that it has assumed (cut-foreign-principal lists the steps)",
      "tell the account's security contact what was seen, with times and event ids",
    ],
  },
  nobody: {
    who: "an AWS service, an anonymous caller, or what is no role, user or key",
    because: "there is no principal of an account that could be contained",
    steps: [
      "look up what let the call in: the resource's own policy, or who told the service to",
      "contain that, or close the resource's policy",
    ],
  },
} as const satisfies Readonly<Record<string, ByHand>>;

/** Why a target gets no plan, whatever was asked for; undefined when it may have one. */
export function refusalFor(
  target: { readonly arn: string; readonly account: string },
  never?: Never,
): Refusal | undefined {
  const found = whoIs(target, never);
  if (found === undefined) return undefined;
  const { because, steps }: ByHand = byHand[found];
  const [first, ...rest] = steps;
  return first === undefined ? { kind: "refused", because } : { kind: "ticket", because, steps: [first, ...rest] };
}

function whoIs(
  { arn, account }: { readonly arn: string; readonly account: string },
  never: Never | undefined,
): keyof typeof byHand | undefined {
  const fields = parseArn(arn);
  const resource = fields?.resource ?? "";
  const name = resource.split("/").at(-1) ?? "";
  if (never?.principals.some((one) => one === arn || isSameRole(one, arn)) === true) return "own";
  if (never?.managementAccount !== undefined && account === never.managementAccount) return "management";
  if (resource === "root") return "root";
  if (
    resource.startsWith("role/aws-service-role/") ||
    (resource.startsWith("role/") && name.startsWith("AWSServiceRoleFor"))
  )
    return "service-linked";
  if (resource.startsWith("role/aws-reserved/") || name.startsWith("AWSReservedSSO_")) return "identity-center";
  const owner = accountOf(arn);
  if (owner === undefined) return "nobody";
  return owner === account ? undefined : "foreign";
}

/** Names are unique in an account without regard to case, and a list may have been written without the path. */
function isSameRole(one: string, other: string): boolean {
  const [a, b] = [parseArn(one), parseArn(other)];
  if (a === undefined || b === undefined || a.account !== b.account) return false;
  const isRole = a.resource.startsWith("role/") && b.resource.startsWith("role/");
  return isRole && a.resource.split("/").at(-1)?.toLowerCase() === b.resource.split("/").at(-1)?.toLowerCase();
}
