import type { Instant } from "../event/instant.ts";
import type { JsonObject } from "../event/json.ts";

/** Something to do at a time, as stored. */
export interface Waiting {
  readonly schema: 1;
  readonly key: string;
  readonly at: Instant;
  readonly message: JsonObject;
}

/** Does X at T, at least once. The receiver is idempotent by `key`: what is due stays due until it is done. */
export interface Later {
  /** Remembers the message once per key, also after it was done: a repeated event cannot schedule twice. */
  schedule(key: string, at: Instant, message: JsonObject): Promise<"scheduled" | "known">;
  /** Everything to do at or before `now` that is not done, sorted by (at, key). */
  due(now: Instant): Promise<readonly Waiting[]>;
  /** Marks it as done for good. An unknown key is no error: someone else may have been first. */
  done(key: string): Promise<void>;
}
