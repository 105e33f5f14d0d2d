import { isObject } from "../../event/json.ts";
import { parseArn } from "../../iam/arn.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { heldIn } from "../snapshot.ts";

/** Lets an alias of a Bedrock agent refuse all calls (Bedrock API Reference, UpdateAgentAlias). Its routing stays as it is. */
export const pauseAgentAlias = definePlanner({
  id: "pause-agent-alias",
  title: "Pause an alias of a Bedrock agent",
  target: "the alias's ARN",
  classes: ["agent", "orchestration"],
  families: ["ai-abuse", "privilege-drift", "secret-sprawl", "exposure", "external", "custom"],
  sets: [{ slot: "agent-alias", to: ["REJECT_INVOCATIONS"], tier: 2 }],
  sideEffects: ["everybody who calls the agent by this alias is refused"],
  notStopped: [
    "calls that are running end by themselves",
    "the agent's other aliases, its draft among them, take calls: its role and its action groups are untouched",
  ],
  undo: "the alias takes calls again, with the routing that it had",
  reads: (_action, target) => [aliasOf(target.arn)],
  draft(request) {
    const { arn } = request.snapshot.target;
    if (parseArn(arn)?.resource.startsWith("agent-alias/") !== true) return refused("it is no alias of an agent");
    const known = heldIn(request.snapshot, aliasOf(arn));
    if (!isObject(known)) return refused("the alias could not be read");
    const paused = { ...known, aliasInvocationState: "REJECT_INVOCATIONS" };
    return drafted({
      change: setting(request, aliasOf(arn), paused),
      tier: 2,
      does: "lets the alias refuse all calls",
    });
  },
});

const aliasOf = (arn: string): Slot => ({ kind: "agent-alias", arn });
