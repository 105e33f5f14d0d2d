import { parseArn } from "../../iam/arn.ts";
import { refused } from "../planned.ts";
import { definePlanner, drafted, setting } from "../planner.ts";
import type { Slot } from "../slot.ts";
import { heldIn } from "../snapshot.ts";

/** Takes targets off an AgentCore gateway: their tools are gone for every agent that uses it. A target has no switch. */
export const removeGatewayTarget = definePlanner({
  id: "remove-gateway-target",
  title: "Take a target off an AgentCore gateway",
  target: "the gateway's ARN",
  only: "the ids of the targets",
  classes: ["agent", "orchestration"],
  families: ["ai-abuse", "secret-sprawl", "privilege-drift", "exposure", "external", "custom"],
  sets: [{ slot: "gateway-target", to: ["none"], tier: 2 }],
  sideEffects: ["every agent that uses the gateway loses the target's tools, not only the one that misused them"],
  notStopped: [
    "what lies behind the target can still be reached directly by whoever has rights or keys for it",
    "tokens that were given out for the target stay valid until they expire at their issuers: deny-credential-provider lists them",
  ],
  undo: "the target is made again with the configuration that was read; it then has another id, and policies that name the old one must be changed",
  reads: ({ only }, target) => (only ?? []).map((one) => targetOf(target.arn, one)),
  draft(request) {
    const { arn } = request.snapshot.target;
    const fields = parseArn(arn);
    if (fields?.service !== "bedrock-agentcore" || !fields.resource.startsWith("gateway/"))
      return refused("it is no gateway");
    const { only } = request.action;
    if (only === undefined) return refused("it does not say which target");
    const gone = only.find((one) => heldIn(request.snapshot, targetOf(arn, one)) === null);
    if (gone !== undefined) return refused(`the gateway has no target ${gone}`);
    return drafted(
      ...only.map((one) => ({
        change: setting(request, targetOf(arn, one), null),
        tier: 2 as const,
        does: `takes the target ${one} off the gateway`,
      })),
    );
  },
});

const targetOf = (gateway: string, target: string): Slot => ({ kind: "gateway-target", gateway, target });
