import { fields as fieldsOf, list } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { heldIn } from "../snapshot.ts";

/**
 * Everything that starts instances, and everything that ends them: with Launch alone suspended, rebalancing and health
 * checks would take instances away that nothing replaces, and GPU capacity may not come back (Auto Scaling User Guide,
 * "Suspend and resume processes").
 */
const frozen = [
  "AZRebalance",
  "AlarmNotification",
  "InstanceRefresh",
  "Launch",
  "ReplaceUnhealthy",
  "ScheduledActions",
  "Terminate",
];

/** Freezes an Auto Scaling group as it is: nothing is launched, and never is anything terminated. */
export const freezeFleet = definePlanner({
  id: "freeze-fleet",
  title: "Freeze a fleet: nothing is launched, nothing terminated",
  target: "the ARN of the Auto Scaling group",
  classes: ["training", "model-serving", "vector-store", "orchestration", "pipeline"],
  families: ["gpu-scaling", "ai-abuse", "privilege-drift", "tampering", "external", "custom"],
  sets: [
    { slot: "scaling-processes", to: ["suspended: what was, and the processes that launch or terminate"], tier: 2 },
    { slot: "scaling-size", to: ["max = desired"], tier: 2 },
  ],
  sideEffects: ["the fleet neither follows its load nor replaces sick instances until it is taken back"],
  notStopped: [
    "instances that run go on running and costing: ending them is for people",
    "instances launched past the group, by RunInstances or another group",
  ],
  undo: "the processes that were not suspended before are resumed, and the largest size is set back",
  reads: (_action, target) => [processesOf(target.arn), sizeOf(target.arn)],
  draft(request) {
    const { arn } = request.snapshot.target;
    if (parseArn(arn)?.service !== "autoscaling") return refused("it is no Auto Scaling group");
    const { min, desired } = fieldsOf(heldIn(request.snapshot, sizeOf(arn)));
    if (typeof min !== "number" || typeof desired !== "number") return refused("the group's size could not be read");
    const before = list(heldIn(request.snapshot, processesOf(arn))).map(String);
    const suspended = [...new Set([...before, ...frozen])].sort();
    return drafted(
      {
        change: setting(request, processesOf(arn), suspended),
        tier: 2,
        does: "suspends what launches and what terminates instances",
      },
      {
        change: setting(request, sizeOf(arn), { min, max: desired, desired }),
        tier: 2,
        does: `holds the group at ${desired} instances`,
      },
    );
  },
});

const processesOf = (group: string): Slot => ({ kind: "scaling-processes", group });
const sizeOf = (group: string): Slot => ({ kind: "scaling-size", group });
