import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { type Change, scalingDraft } from "./scaling-draft.ts";

const stateChange = "EC2 Instance State-change Notification";

const spot: ReadonlyMap<string, Change> = new Map([
  ["EC2 Spot Instance Request Fulfillment", "started"],
  ["EC2 Spot Instance Interruption Warning", "warned"],
  ["EC2 Instance Rebalance Recommendation", "warned"],
  ["EC2 Spot Instance Rebalance Recommended", "warned"],
]);

/** Amazon EC2: the state of an instance and what happens to Spot Instances ("Amazon EC2 events" in the EventBridge reference). */
export const ec2: EnvelopeDecoder = {
  sources: ["aws.ec2"],
  detailTypes: [stateChange, ...spot.keys()],
  decode(envelope: Envelope): Drafted {
    const { detail, detailType } = envelope;
    const instanceId = firstText(detail, "instance-id");
    if (!instanceId) return lacks(envelope, "instance-id");
    const state = firstText(detail, "state");
    if (detailType === stateChange && !state) return lacks(envelope, "state");
    return scalingDraft(envelope, {
      change: spot.get(detailType) ?? changeOfState(state),
      subject: instanceId,
      instanceId,
      cause: firstText(detail, "instance-action"),
    });
  },
};

/** One start and one stop for each run; `pending`, `stopping` and `shutting-down` are on the way. */
function changeOfState(state: string): Change {
  if (state === "running") return "started";
  return state === "stopped" || state === "terminated" ? "stopped" : "changed";
}
