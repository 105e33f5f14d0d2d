import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const resource = arn("bedrock-agentcore", "runtime/support_bot-Ab1");
const session = "7d2f9a51-0000-4000-8000-000000000001";

describe("AgentCore", () => {
  it.each(["CreateAgentRuntime", "UpdateAgentRuntime"])("reads runtime and role from %s", (name) =>
    expect(
      shown(
        `bedrock-agentcore:${name}`,
        { roleArn: role("bot") },
        { agentRuntimeArn: resource, status: "CREATING" },
      ).map(bare),
    ).toEqual([{ kind: "agentcore-runtime", resource, role: role("bot") }]),
  );
  it("reads the session that was asked for, and in which runtime", () =>
    expect(
      shown("bedrock-agentcore:InvokeAgentRuntime", { agentRuntimeArn: resource, runtimeSessionId: session }, null).map(
        bare,
      ),
    ).toEqual([{ kind: "agentcore-runtime", resource, run: session }]));
  it("reads the runtime beside the parameters, where only the resources name it", () =>
    expect(
      shown("bedrock-agentcore:InvokeAgentRuntime", { runtimeSessionId: session }, null, {
        resources: [{ type: "AWS::BedrockAgentCore::Runtime", ARN: resource }],
      }).map(bare),
    ).toEqual([{ kind: "agentcore-runtime", resource, run: session }]));
  it("reads nothing without a session's id", () =>
    expect(shown("bedrock-agentcore:InvokeAgentRuntime", { agentRuntimeArn: resource }, null)).toEqual([]));
});
