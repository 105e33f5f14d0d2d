import { canonicalDigest } from "../event/canonical.ts";
import { type Slot, slotKey, type Value } from "./slot.ts";

/** A principal's state before anything was changed: every slot that a plan or its undo may set, and the limits in force. */
export interface Snapshot {
  readonly schema: 1;
  readonly target: { readonly arn: string; readonly id: string; readonly account: string };
  readonly held: readonly { readonly slot: Slot; readonly value: Value }[];
  /** Live quotas by name, as `GetAccountSummary` and the services tell them; absent where they could not be read. */
  readonly quotas: Readonly<Record<string, number>>;
  /** How long a session of the role may live, in seconds. */
  readonly maxSessionSeconds?: number;
}

/** What a slot held; undefined when it was not read. */
export function heldIn({ held }: Snapshot, slot: Slot): Value | undefined {
  const key = slotKey(slot);
  return held.find((one) => slotKey(one.slot) === key)?.value;
}

/** Digest of what was held, whatever the order in which it was read. */
export const snapshotDigest = ({ target, held }: Snapshot): string =>
  canonicalDigest([
    target,
    held.map(({ slot, value }) => [slotKey(slot), value]).sort(([a], [b]) => (String(a) < String(b) ? -1 : 1)),
  ]);
