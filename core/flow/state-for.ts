import type { Action } from "../decide/decision.ts";
import type { ControlPlane } from "../respond/control-plane.ts";
import type { Planner } from "../respond/planner.ts";
import { heldIn, type Snapshot } from "../respond/snapshot.ts";

/** What a plan is made from: the target's own state and whatever else the planner has to know; undefined when there is no target. */
export async function stateFor(
  action: Action,
  planner: Planner,
  controlPlane: Pick<ControlPlane, "snapshot" | "read">,
): Promise<Snapshot | undefined> {
  const snapshot = await controlPlane.snapshot(action.target);
  if (snapshot === undefined) return undefined;
  const missing = planner.reads(action, snapshot.target).filter((slot) => heldIn(snapshot, slot) === undefined);
  const held = [...snapshot.held];
  for (const slot of missing) held.push({ slot, value: await controlPlane.read(slot) });
  return { ...snapshot, held };
}
