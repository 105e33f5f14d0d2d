import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

describe("Bedrock agents", () => {
  it.each(["bedrock:CreateAgent", "bedrock:UpdateAgent"])("reads agent and role from %s", (api) =>
    expect(
      shown(
        api,
        { agentName: "helper", agentResourceRoleArn: role("helper") },
        { agent: { agentArn: arn("bedrock", "agent/ABCDEFGHIJ"), agentResourceRoleArn: role("helper") } },
      ).map(bare),
    ).toEqual([{ kind: "bedrock-agent", resource: arn("bedrock", "agent/ABCDEFGHIJ"), role: role("helper") }]),
  );
  it("reads nothing where the answer does not name the agent", () =>
    expect(shown("bedrock:CreateAgent", { agentResourceRoleArn: role("helper") }, null)).toEqual([]));
});
