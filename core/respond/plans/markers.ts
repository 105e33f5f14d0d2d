import { hash } from "node:crypto";
import type { PlanStep } from "../plan.ts";
import type { PlanRequest } from "../planner.ts";
import { type Holder, type Slot, sameValue } from "../slot.ts";
import { heldIn } from "../snapshot.ts";

/** Labels for people and for the organization's guard; nothing is enforced by them. 50 tags is IAM's limit: with a full list they are left out. */
export function markers({ snapshot, caseId }: PlanRequest, holder: Holder): readonly PlanStep[] {
  const tags = snapshot.held.filter(({ slot, value }) => slot.kind === "tag" && !sameValue(value, null));
  const wanted = [
    ["quarantine:case", caseId],
    ["quarantine:plan", hash("sha256", `${caseId} ${snapshot.target.id}`, "hex").slice(0, 32)],
  ] as const;
  if (tags.length + wanted.length > mostTags) return [];
  return wanted.map(([key, after]): PlanStep => {
    const slot: Slot = { kind: "tag", holder, key };
    return {
      change: { slot, before: heldIn(snapshot, slot) ?? null, after },
      tier: 1,
      optional: true,
      does: `marks it with ${key}`,
    };
  });
}

/** Whether a tag is one of ours by its key. */
export const isMarker = (key: string): boolean => key.startsWith("quarantine:");

const mostTags = 50;
