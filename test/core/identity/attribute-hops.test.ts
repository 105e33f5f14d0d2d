import { describe, expect, it } from "vitest";
import { maxHops } from "../../../core/identity/lineage/chain.ts";
import {
  account,
  assumeRole,
  chain,
  eventId,
  exampleKey,
  fromServiceAccount,
  otherAccount,
  record,
  serviceEvent,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { attributionOf } from "./behind.ts";

const [, , read = record()] = chain();

describe("hops", () => {
  it("has one for each issuing call and one for the far end, each with the event and field that issued it", () => {
    const { hops, root } = attributionOf(read, chain());
    const field = "responseElements.credentials.accessKeyId";
    expect(hops).toEqual([
      {
        principal: `arn:aws:sts::${account}:assumed-role/b/s`,
        accessKeyId: sessionKey(2),
        eventID: eventId(12),
        field,
      },
      {
        principal: `arn:aws:sts::${account}:assumed-role/a/s`,
        accessKeyId: sessionKey(1),
        eventID: eventId(11),
        field,
      },
      {
        principal: `arn:aws:iam::${account}:user/trainer`,
        accessKeyId: exampleKey,
        eventID: null,
        end: "long-term-key",
      },
    ]);
    expect(root).toEqual({ kind: "unknown", id: `user:arn:aws:iam::${account}:user/trainer` });
  });

  it.each([
    ["long-term-key", record()],
    ["service", serviceEvent()],
    ["federation", fromServiceAccount()],
    [
      "sign-in",
      record({
        userIdentity: {
          type: "IdentityCenterUser",
          accountId: account,
          onBehalfOf: { userId: "u", identityStoreArn: "arn:aws:identitystore::111122223333:identitystore/d-1" },
        },
      }),
    ],
    ["not-seen", record({ userIdentity: session("a", "s", sessionKey(1)) })],
    ["not-seen", record({ userIdentity: { type: "AWSAccount", accountId: otherAccount } })],
    ["not-seen", record({ userIdentity: user({ accessKeyId: undefined }) })],
  ] as const)("ends with %s", (end, one) => {
    const { hops } = attributionOf(one);
    expect(hops).toHaveLength(1);
    expect(hops[0]).toMatchObject({ eventID: null, end });
    expect(hops[0]?.accessKeyId === null || typeof hops[0]?.accessKeyId === "string").toBe(true);
  });

  it("names the subject that the provider proved behind a service account's session", () => {
    const pod = record({ userIdentity: session("bot", "s", sessionKey(23)) });
    const issued = fromServiceAccount({
      userIdentity: { ...Object(fromServiceAccount()["userIdentity"]), userName: "system:serviceaccount:bots:forged" },
    });
    const found = attributionOf(pod, [issued]);
    expect(found).toMatchObject({ kind: "workload", class: "linked", confidence: "high", declared: false });
    expect(found).toMatchObject({
      id: "eks:oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE/bots/support-bot",
      hops: [{ eventID: eventId(23) }, { accessKeyId: null, end: "federation" }],
    });
  });

  it("prefers the caller's copy of a call recorded in two accounts, and gives the id both share", () => {
    const shared = { sharedEventID: eventId(77) };
    const own = assumeRole(user(), "a", sessionKey(1), { ...shared, eventID: eventId(50) });
    const theirs = assumeRole(
      { type: "AWSAccount", principalId: "AIDACKCEVSQ6C2EXAMPLE", accountId: account },
      "a",
      sessionKey(1),
      { ...shared, eventID: eventId(40), recipientAccountId: otherAccount },
    );
    const call = record({ userIdentity: session("a", "s", sessionKey(1)) });
    for (const among of [
      [own, theirs],
      [theirs, own],
    ])
      expect(attributionOf(call, among).hops).toMatchObject([
        { eventID: eventId(50), sharedEventID: eventId(77) },
        { end: "long-term-key" },
      ]);
    expect(attributionOf(call, [own]).hops[0]).not.toHaveProperty("sharedEventID");
    expect(attributionOf(call, [theirs])).toMatchObject({
      kind: "external",
      id: `account:${account}`,
      hops: [{ eventID: eventId(40) }, { end: "not-seen" }],
    });
  });

  it("ends a cycle, and cuts a chain that is longer than any real one", () => {
    const circle = [
      assumeRole(session("a", "s", sessionKey(1)), "b", sessionKey(2)),
      assumeRole(session("b", "s", sessionKey(2)), "a", sessionKey(1), { eventID: eventId(2) }),
    ];
    const { hops } = attributionOf(record({ userIdentity: session("a", "s", sessionKey(1)) }), circle);
    expect(hops.map((hop) => hop.accessKeyId)).toEqual([sessionKey(1), sessionKey(2), sessionKey(1)]);
    expect(hops.at(-1)).toMatchObject({ eventID: null, end: "not-seen" });
    const long = Array.from({ length: 40 }, (_, n) =>
      assumeRole(session("r", "s", sessionKey(n)), "r", sessionKey(n + 1), { eventID: eventId(n) }),
    );
    const cut = attributionOf(record({ userIdentity: session("r", "s", sessionKey(40)) }), long);
    expect(cut.hops).toHaveLength(maxHops + 1);
    expect(cut.hops.at(-1)).toMatchObject({ eventID: null, end: "not-seen" });
  });
});
