import { parseArn } from "../../iam/arn.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";

/** Lets a Batch compute environment start nothing new. */
export const disableComputeEnvironment = definePlanner({
  id: "disable-compute-environment",
  title: "Let a Batch compute environment start nothing new",
  target: "the compute environment's ARN",
  classes: ["training", "pipeline", "orchestration"],
  families: ["gpu-scaling", "ai-abuse", "privilege-drift", "external", "custom"],
  sets: [{ slot: "compute-environment", to: ["DISABLED"], tier: 2 }],
  sideEffects: ["jobs of every queue that has no other environment wait; the environment scales in as its jobs end"],
  notStopped: [
    "jobs that run go on to their end, and cost",
    "other environments of the same queues take the waiting jobs",
  ],
  undo: "the environment is enabled again, and the waiting jobs start",
  reads: (_action, target) => [environmentOf(target.arn)],
  draft(request) {
    const { arn } = request.snapshot.target;
    const fields = parseArn(arn);
    if (fields?.service !== "batch" || !fields.resource.startsWith("compute-environment/"))
      return refused("it is no compute environment");
    const change = setting(request, environmentOf(arn), "DISABLED");
    return drafted({ change, tier: 2, does: "lets the compute environment start nothing new" });
  },
});

const environmentOf = (arn: string): Slot => ({ kind: "compute-environment", arn });
