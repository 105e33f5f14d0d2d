import type { ApiCall } from "../../event/event.ts";
import { fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/**
 * Runtimes with their roles, and the sessions that were asked for in them: a session's credentials are named
 * `BedrockAgentCore-<session id>`. Both APIs record `bedrock-agentcore.amazonaws.com` as their source (AgentCore developer
 * guide, "CloudTrail"). Invocations are data events: a trail has them only when it was told to.
 */
export const agentcorePlacements: PlacementSource = {
  id: "agentcore",
  watches: calls(
    "bedrock-agentcore:CreateAgentRuntime",
    "bedrock-agentcore:InvokeAgentRuntime",
    "bedrock-agentcore:UpdateAgentRuntime",
  ),
  placementsOf: (call) => (call.api === "bedrock-agentcore:InvokeAgentRuntime" ? sessionIn(call) : runtimeIn(call)),
};

const runtimeIn = (call: ApiCall): readonly Placement[] =>
  placed(call, {
    kind: "agentcore-runtime",
    resource: text(call.response["agentRuntimeArn"]),
    role: text(call.request["roleArn"]),
    field: "responseElements.agentRuntimeArn",
  });

/** The caller chooses the session's id or AgentCore does; the answer names it either way. */
function sessionIn(call: ApiCall): readonly Placement[] {
  const run = text(call.response["runtimeSessionId"]) || text(call.request["runtimeSessionId"]);
  return placed(call, {
    kind: "agentcore-runtime",
    resource: run && (text(call.request["agentRuntimeArn"]) || runtimeBeside(call)),
    run,
    field: "requestParameters.runtimeSessionId",
  });
}

function runtimeBeside({ record }: ApiCall): string {
  const found = list(record["resources"])
    .map((one) => fields(one))
    .find((one) => text(one["type"]) === "AWS::BedrockAgentCore::Runtime");
  return text(found?.["ARN"]);
}
