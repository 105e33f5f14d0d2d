import { canonicalDigest } from "../event/canonical.ts";
import { isObject, type Json, type JsonObject, list } from "../event/json.ts";
import { sizeOf } from "./inline-deny.ts";
import type { PlanStep } from "./plan.ts";
import { type PlanRequest, type Refusal, refused } from "./planned.ts";
import { setting } from "./planner.ts";
import type { Slot } from "./slot.ts";
import { heldIn } from "./snapshot.ts";

/** A Deny to be appended to a role's trust; what is there stays as it is, so that taking it back is exact. */
export interface TrustDeny {
  readonly actions: readonly string[];
  readonly principal: Json;
  readonly condition?: JsonObject;
  readonly does: string;
  /** True when the Deny alone says as much as with the rest: it then replaces the document where the room is too small. */
  readonly standsAlone?: boolean;
}

/** Reads the role's trust. */
export const trustReads = (target: PlanRequest["snapshot"]["target"]): readonly Slot[] => [
  { kind: "trust", role: target.arn },
];

/** The step that appends it, or why it cannot. */
export function trustDeny(request: PlanRequest, deny: TrustDeny): PlanStep | Refusal {
  const slot: Slot = { kind: "trust", role: request.snapshot.target.arn };
  const before = heldIn(request.snapshot, slot);
  if (!isObject(before)) return refused("the role's trust could not be read");
  const said: JsonObject = {
    Effect: "Deny",
    Principal: deny.principal,
    Action: [...deny.actions],
    ...(deny.condition === undefined ? {} : { Condition: deny.condition }),
  };
  const statement: JsonObject = { Sid: `Cordon${canonicalDigest(said).slice(0, 12)}`, ...said };
  const there = isObject(before["Statement"]) ? [before["Statement"]] : list(before["Statement"]);
  if (there.some((one) => isObject(one) && one["Sid"] === statement["Sid"]))
    return refused("the role's trust denies it already");
  const appended: JsonObject = { ...before, Statement: [...there, statement] };
  const room = request.snapshot.quotas["AssumeRolePolicySizeQuota"] ?? 2_048;
  if (sizeOf(appended) <= room) return { change: setting(request, slot, appended), tier: 2, does: deny.does };
  if (deny.standsAlone === true)
    return {
      change: setting(request, slot, { Version: "2012-10-17", Statement: [statement] }),
      tier: 2,
      does: `${deny.does}, in place of the whole trust, which has no room for more`,
    };
  return {
    kind: "ticket",
    because: "the role's trust has no room for another statement",
    steps: [
      "contain the whole role instead (contain-role), or",
      "ask AWS for a larger trust policy quota, then ask again",
    ],
  };
}
