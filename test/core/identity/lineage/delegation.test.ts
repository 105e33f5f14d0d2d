import { describe, expect, it } from "vitest";
import { type Delegation, delegationOf } from "../../../../core/identity/lineage/delegation.ts";
import {
  agentArn,
  askAgent,
  askGateway,
  askRuntime,
  callTool,
  functionArn,
  gatewayArn,
  inRuntime,
  runtimeArn,
  sessionId,
  takeToken,
} from "../../../fixtures/agents.ts";
import { eventOf } from "../../../fixtures/read.ts";
import {
  account,
  otherAccount,
  type RecordObject,
  record,
  session,
  sessionKey,
  user,
} from "../../../fixtures/records.ts";

function read(one: RecordObject): Delegation | undefined {
  const event = eventOf(one);
  return event.kind === "api-call" ? delegationOf(event) : undefined;
}

const me = session("planner-role", "s", sessionKey(1));

describe("delegationOf", () => {
  it("reads which runtime was asked, in which session, and by whom", () =>
    expect(read(askRuntime(me, "summariser", 7))).toMatchObject({
      kind: "agent-runtime",
      asked: runtimeArn("summariser"),
      sessionId: sessionId(7),
      account,
      field: "requestParameters.agentRuntimeArn",
      asker: { kind: "principal", principal: { kind: "assumed-role" } },
    }));

  it("reads a runtime that only the resources name, and cuts its endpoint off", () => {
    const only = { requestParameters: { runtimeSessionId: sessionId(7) } };
    expect(read(askRuntime(me, "summariser", 7, only))).toMatchObject({
      asked: runtimeArn("summariser"),
      field: "resources[0].ARN",
    });
    const endpoint = { agentRuntimeArn: `${runtimeArn("summariser")}/runtime-endpoint/DEFAULT` };
    expect(read(askRuntime(me, "summariser", 7, { requestParameters: endpoint }))?.asked).toBe(
      runtimeArn("summariser"),
    );
  });

  it("takes the session that the answer names before the one that was wished for", () => {
    const answered = { responseElements: { runtimeSessionId: sessionId(9) } };
    expect(read(askRuntime(me, "summariser", 7, answered))?.sessionId).toBe(sessionId(9));
  });

  it("reads a Bedrock agent by its alias, else by its id", () => {
    expect(read(askAgent(me, "ABCDEFGHIJ"))).toMatchObject({
      kind: "bedrock-agent",
      asked: agentArn("ABCDEFGHIJ"),
      sessionId: "chat-1",
      field: "resources[0].ARN",
    });
    expect(read(askAgent(me, "ABCDEFGHIJ", { resources: undefined }))).toMatchObject({
      asked: agentArn("ABCDEFGHIJ"),
      field: "requestParameters.agentId",
    });
    const abroad = [
      { type: "AWS::Bedrock::AgentAlias", ARN: `arn:aws:bedrock:us-west-2:${otherAccount}:agent-alias/ZZ/1` },
    ];
    expect(read(askAgent(me, "ABCDEFGHIJ", { resources: abroad }))).toMatchObject({
      asked: `arn:aws:bedrock:us-west-2:${otherAccount}:agent/ZZ`,
      account: otherAccount,
    });
  });

  it("reads a gateway", () =>
    expect(read(askGateway(me, "tools"))).toMatchObject({ kind: "gateway", asked: gatewayArn("tools") }));

  it("reads a tool that a gateway or an agent calls, and says which of them", () => {
    expect(read(callTool("bedrock-agentcore.amazonaws.com", gatewayArn("tools"), "lookup"))).toMatchObject({
      kind: "tool",
      asked: functionArn("lookup"),
      asker: { kind: "resource", arn: gatewayArn("tools") },
    });
    const own = { userIdentity: { ...me, invokedBy: "bedrock.amazonaws.com" } };
    expect(read(callTool("", "", "lookup", own))?.asker).toMatchObject({ kind: "principal" });
  });

  it("takes no other invocation for a tool's", () => {
    expect(read(callTool("events.amazonaws.com", gatewayArn("tools"), "lookup"))).toBeUndefined();
    expect(read(callTool("bedrock.amazonaws.com", "", "lookup"))).toBeUndefined();
    expect(read(callTool("", "", "lookup", { userIdentity: user() }))).toBeUndefined();
  });

  it("reads whose identity a token was taken of", () => {
    expect(read(takeToken(me, "summariser"))?.asked).toMatch(
      /workload-identity-directory\/default\/workload-identity\/summariser$/,
    );
    expect(read(takeToken(me, "a/b"))).toBeUndefined();
  });

  it("is silent where the record does not name what was asked, and about other calls", () => {
    expect(read(askRuntime(me, "x", 1, { requestParameters: null, resources: undefined }))).toBeUndefined();
    expect(read(askGateway(me, "x", { resources: [] }))).toBeUndefined();
    expect(read(askAgent(me, "", { resources: undefined }))).toBeUndefined();
    expect(read(record({ userIdentity: inRuntime("planner", 1) }))).toBeUndefined();
  });
});
