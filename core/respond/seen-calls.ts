import type { ApiCall } from "../event/event.ts";
import type { Instant } from "../event/instant.ts";
import type { Target } from "./plan.ts";
import type { Slot } from "./slot.ts";

/**
 * The calls that were recorded, as far as they have arrived: none is no proof that there were none. Answers are of the
 * moment, by event time, oldest first.
 */
export interface SeenCalls {
  /** What a principal did at or after a time, by its immutable id. */
  by(target: Target, since: Instant): Promise<readonly ApiCall[]>;
  /** Who set a slot at or after a time, whoever it was. */
  on(slot: Slot, since: Instant): Promise<readonly ApiCall[]>;
}
