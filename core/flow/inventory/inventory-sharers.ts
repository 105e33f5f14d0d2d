import { thingBehind } from "../../identity/placed-thing.ts";
import type { Placements } from "../../identity/placement.ts";
import type { Face } from "./inventory-face.ts";
import type { Seen } from "./inventory-seen.ts";

/**
 * What shares a role, a user or a key, as sorted names: what ran with it in the records or what the role was put to work
 * in, whichever names more. Runs of one thing (tasks of a service, instances of a group) are one.
 */
export function sharersOf(placements: Placements): (face: Face, known: Seen | undefined) => readonly string[] {
  const thingOf = thingBehind(placements);
  return ({ kind, id }, known) => {
    if (kind !== "role" && kind !== "iam-user" && kind !== "access-key") return [];
    const ran = new Set([...(known?.ran ?? [])].flatMap(thingOf));
    const placed = new Set(
      kind === "role"
        ? placements
            .ofRole(id.slice("role:".length))
            .filter((one) => one.kind !== "instance-profile")
            .map(({ group, resource }) => group ?? resource)
        : [],
    );
    return [...(placed.size > ran.size ? placed : ran)].sort();
  };
}
