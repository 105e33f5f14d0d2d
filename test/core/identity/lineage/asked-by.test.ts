import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { AskedBy } from "../../../../core/identity/attribution.ts";
import {
  agentArn,
  askAgent,
  askGateway,
  askRuntime,
  callTool,
  createRuntime,
  functionArn,
  gatewayArn,
  inRuntime,
  runtimeArn,
  sessionId,
} from "../../../fixtures/agents.ts";
import {
  account,
  assumeRole,
  eventId,
  otherAccount,
  type RecordObject,
  record,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../../fixtures/records.ts";
import { attributionOf } from "../behind.ts";
import { registryFrom, workload } from "../manifest/manifest-examples.ts";

const registry = registryFrom(
  workload("planner", `- roleArn: arn:aws:iam::${account}:role/planner-role`),
  workload("front", `- userArn: arn:aws:iam::${account}:user/trainer`),
);
const runtimes = ["planner", "summariser", "x"].map((name) => createRuntime(name));
/** user -> planner (session 1) -> summariser (session 2). */
const row = [...runtimes, askRuntime(user(), "planner", 1), askRuntime(inRuntime("planner", 1), "summariser", 2)];
const calls = (name: string, number: number) => record({ userIdentity: inRuntime(name, number) });
const depth = (askers: readonly AskedBy[] = []): number => Math.max(0, ...askers.map((one) => 1 + depth(one.askedBy)));
const total = (askers: readonly AskedBy[] = []): number => askers.reduce((sum, one) => sum + 1 + total(one.askedBy), 0);

describe("who asked", () => {
  it("given a session that was asked for, names who asked, and who asked them", () =>
    expect(attributionOf(calls("summariser", 2), row, registry).askedBy).toEqual([
      {
        id: "planner",
        principal: `arn:aws:sts::${account}:assumed-role/planner-role/BedrockAgentCore-${sessionId(1)}`,
        asked: runtimeArn("summariser"),
        eventID: eventId(8_102),
        field: "requestParameters.agentRuntimeArn",
        class: "indexed",
        sessionId: sessionId(2),
        askedBy: [
          expect.objectContaining({
            id: "front",
            principal: String(user()["arn"]),
            asked: runtimeArn("planner"),
            class: "indexed",
          }),
        ],
      },
    ]));

  it("changes neither who acted nor where the chain ends", () => {
    const { askedBy, ...asked } = attributionOf(calls("summariser", 2), row, registry);
    expect(askedBy).toBeDefined();
    const alone: object = attributionOf(calls("summariser", 2), runtimes, registry);
    expect(asked).toEqual(alone);
  });

  it("given a role that the asked session took, still tells who asked", () => {
    const taken = assumeRole(inRuntime("summariser", 2), "reader", sessionKey(70), { sharedEventID: undefined });
    const found = attributionOf(
      record({ userIdentity: session("reader", "s", sessionKey(70)) }),
      [...row, taken],
      registry,
    );
    expect(found.askedBy).toMatchObject([{ id: "planner" }]);
  });

  it("given a session that is merely named like one that was asked for, guesses at most", () => {
    const named = record({ userIdentity: inRuntime("stranger", 2) });
    expect(attributionOf(named, row, registry).askedBy).toMatchObject([{ id: "planner", class: "inferred" }]);
  });

  it("given a role of another runtime, or a session that somebody else began, tells nothing", () => {
    expect(attributionOf(calls("x", 2), row, registry).askedBy).toBeUndefined();
    const forged = assumeRole(user(), "summariser-role", sessionKey(2), { sharedEventID: undefined });
    expect(attributionOf(calls("summariser", 2), [...row, forged], registry).askedBy).toBeUndefined();
  });

  it("given a call that was refused, tells nothing: nobody was asked", () => {
    const refused = askRuntime(user(), "planner", 1, { errorCode: "AccessDenied", responseElements: null });
    expect(attributionOf(calls("planner", 1), [...runtimes, refused], registry).askedBy).toBeUndefined();
  });

  it("given both copies of a call across accounts, takes the one that names the asker", () => {
    const shared = { sharedEventID: eventId(9_900) };
    const copy = { type: "AWSAccount", principalId: "AROACKCEVSQ6C2EXAMPLE:s", accountId: otherAccount };
    const both = [
      askRuntime(copy, "planner", 1, { ...shared, eventID: eventId(1) }),
      askRuntime(session("abroad", "s", sessionKey(80)), "planner", 1, { ...shared, eventID: eventId(2) }),
    ];
    const ids = (...records: RecordObject[]) =>
      attributionOf(calls("planner", 1), [...runtimes, ...records], registry).askedBy?.map(({ id }) => id);
    expect(ids(...both)).toEqual([`role:arn:aws:iam::${account}:role/abroad`]);
    expect(ids(both[0] ?? {})).toEqual([`account:${otherAccount}`]);
  });

  it("given agents that ask each other in a ring, ends where the ring closes", () => {
    const ring = [...row, askRuntime(inRuntime("summariser", 2), "planner", 1, { eventID: eventId(8_199) })];
    const { askedBy } = attributionOf(calls("summariser", 2), ring, registry);
    expect(total(askedBy)).toBe(3);
  });

  it("given a long row of agents, follows four of them", () => {
    const long = Array.from({ length: 9 }, (_, place) =>
      askRuntime(inRuntime(`a${place}`, place), `a${place + 1}`, place + 1),
    );
    expect(depth(attributionOf(calls("a9", 9), long).askedBy)).toBe(4);
  });

  it("given very many askers, names the five that asked first", () => {
    const many = Array.from({ length: 30 }, (_, place) =>
      askRuntime(session("app", `s${place}`, sessionKey(500 + place)), "planner", 1, {
        eventID: eventId(9_500 + place),
        eventTime: secondsAfter(30 - place),
      }),
    );
    const { askedBy } = attributionOf(calls("planner", 1), [...runtimes, ...many], registry);
    expect(askedBy?.map(({ eventID }) => eventID)).toEqual([29, 28, 27, 26, 25].map((n) => eventId(9_500 + n)));
  });

  it("names the same, in any order of the records", () => {
    const records = [...row, askRuntime(user(), "summariser", 2, { eventID: eventId(1) })];
    const expected = attributionOf(calls("summariser", 2), records, registry).askedBy;
    fc.assert(
      fc.property(fc.shuffledSubarray(records, { minLength: records.length }), (shuffled) => {
        expect(attributionOf(calls("summariser", 2), shuffled, registry).askedBy).toEqual(expected);
      }),
      { numRuns: 50 },
    );
  });
});

describe("who asked a tool or an agent without a session's name", () => {
  const inFunction = (over: RecordObject = {}) =>
    record({
      userIdentity: session("lookup-role", "lookup", sessionKey(60), {
        inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: functionArn("lookup") },
      }),
      ...over,
    });
  const tool = callTool("bedrock-agentcore.amazonaws.com", gatewayArn("tools"), "lookup", {
    eventTime: secondsAfter(60),
  });
  const asked = askGateway(inRuntime("planner", 1), "tools", { eventTime: secondsAfter(59) });

  it("given a tool that a gateway called, names the gateway and who asked it at that time, as a guess", () =>
    expect(attributionOf(inFunction(), [tool, asked], registry).askedBy).toMatchObject([
      {
        id: `gateway:${gatewayArn("tools")}`,
        asked: functionArn("lookup"),
        class: "inferred",
        askedBy: [{ id: "planner", asked: gatewayArn("tools"), class: "inferred" }],
      },
    ]));

  it("given askers of another time, leaves them out", () => {
    const before = callTool("bedrock-agentcore.amazonaws.com", gatewayArn("tools"), "lookup", {
      eventTime: secondsAfter(-3_600),
    });
    expect(attributionOf(inFunction(), [before], registry).askedBy).toBeUndefined();
    const late = askGateway(inRuntime("planner", 1), "tools", { eventTime: secondsAfter(61) });
    expect(attributionOf(inFunction(), [tool, late], registry).askedBy?.[0]?.askedBy).toBeUndefined();
  });

  it("given a Bedrock agent's role, names who asked the agent at that time, as a guess", () => {
    const made = record({
      eventSource: "bedrock.amazonaws.com",
      eventName: "CreateAgent",
      requestParameters: { agentName: "helper", agentResourceRoleArn: `arn:aws:iam::${account}:role/agent-role` },
      responseElements: { agent: { agentArn: agentArn("ABCDEFGHIJ"), agentId: "ABCDEFGHIJ" } },
    });
    const call = record({ userIdentity: session("agent-role", "opaque", sessionKey(61)) });
    expect(attributionOf(call, [made, askAgent(user(), "ABCDEFGHIJ")], registry).askedBy).toMatchObject([
      { id: "front", asked: agentArn("ABCDEFGHIJ"), class: "inferred", sessionId: "chat-1" },
    ]);
  });

  it("given nothing of the kind, is not there at all", () =>
    expect(attributionOf(inFunction(), [], registry)).not.toHaveProperty("askedBy"));
});
