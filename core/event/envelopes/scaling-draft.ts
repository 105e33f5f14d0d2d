import type { ScalingEvent } from "../event.ts";
import type { Json } from "../json.ts";
import type { Draft, Envelope } from "./envelope.ts";

/** How the capacity changed. */
export type Change = ScalingEvent["change"];

/** What a decoder found out about a change of capacity; empty text is a field that the service left out. */
export interface Scaled {
  readonly change: Change;
  readonly subject: string;
  readonly instanceType?: string;
  readonly instanceId?: string;
  readonly instanceCount?: Json | undefined;
  readonly role?: string;
  readonly cause?: string;
}

/** The draft of a change of capacity, with nothing in it that the service did not say. */
export function scalingDraft(envelope: Envelope, scaled: Scaled): Draft {
  const { instanceType, instanceId, instanceCount, role, cause } = scaled;
  return {
    kind: "scaling",
    source: envelope.source,
    detailType: envelope.detailType,
    change: scaled.change,
    subject: scaled.subject,
    ...(instanceType ? { instanceType } : {}),
    ...(instanceId ? { instanceId } : {}),
    ...(typeof instanceCount === "number" && instanceCount >= 0 ? { instanceCount } : {}),
    ...(role ? { role } : {}),
    ...(cause ? { cause } : {}),
    resources: envelope.resources,
    detail: envelope.detail,
  };
}

/** The words that services have for the state of a job, task, endpoint or cluster, without case and separators. */
const words: ReadonlyMap<string, Change> = new Map<string, Change>([
  ...["inprogress", "inservice", "running", "active", "executing"].map((word) => [word, "started"] as const),
  ...["completed", "complete", "stopped", "succeeded", "success", "deleted"].map((word) => [word, "stopped"] as const),
  ...["partiallycompleted", "terminated", "cancelled", "canceled", "inactive"].map(
    (word) => [word, "stopped"] as const,
  ),
  ...["expired"].map((word) => [word, "stopped"] as const),
  ...["failed", "error", "outofservice", "updaterollbackfailed", "rollbackfailed", "deletefailed"].map(
    (word) => [word, "failed"] as const,
  ),
  ...["registrationfailed", "invalid"].map((word) => [word, "failed"] as const),
]);

/** The change that a service's word for a state stands for. States on the way, and words not known, are changes. */
export const changeOf = (state: string): Change => words.get(state.replace(/[_\s-]/g, "").toLowerCase()) ?? "changed";

/** The change for a level of severity, as ECS and HyperPod use it for their own notices. */
export function changeOfLevel(level: string): Change {
  switch (level.toUpperCase()) {
    case "ERROR":
      return "failed";
    case "WARN":
    case "WARNING":
      return "warned";
    default:
      return "changed";
  }
}
