import { canonical } from "../event/canonical.ts";
import type { JsonObject } from "../event/json.ts";
import type { PlanStep } from "./plan.ts";
import { type PlanRequest, type Refusal, refused } from "./planned.ts";
import { setting } from "./planner.ts";
import { type Slot, sameValue } from "./slot.ts";
import { heldIn } from "./snapshot.ts";

/** What is denied, where, and when. */
export interface Denied {
  readonly actions: readonly string[] | string;
  readonly resources?: readonly string[];
  /** Operator, key, values. */
  readonly condition?: Readonly<Record<string, Readonly<Record<string, readonly string[] | string>>>>;
}

/** A Deny of our own for a part of a role's sessions or of its rights. */
export interface InlineDeny extends Denied {
  /** Ends the policy's name. */
  readonly name: string;
  /** A second statement of the same policy. */
  readonly and?: Denied;
  readonly does: string;
}

/** The step that writes it into the role, under a name that nobody else has and as long as the role has room. */
export function inlineDeny(request: PlanRequest, deny: InlineDeny): PlanStep | Refusal {
  const { arn } = request.snapshot.target;
  const slot: Slot = {
    kind: "inline-policy",
    holder: { kind: "role", arn },
    name: `cordon-${request.caseId}-${deny.name}`,
  };
  if (slot.name.length > 128 || !/^[\w+=,.@-]+$/.test(slot.name))
    return refused("the case's id cannot be a policy's name");
  const document = documentOf(deny);
  if (hasVariable(deny.condition)) return refused("what is meant has ${ in it, which IAM reads as a variable");
  const there = heldIn(request.snapshot, slot) ?? null;
  if (there !== null && !sameValue(there, document))
    return refused(`the role has a policy of that name already: ${slot.name}`);
  if (
    there === null &&
    sizeOfInline(request) + sizeOf(document) > (request.snapshot.quotas["RolePolicySizeQuota"] ?? 10_240)
  )
    return {
      kind: "ticket",
      because: "the role has no room for another inline policy",
      steps: [
        "contain the whole role instead (contain-role), or",
        "move one of its inline policies to a managed policy, then ask again",
      ],
    };
  return { change: setting(request, slot, document), tier: 2, does: deny.does };
}

const documentOf = ({ and, ...deny }: InlineDeny): JsonObject => ({
  Version: "2012-10-17",
  Statement: [deny, ...(and === undefined ? [] : [and])].map(statementOf),
});

const statementOf = ({ actions, resources, condition }: Denied): JsonObject => ({
  Effect: "Deny",
  Action: typeof actions === "string" ? actions : [...actions],
  Resource: resources === undefined ? "*" : [...resources],
  ...(condition === undefined ? {} : { Condition: jsonOf(condition) }),
});

const jsonOf = (condition: NonNullable<InlineDeny["condition"]>): JsonObject =>
  Object.fromEntries(
    Object.entries(condition).map(([operator, keys]) => [
      operator,
      Object.fromEntries(
        Object.entries(keys).map(([key, value]) => [key, typeof value === "string" ? value : [...value]]),
      ),
    ]),
  );

const hasVariable = (condition: InlineDeny["condition"]): boolean => canonical(condition ?? null).includes("${");

/** IAM counts what is no white space (IAM User Guide, "IAM and AWS STS quotas"). */
export const sizeOf = (document: unknown): number => canonical(document).replaceAll(/\s/g, "").length;

const sizeOfInline = ({ snapshot }: PlanRequest): number =>
  snapshot.held
    .filter(({ slot }) => slot.kind === "inline-policy")
    .reduce((sum, { value }) => sum + (value === null ? 0 : sizeOf(value)), 0);
