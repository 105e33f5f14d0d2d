import type { Action } from "../../decide/decision.ts";
import { Fault } from "../../fault.ts";
import type { ControlPlane } from "../../respond/control-plane.ts";
import type { Planner } from "../../respond/planner.ts";
import type { Slot, Value } from "../../respond/slot.ts";
import { heldIn, type Snapshot } from "../../respond/snapshot.ts";

/**
 * What a plan is made from: the target's own state and whatever else the planner has to know; undefined when there is no
 * target. What may not be read is left out, and the planner makes less of it, or nothing; what may be read later throws.
 */
export async function stateFor(
  action: Action,
  planner: Planner,
  controlPlane: Pick<ControlPlane, "snapshot" | "read">,
): Promise<Snapshot | undefined> {
  const snapshot = await controlPlane.snapshot(action.target);
  if (snapshot === undefined) return undefined;
  const missing = planner.reads(action, snapshot.target).filter((slot) => heldIn(snapshot, slot) === undefined);
  const held = [...snapshot.held];
  for (const slot of missing) {
    const value = await readable(slot, controlPlane);
    if (value !== undefined) held.push({ slot, value });
  }
  return { ...snapshot, held };
}

async function readable(slot: Slot, controlPlane: Pick<ControlPlane, "read">): Promise<Value | undefined> {
  try {
    return await controlPlane.read(slot);
  } catch (cause) {
    if (!(cause instanceof Fault) || cause.retryable) throw cause;
    return undefined;
  }
}
