import { type Slot, sameValue, type Value } from "./slot.ts";

/** One write to an account, as data: sets a slot from what it holds to what it shall hold. */
export interface Change {
  readonly slot: Slot;
  readonly before: Value;
  readonly after: Value;
}

/** What takes a change back. */
export const undoOf = ({ slot, before, after }: Change): Change => ({ slot, before: after, after: before });

/** What a slot says of a change that was asked for. */
export type Standing =
  /** It holds what it should hold: nothing is to be done. */
  | "already"
  /** It holds what it held when the change was planned. */
  | "due"
  /** Somebody else has set it meanwhile: theirs is not ours to overwrite. */
  | "foreign";

/** Compares what a slot holds now with what a change expects. */
export function standing(change: Change, now: Value): Standing {
  if (sameValue(now, change.after)) return "already";
  return sameValue(now, change.before) ? "due" : "foreign";
}
