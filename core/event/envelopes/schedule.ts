import type { Drafted, Envelope, EnvelopeDecoder } from "./envelope.ts";

/** A rule with a schedule, or EventBridge Scheduler. Its detail is empty or the user's own, and is not read. */
export const schedule: EnvelopeDecoder = {
  sources: ["aws.events", "aws.scheduler"],
  detailTypes: ["Scheduled Event"],
  decode: (envelope: Envelope): Drafted => ({ kind: "tick", resources: envelope.resources }),
};
