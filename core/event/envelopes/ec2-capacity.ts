import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { type Change, scalingDraft } from "./scaling-draft.ts";

/** How a detail-type ends tells what became of the reservation. */
const endings: readonly (readonly [ending: string, change: Change])[] = [
  ["Delivered", "reserved"],
  ["Active", "reserved"],
  ["Scheduled", "reserved"],
  ["Warning", "warned"],
  ["Delayed", "warned"],
  ["Failed", "failed"],
  ["Unsupported", "failed"],
  ["Expired", "stopped"],
  ["Cancelled", "stopped"],
];

/**
 * Capacity Blocks and Capacity Reservations: accelerators bought or held in advance. Copies of the EC2 user guide
 * ("Monitor Capacity Blocks using EventBridge") spell the Capacity Block types with and without "Reservation"; both count.
 */
export const ec2Capacity: EnvelopeDecoder = {
  sources: ["aws.ec2"],
  detailTypes: [
    "Capacity Block Delivered",
    "Capacity Block Reservation Delivered",
    "Capacity Block Expiration Warning",
    "Capacity Block Reservation Expiration Warning",
    "Capacity Reservation Instance Interruption Warning",
    { prefix: "EC2 Capacity Reservation " },
    { prefix: "EC2 On-Demand Capacity Reservation " },
  ],
  decode(envelope: Envelope): Drafted {
    const { detail, detailType } = envelope;
    // The interruption warning names the instance that goes, not the reservation it ran in.
    const instanceId = firstText(detail, "instance-id");
    const reservation = firstText(detail, "capacity-reservation-id", "capacityReservationId");
    const subject = reservation || instanceId;
    if (!subject) return lacks(envelope, "capacity-reservation-id", "instance-id");
    return scalingDraft(envelope, {
      change: endings.find(([ending]) => detailType.endsWith(` ${ending}`))?.[1] ?? "changed",
      subject,
      instanceType: firstText(detail, "instance-type", "instanceType"),
      instanceId,
      cause: firstText(detail, "instance-action", "reason"),
    });
  },
};
