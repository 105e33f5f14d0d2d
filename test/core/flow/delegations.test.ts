import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { detectorsWith } from "../../../core/detect/catalog.ts";
import { attributor } from "../../../core/flow/attributor.ts";
import { asksIn } from "../../../core/flow/delegations.ts";
import { linksOf } from "../../../core/flow/keeping.ts";
import { purpose, purposesOf } from "../../../core/flow/purpose.ts";
import { askerText } from "../../../core/identity/lineage/asked-by.ts";
import { emptyRegistry } from "../../../core/identity/registry.ts";
import {
  askGateway,
  askRuntime,
  callTool,
  createRuntime,
  functionArn,
  gatewayArn,
  inRuntime,
  runtimeArn,
  sessionId,
} from "../../fixtures/agents.ts";
import { eventOf } from "../../fixtures/read.ts";
import {
  account,
  eventId,
  type RecordObject,
  record,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { tables } from "../../fixtures/tables.ts";
import { attributionOf } from "../identity/behind.ts";
import { folded } from "./folding.ts";

const tool = callTool("bedrock-agentcore.amazonaws.com", gatewayArn("tools"), "lookup", { eventTime: secondsAfter(5) });
const asked: readonly RecordObject[] = [
  createRuntime("planner"),
  createRuntime("summariser"),
  askRuntime(user(), "planner", 1),
  askRuntime(inRuntime("planner", 1), "summariser", 2),
  askRuntime(inRuntime("planner", 1), "summariser", 2, { eventID: eventId(8_198), eventTime: secondsAfter(9) }),
  askGateway(inRuntime("summariser", 2), "tools", { eventTime: secondsAfter(4) }),
  tool,
];
const done = record({ eventID: eventId(90), userIdentity: inRuntime("summariser", 2) });
const inTool = record({
  eventID: eventId(91),
  userIdentity: session("lookup-role", "lookup", sessionKey(60), {
    inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: functionArn("lookup") },
  }),
});

/** Who asked for each record, by event id, as a whole replay says. */
function askersIn(records: readonly RecordObject[]): ReadonlyMap<string, unknown> {
  const state = folded([[records]]);
  const attribute = attributor(state, emptyRegistry);
  return new Map(
    Array.from({ length: state.principals.count }, (_, number) => {
      const { hops, askedBy } = attribute(number);
      return [hops[0]?.accessKeyId ?? hops[0]?.principal ?? "", askedBy] as const;
    }),
  );
}

describe("asksIn", () => {
  it("finds a session's askers through the index, and a resource's with their first and last call", () => {
    const asks = asksIn(folded([[asked]]));
    expect(asks.ofSession(account, sessionId(2)).map(({ eventID }) => eventID)).toEqual([
      eventId(8_102),
      eventId(8_198),
    ]);
    expect(asks.ofSession(account, sessionId(3))).toEqual([]);
    const [over, ...others] = asks.ofResource(runtimeArn("summariser"));
    expect(others).toEqual([]);
    expect(over).toMatchObject({ first: { eventID: eventId(8_102) }, last: { eventID: eventId(8_198) } });
    expect(asks.ofResource(functionArn("lookup")).map(({ first }) => askerText(first.asker))).toEqual([
      gatewayArn("tools"),
    ]);
    expect(asks.ofResource(functionArn("other"))).toEqual([]);
  });

  it("keeps no call that asked nobody: another's invocation of a function, a refused one", () => {
    const other = callTool("", "", "lookup", { userIdentity: user() });
    const refused = askGateway(user(), "tools", { errorCode: "AccessDenied", eventID: eventId(70) });
    expect(folded([[[other, refused]]]).kept.count).toBe(0);
    expect(folded([[[tool]]]).kept.count).toBe(1);
  });

  it("keeps what agents do to be judged, and not the same calls of everybody else", () => {
    const read = (userIdentity: ReturnType<typeof user>) =>
      record({ eventSource: "secretsmanager.amazonaws.com", eventName: "GetSecretValue", userIdentity });
    const purposes = (...records: RecordObject[]) => {
      const { kept } = folded([[records]]);
      return Array.from({ length: kept.count }, (_, number) => kept.purposes(number));
    };
    expect(purposes(read(inRuntime("planner", 1)))).toEqual([purpose.agent]);
    expect(purposes(read(user()), read(session("planner-role", "s", sessionKey(3))))).toEqual([]);
  });

  it("keeps for every call that a detector judges in agents' sessions", () => {
    const agents = detectorsWith(tables).flatMap((one) =>
      one.watches.flatMap((watch) => (watch.kind === "agent-calls" ? watch.apis : [])),
    );
    const kept = new Map(purposesOf([]));
    expect(agents.length).toBeGreaterThan(0);
    for (const api of agents) expect((kept.get(api) ?? 0) & purpose.agent, api).not.toBe(0);
  });

  it("puts the asked session under a key of its own", () =>
    expect(linksOf(eventOf(askRuntime(user(), "planner", 1))).keys).toContain(`asked ${account} ${sessionId(1)}`));
});

describe("who asked, over a whole state", () => {
  it("is what the records say one by one", () => {
    const found = askersIn([...asked, done, inTool]);
    expect(found.get(sessionKey(2))).toEqual(attributionOf(done, asked).askedBy);
    expect(found.get(sessionKey(60))).toEqual(attributionOf(inTool, asked).askedBy);
    expect(JSON.stringify(found.get(sessionKey(60)))).toContain(sessionId(2));
  });

  it("does not depend on order, duplicates or batches", () => {
    const whole = askersIn([...asked, done, inTool]);
    fc.assert(
      fc.property(
        fc.shuffledSubarray([...asked, ...asked, done, inTool], { minLength: asked.length * 2 + 2 }),
        (records) => {
          expect([...askersIn(records)].sort()).toEqual([...whole].sort());
        },
      ),
      { numRuns: 30 },
    );
  });
});
