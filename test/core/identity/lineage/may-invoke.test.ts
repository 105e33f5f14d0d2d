import { describe, expect, it } from "vitest";
import { calleeOf, mayInvoke } from "../../../../core/identity/lineage/may-invoke.ts";
import { agentArn, gatewayArn, runtimeArn } from "../../../fixtures/agents.ts";
import { workload as declared } from "../../../fixtures/workloads.ts";
import { registryFrom, workload } from "../manifest/manifest-examples.ts";

const registry = registryFrom(
  workload("summaries", `- agentCoreRuntime: ${runtimeArn("summariser")}`),
  workload("helper", `- bedrockAgent: ${agentArn("ABCDEFGHIJ")}`),
);
const planner = (...list: readonly string[]) => declared("planner", { envelope: { statements: [], mayInvoke: list } });
const may = (list: readonly string[], kind: Parameters<typeof calleeOf>[0], arn: string): boolean | undefined => {
  const callee = calleeOf(kind, arn, registry);
  return callee && mayInvoke(planner(...list), callee);
};

describe("mayInvoke", () => {
  it.each([
    ["agent:summaries", "agent-runtime", runtimeArn("summariser"), true],
    ["agent:summariser", "agent-runtime", runtimeArn("summariser"), true],
    ["agent:summariser-Ab3dEf9h1J", "agent-runtime", runtimeArn("summariser"), true],
    ["agent:sum*", "agent-runtime", runtimeArn("summariser"), true],
    ["agent:summ", "agent-runtime", runtimeArn("summariser"), false],
    ["gateway:summariser", "agent-runtime", runtimeArn("summariser"), false],
    ["agent:helper", "bedrock-agent", agentArn("ABCDEFGHIJ"), true],
    ["agent:ABCDEFGHIJ", "bedrock-agent", agentArn("ABCDEFGHIJ"), true],
    ["agent:ABCDEFGHIJ", "bedrock-agent", agentArn("ZZZZZZZZZZ"), false],
    ["gateway:tools", "gateway", gatewayArn("tools"), true],
    ["agent:tools", "gateway", gatewayArn("tools"), false],
    ["agent:summaries", "workload-identity", "arn:x/workload-identity/summaries", true],
    ["agent:other", "workload-identity", "arn:x/workload-identity/summaries", false],
  ] as const)("given %s, a %s %s is allowed: %s", (allowed, kind, arn, expected) =>
    expect(may([allowed], kind, arn)).toBe(expected),
  );

  it("lets a workload ask itself, and anything where the manifest has no list; an empty list lets nothing", () => {
    const own = calleeOf("agent-runtime", runtimeArn("summariser"), registry);
    const itself = registry.named("summaries");
    if (own === undefined || itself === undefined) throw new Error("the test needs both");
    expect(mayInvoke({ ...itself, envelope: { statements: [], mayInvoke: [] } }, own)).toBe(true);
    expect(may([], "agent-runtime", runtimeArn("planner"))).toBe(true);
    expect(mayInvoke(declared("planner"), own)).toBe(true);
    expect(mayInvoke(planner(), own)).toBe(false);
  });

  it("does not judge tools, nor identities that are called like no workload", () => {
    expect(calleeOf("tool", "arn:aws:lambda:us-east-1:111122223333:function:x", registry)).toBeUndefined();
    expect(calleeOf("workload-identity", "arn:x/workload-identity/anything", registry)).toBeUndefined();
  });
});
