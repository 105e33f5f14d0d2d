import { type Instant, printInstant } from "../../core/event/instant.ts";
import type { JsonObject } from "../../core/event/json.ts";
import { isObject } from "../../core/event/json.ts";
import { compilePolicies } from "../../core/iam/compiled-policy.ts";
import { contextOf } from "../../core/iam/context.ts";
import { type AccessDecision, evaluate } from "../../core/iam/evaluate.ts";
import { type PolicyDocument, parsePolicy } from "../../core/iam/policy.ts";
import { slotKey } from "../../core/respond/slot.ts";
import type { TestAccount } from "./account.ts";

/** Credentials in somebody's hands. */
export interface Credentials {
  readonly arn: string;
  /** When the session began; absent for a long-term key. */
  readonly issuedAt?: Instant;
  readonly accessKeyId?: string;
}

export interface Asked {
  readonly action: string;
  readonly resource: string;
  readonly context?: Readonly<Record<string, string>>;
}

/** What the account's policies are by ARN, and what the organization's say. */
export interface Rules {
  readonly documents: Readonly<Record<string, JsonObject>>;
  readonly organization?: readonly JsonObject[];
}

const denyAll: JsonObject = { Version: "2012-10-17", Statement: [{ Effect: "Deny", Action: "*", Resource: "*" }] };
export const allowAll: JsonObject = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
};

/** Decides a call at this moment by what the account truly holds. */
export function mayCall(account: TestAccount, by: Credentials, asked: Asked, rules: Rules): AccessDecision {
  const principal = account.find(by.arn);
  if (principal === undefined) return "ImplicitlyDenied";
  const documentOf = (arn: string): JsonObject =>
    arn.endsWith("/AWSDenyAll") ? denyAll : (rules.documents[arn] ?? {});
  const identity: JsonObject[] = [];
  let boundary: JsonObject | undefined;
  for (const [key, value] of Object.entries(account.held(by.arn))) {
    const slot = JSON.parse(key) as { readonly kind: string; readonly policy?: string };
    if (slot.kind === "attached-policy") identity.push(documentOf(slot.policy ?? ""));
    if (slot.kind === "inline-policy" && isObject(value)) identity.push(value);
    if (slot.kind === "boundary" && typeof value === "string") boundary = documentOf(value);
  }
  const key = by.accessKeyId;
  if (
    key !== undefined &&
    account.held(by.arn)[slotKey({ kind: "access-key", user: by.arn, accessKeyId: key })] === "Inactive"
  )
    return "ExplicitlyDenied";
  const name = by.arn.slice(by.arn.lastIndexOf("/") + 1);
  const caller =
    principal.holder.kind === "role" ? `arn:aws:sts::${principal.account}:assumed-role/${name}/session` : by.arn;
  const context = {
    "aws:PrincipalArn": by.arn,
    ...(by.issuedAt === undefined ? {} : { "aws:TokenIssueTime": printInstant(by.issuedAt) }),
    ...asked.context,
  };
  return evaluate(
    {
      action: asked.action,
      resource: asked.resource,
      resourceAccount: principal.account,
      principal: caller,
      context: contextOf(context),
      wildcardOnly: asked.resource === "*",
    },
    {
      identityPolicies: compiled(identity),
      ...(boundary === undefined ? {} : { permissionBoundaries: compiled([boundary]) }),
      ...(rules.organization === undefined ? {} : { serviceControlPolicies: [compiled(rules.organization)] }),
    },
  ).decision;
}

const compiled = (documents: readonly JsonObject[]) =>
  compilePolicies(
    documents.flatMap((one): PolicyDocument[] => {
      if (Object.keys(one).length === 0) return [];
      const parsed = parsePolicy(one);
      if (!parsed.ok) throw new Error(parsed.because);
      return [parsed.document];
    }),
  );
