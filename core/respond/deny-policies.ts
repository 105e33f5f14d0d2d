import type { Grade } from "../decide/decision.ts";
import { canonicalDigest } from "../event/canonical.ts";
import type { JsonObject } from "../event/json.ts";
import { escalationActions, secretActions, spendActions } from "./grade-actions.ts";

/** A grade below everything: a deny-only policy that the stack creates in every account that it may contain in. */
export type MildGrade = Exclude<Grade, "deny-all">;

/** From the mildest up. */
export const mildGrades: readonly MildGrade[] = ["deny-spend", "deny-secrets", "deny-escalation"];

const actions: Readonly<Record<MildGrade, readonly string[]>> = {
  "deny-spend": spendActions,
  "deny-secrets": secretActions,
  "deny-escalation": escalationActions,
};

const names: Readonly<Record<MildGrade, string>> = {
  "deny-spend": "CordonDenySpend",
  "deny-secrets": "CordonDenySecrets",
  "deny-escalation": "CordonDenyEscalation",
};

/** What a principal can still do under it, and what stops, for whoever decides. */
export const gradeSays: Readonly<Record<MildGrade, { readonly denies: string; readonly leaves: string }>> = {
  "deny-spend": {
    denies: "launches, capacity, quotas and model agreements",
    leaves:
      "everything but launching, scaling up, raising quotas and subscribing to models: what runs goes on running and costing",
  },
  "deny-secrets": {
    denies: "reading, making and changing secrets and credentials",
    leaves: "everything but secrets and credentials: what it has read it still knows",
  },
  "deny-escalation": {
    denies:
      "IAM writes, other roles, roles handed over, code or shells where a role already is, and switching logs and guard-rails off",
    leaves: "every right that it has now, those included that it may have got before",
  },
};

/** AWS's own policy of one statement, deny everything on everything: nobody in the account can edit it. */
export const denyAllArn = (partition: string): string => `arn:${partition}:iam::aws:policy/AWSDenyAll`;

/** The stack's policy in an account. */
export const gradePolicyArn = (
  grade: MildGrade,
  { partition, account }: { readonly partition: string; readonly account: string },
): string => `arn:${partition}:iam::${account}:policy/cordon/${names[grade]}`;

/** The document that the stack creates it with: one Deny, nothing else. */
export const gradeDocument = (grade: MildGrade): JsonObject => ({
  Version: "2012-10-17",
  Statement: [{ Sid: names[grade], Effect: "Deny", Action: [...actions[grade]], Resource: "*" }],
});

/** What attaching a policy denies, where it is one of the stack's. */
export function gradeDocumentOf(policyArn: string): JsonObject | undefined {
  const grade = mildGrades.find((one) => policyArn.endsWith(`:policy/cordon/${names[one]}`));
  return grade === undefined ? undefined : gradeDocument(grade);
}

/** What the slot of the policy's document must hold at the moment when it is attached. */
export const gradeDigest = (grade: MildGrade): string => canonicalDigest(gradeDocument(grade));
