import { parseArn } from "../../iam/arn.ts";
import { inlineDeny } from "../inline-deny.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { stillGoingInPart } from "../still-going.ts";

/**
 * Takes the rights of its role away from one EC2 instance of a fleet. The session of an instance is named after the
 * instance by AWS, not by the caller (IAM User Guide, "aws:userid"), so that a deny for it holds for every credential
 * that it has or gets.
 */
export const containInstance = definePlanner({
  id: "contain-instance",
  title: "Deny everything to one EC2 instance, and take its instance profile off",
  target: "the ARN of the instance's role",
  only: "the instance's ARN",
  classes: ["model-serving", "training", "vector-store", "orchestration", "pipeline"],
  families: [
    "privilege-drift",
    "secret-sprawl",
    "gpu-scaling",
    "ai-abuse",
    "tampering",
    "identity",
    "exposure",
    "external",
    "custom",
  ],
  sets: [
    { slot: "inline-policy", to: ["a Deny for aws:userid"], tier: 2 },
    { slot: "instance-profile", to: ["none"], tier: 2 },
  ],
  sideEffects: [
    "what runs on the instance stops at its next call to AWS, its agent for Systems Manager included",
    "an unhealthy instance may be replaced by its group, with what it held in memory and on instance storage",
  ],
  notStopped: [
    "the instance goes on running and costing: snapshots of its disks and isolation are for people",
    ...stillGoingInPart,
  ],
  undo: "the profile is associated again (with another association id, which takes iam:PassRole on the role) and the policy deleted",
  reads: ({ only }) => {
    const slot = profileOf(only?.[0]);
    return slot === undefined ? [] : [slot];
  },
  draft(request) {
    const { action, snapshot } = request;
    const slot = profileOf(action.only?.[0]);
    if (slot === undefined || action.only?.length !== 1) return refused("it does not name one instance");
    if (slot.account !== snapshot.target.account) return refused("the instance is in another account");
    const deny = inlineDeny(request, {
      name: "instance",
      actions: "*",
      condition: { StringEquals: { "aws:userid": `${snapshot.target.id}:${slot.instance}` } },
      does: `denies everything to the instance ${slot.instance}`,
    });
    if (!("change" in deny)) return deny;
    return drafted(deny, {
      change: setting(request, slot, null),
      tier: 2,
      optional: true,
      does: `takes the instance profile off ${slot.instance}, so that it gets no new credentials`,
    });
  },
});

function profileOf(arn: string | undefined): Extract<Slot, { readonly kind: "instance-profile" }> | undefined {
  const fields = parseArn(arn ?? "");
  const [kind, instance] = fields?.resource.split("/") ?? [];
  return fields?.service === "ec2" &&
    kind === "instance" &&
    instance !== undefined &&
    /^i-[0-9a-f]{8,17}$/.test(instance)
    ? { kind: "instance-profile", instance, account: fields.account, region: fields.region }
    : undefined;
}
