import { at, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { PlacementSource } from "../placement.ts";

/** Both calls answer with the agent: its ARN and its role (Bedrock API reference, Agent). */
export const bedrockPlacements: PlacementSource = {
  id: "bedrock",
  watches: calls("bedrock:CreateAgent", "bedrock:UpdateAgent"),
  placementsOf: (call) =>
    placed(call, {
      kind: "bedrock-agent",
      resource: text(at(call.response, "agent", "agentArn")),
      role: text(at(call.response, "agent", "agentResourceRoleArn")) || text(call.request["agentResourceRoleArn"]),
      field: "responseElements.agent.agentArn",
    }),
};
