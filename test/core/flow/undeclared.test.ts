import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { undeclaredCount, undeclaredId } from "../../../core/flow/undeclared.ts";
import { isRoleArn } from "../../../core/iam/arn.ts";
import { declaring } from "../../fixtures/declaring.ts";
import { roleArn } from "../../fixtures/incident.ts";
import {
  account,
  eventId,
  fromLambda,
  fromServiceAccount,
  record,
  region,
  secondsAfter,
  session,
  sessionKey,
  signIn,
  user,
} from "../../fixtures/records.ts";
import { type Settling, settled } from "./settling.ts";

const lambda = `lambda:arn:aws:lambda:${region}:${account}:function:support-bot`;
const bystander = declaring([roleArn("nobody")].filter(isRoleArn));
const pod = record({
  eventID: eventId(40),
  eventTime: secondsAfter(5),
  userIdentity: session("bot", "s", sessionKey(23)),
});
const undeclared = async (records: readonly unknown[], how: Settling = { registry: bystander }) =>
  (await settled([[records]], how)).settlement.findings.filter((one) => one.detector === undeclaredId);

describe("undeclaredFindings", () => {
  it("finds a workload that no manifest declares, once, at its first record, with the number of its calls", async () => {
    const calls = [3, 1, 2].map((second) => fromLambda({ eventID: eventId(second), eventTime: secondsAfter(second) }));
    const found = await undeclared([...calls, calls[0]]);
    expect(found).toMatchObject([
      {
        severity: "info",
        family: "identity",
        confidence: "high",
        resource: lambda,
        count: 3,
        eventIDs: [eventId(1)],
        at: Date.parse(secondsAfter(1)),
      },
    ]);
  });

  it("finds one for each identity, also where a link alone names it", async () => {
    const found = await undeclared([fromLambda(), fromServiceAccount(), pod]);
    expect(found.map((one) => one.resource).sort()).toEqual([
      `eks:oidc.eks.${region}.amazonaws.com/id/EXAMPLE/bots/support-bot`,
      lambda,
    ]);
  });

  it("is quiet about what is declared, about people, keys and services, and where nothing is declared at all", async () => {
    expect(await undeclared([fromLambda()], { registry: declaring([roleArn("bot")].filter(isRoleArn)) })).toEqual([]);
    expect(
      await undeclared([
        record(),
        signIn("Success"),
        record({ eventID: eventId(2), userIdentity: { type: "Root", accountId: account } }),
      ]),
    ).toEqual([]);
    const { settlement } = await settled([[[fromLambda()]]]);
    expect(settlement.findings).toEqual([]);
    expect(undeclaredCount(settlement.tally)).toBe(1);
  });

  it("names the same principal whichever of two sessions arrived first, even under one event id", async () => {
    const both = ["one", "two"].map((name, place) =>
      fromLambda({
        awsRegion: place === 0 ? region : "eu-west-1",
        userIdentity: session("bot", name, sessionKey(place), {
          inScopeOf: Object(fromLambda()["userIdentity"])["inScopeOf"],
        }),
      }),
    );
    const [first] = await undeclared(both);
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...both, record({ userIdentity: user(), eventID: eventId(9) })], { minLength: 3 }),
        async (records) => {
          expect(await undeclared(records)).toEqual([first]);
        },
      ),
      { numRuns: 12 },
    );
  });
});
