import type { Instant } from "../event/instant.ts";

/** The only way a flow learns the time. Event time is never taken from it: a record has its own. */
export interface Clock {
  now(): Instant;
}
