import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { type Change, scalingDraft } from "./scaling-draft.ts";

const instanceChanges: ReadonlyMap<string, Change> = new Map([
  ["EC2 Instance Launch Successful", "started"],
  ["EC2 Instance Launch Unsuccessful", "failed"],
  ["EC2 Instance Terminate Successful", "stopped"],
  ["EC2 Instance Terminate Unsuccessful", "failed"],
  ["EC2 Instance-launch Lifecycle Action", "changed"],
  ["EC2 Instance-terminate Lifecycle Action", "changed"],
]);

const refresh = "EC2 Auto Scaling Instance Refresh ";

/** Amazon EC2 Auto Scaling: instances of a group, their lifecycle hooks and refreshes ("Amazon EC2 Auto Scaling event reference"). */
export const autoScaling: EnvelopeDecoder = {
  sources: ["aws.autoscaling"],
  detailTypes: [...instanceChanges.keys(), { prefix: refresh }],
  decode(envelope: Envelope): Drafted {
    const { detail, detailType } = envelope;
    const subject = firstText(detail, "AutoScalingGroupName");
    if (!subject) return lacks(envelope, "AutoScalingGroupName");
    if (detailType.startsWith(refresh))
      return scalingDraft(envelope, { change: detailType.endsWith(" Failed") ? "failed" : "changed", subject });
    return scalingDraft(envelope, {
      change: instanceChanges.get(detailType) ?? "changed",
      subject,
      instanceId: firstText(detail, "EC2InstanceId"),
      cause: firstText(detail, "Cause"),
    });
  },
};
