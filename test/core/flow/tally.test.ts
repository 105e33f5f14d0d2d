import { describe, expect, it } from "vitest";
import { isRoleArn } from "../../../core/iam/arn.ts";
import { declaring } from "../../fixtures/declaring.ts";
import { roleArn } from "../../fixtures/incident.ts";
import {
  assumeRole,
  chain,
  eventId,
  fromLambda,
  fromServiceAccount,
  instanceEnvelope,
  record,
  secondsAfter,
  serviceEvent,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { settled } from "./settling.ts";

const seconds = (after: number): number => Date.parse(secondsAfter(after)) / 1_000;
const registry = declaring([roleArn("b")].filter(isRoleArn));
const tallied = async (...how: Parameters<typeof settled>) => (await settled(...how)).settlement.tally;

describe("tallyOf", () => {
  it("counts every distinct record once, by what is known about who acted", async () => {
    const records = [...chain(), ...chain(), record(), fromLambda(), serviceEvent(), instanceEnvelope()];
    const tally = await tallied([[records]], { registry });
    expect(tally).toMatchObject({ records: 7, attributed: 3, contested: 0, unattributed: 4 });
    expect(tally.byClass).toEqual({ asserted: 2, linked: 0, indexed: 1, inferred: 0 });
    expect([...tally.silences.values()].reduce((sum, calls) => sum + calls, 0)).toBe(4);
    expect(tally.identities.get("declared-0")).toMatchObject({ kind: "workload", declared: true, calls: 1 });
    expect(tally.identities.get("service:kms.amazonaws.com") ?? tally.identities.get("service:-")).toMatchObject({
      kind: "service",
      declared: false,
    });
  });

  it("counts contested records apart, with the reason and under no identity", async () => {
    const inside = {
      issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: "arn:aws:lambda:us-east-1:111122223333:function:f",
    };
    const caller = session("bot", "f", sessionKey(23), { inScopeOf: inside });
    const call = record({ userIdentity: session("a", "s", sessionKey(30)) });
    const behind = [fromServiceAccount(), assumeRole(caller, "a", sessionKey(30), { eventID: eventId(8) })];
    const tally = await tallied([[[call, ...behind]]]);
    expect(tally).toMatchObject({ records: 3, contested: 1, attributed: 2, unattributed: 0 });
    expect([...tally.silences.keys()].some((because) => because.includes("disagree"))).toBe(true);
    expect([...tally.identities.keys()], "who only asks for a session is no identity of its own").toEqual([
      "lambda:arn:aws:lambda:us-east-1:111122223333:function:f",
    ]);
  });

  it("names what would attribute more, by the calls that it would gain", async () => {
    const call = (role: string, place: number) =>
      record({ eventID: eventId(place), userIdentity: session(role, "x", sessionKey(place)) });
    const tally = await tallied([
      [[call("one", 1), call("two", 2), call("two", 3), fromLambda({ eventID: eventId(4) })]],
    ]);
    expect(tally.debts.map(({ kind, subject, calls }) => [kind, subject, calls])).toEqual([
      ["declare-role", roleArn("two"), 2],
      ["declare-role", roleArn("one"), 1],
    ]);
  });

  it("speaks of the window only, and dates what it saw first inside it", async () => {
    const reads = [0, 10, 20].map((second) =>
      fromLambda({ eventID: eventId(second + 1), eventTime: secondsAfter(second) }),
    );
    const id = "lambda:arn:aws:lambda:us-east-1:111122223333:function:support-bot";
    const whole = await tallied([[reads]]);
    expect(whole.identities.get(id)).toMatchObject({
      calls: 3,
      first: { at: seconds(0) * 1_000, eventID: eventId(1) },
    });
    const late = await tallied([[reads]], { horizon: { since: seconds(10) } });
    expect(late).toMatchObject({ records: 2, attributed: 2 });
    expect(late.identities.get(id)).toMatchObject({ calls: 2, first: { at: seconds(10) * 1_000 } });
    expect((await tallied([[reads]], { horizon: { until: seconds(0) } })).identities.size).toBe(0);
  });

  it("dates an identity by the copy that stayed, not by one that a fuller copy replaced", async () => {
    const thin = record({ eventTime: secondsAfter(0), userIdentity: user({ userName: undefined }) });
    const full = record({
      eventTime: secondsAfter(0),
      userIdentity: user({ userName: "trainer" }),
      userAgent: "a much longer user agent than before",
    });
    const later = record({
      eventID: eventId(2),
      eventTime: secondsAfter(9),
      userIdentity: user({ userName: undefined }),
    });
    const { identities } = await tallied([[[thin, full, later]]]);
    expect(identities.get("user:arn:aws:iam::111122223333:user/trainer")).toMatchObject({
      calls: 2,
      first: { at: seconds(0) * 1_000 },
    });
  });
});
