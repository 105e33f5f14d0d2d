import type { EventId } from "../../core/event/event.ts";
import { type AccessKeyId, asAccessKeyId } from "../../core/iam/identifiers.ts";

/** An event id for tests. */
export const eventId = (text: string): EventId => text as EventId;

/** An access key id for tests; only AWS's documented example ids are used. */
export function accessKey(text: string): AccessKeyId {
  const key = asAccessKeyId(text);
  if (key === undefined) throw new Error(`${text} is no access key id`);
  return key;
}
