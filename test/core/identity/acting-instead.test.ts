import { describe, expect, it } from "vitest";
import {
  account,
  assumeRole,
  eventId,
  otherAccount,
  record,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { attributionOf } from "./behind.ts";
import { registryFrom, workload } from "./manifest/manifest-examples.ts";

const delegated = { invokedByDelegate: { accountId: otherAccount } };
const reserved = (over = {}) =>
  session("AWSReservedSSO_Admin_0123456789abcdef", "alice@example.com", sessionKey(1), {
    sessionContext: {
      sessionIssuer: {
        arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0123456789abcdef`,
      },
      attributes: { creationDate: "2026-01-31T11:55:00Z" },
    },
    ...over,
  });

describe("who acts in another's place", () => {
  it("given access that a person delegated, names the third party and neither contests it nor blames the person", () =>
    expect(attributionOf(record({ userIdentity: reserved(delegated) }))).toMatchObject({
      kind: "external",
      id: `account:${otherAccount}`,
      class: "asserted",
      root: { kind: "external", id: `account:${otherAccount}` },
    }));

  it("given the same session without a delegate, names the person", () =>
    expect(attributionOf(record({ userIdentity: reserved() }))).toMatchObject({
      kind: "person",
      id: "sso:-/alice@example.com",
    }));

  it("given a role that the third party took with it, is still begun by the third party", () => {
    const taken = assumeRole(reserved(delegated), "deploy", sessionKey(2), { sharedEventID: undefined });
    expect(attributionOf(record({ userIdentity: session("deploy", "s", sessionKey(2)) }), [taken])).toMatchObject({
      kind: "external",
      class: "linked",
      root: { kind: "external", id: `account:${otherAccount}` },
    });
  });

  it("given a chain behind the delegated session, does not look behind it for the root", () => {
    const begun = assumeRole(user(), "bot", sessionKey(2), { sharedEventID: undefined });
    const call = record({ userIdentity: session("bot", "s", sessionKey(2), delegated) });
    const registry = registryFrom(workload("ci", `- userArn: arn:aws:iam::${account}:user/trainer`));
    expect(attributionOf(call, [begun], registry).root).toEqual({ kind: "external", id: `account:${otherAccount}` });
  });
});

describe("the root user's sessions", () => {
  const root = (over = {}) => ({
    type: "Root",
    principalId: account,
    arn: `arn:aws:iam::${account}:root`,
    accountId: account,
    ...over,
  });
  const assumed = root({ accessKeyId: sessionKey(5), sessionContext: { assumedRoot: "true" } });

  it("given a session of AssumeRoot, names who asked for it", () => {
    const asked = record({
      eventID: eventId(2),
      eventSource: "sts.amazonaws.com",
      eventName: "AssumeRoot",
      userIdentity: session("security", "alice", sessionKey(4), { accountId: otherAccount }),
      requestParameters: {
        targetPrincipal: account,
        taskPolicyArn: { arn: "arn:aws:iam::aws:policy/root-task/S3UnlockBucketPolicy" },
      },
      responseElements: { credentials: { accessKeyId: sessionKey(5), sessionToken: "opaque" } },
    });
    const registry = registryFrom(workload("keeper", `- roleArn: arn:aws:iam::${account}:role/security`));
    expect(attributionOf(record({ userIdentity: assumed }), [asked], registry)).toMatchObject({
      kind: "workload",
      id: "keeper",
      root: { kind: "workload", id: "keeper" },
    });
    expect(attributionOf(record({ userIdentity: assumed }), [asked])).toMatchObject({
      kind: "unattributed",
      root: { kind: "unknown", id: `role:arn:aws:iam::${account}:role/security` },
    });
  });

  it("given no record of who asked, is nobody's, and least of all the root person's", () =>
    expect(attributionOf(record({ userIdentity: assumed }))).toMatchObject({
      kind: "unattributed",
      id: `root:${account}`,
      because: "AssumeRoot gave out this root session, and the call that issued the session is not in these records",
    }));
});

it("given a long-term Bedrock key, ends the chain there", () => {
  const bearer = { additionalEventData: { callWithBearerToken: true } };
  const keyOf = (accessKeyId: string | undefined) =>
    attributionOf(record({ userIdentity: user({ accessKeyId }), ...bearer })).hops;
  expect(keyOf(undefined)).toMatchObject([{ end: "long-term-key" }]);
  expect(keyOf(sessionKey(7))).toMatchObject([{ end: "not-seen" }]);
});

describe("a service in between", () => {
  it("given a call that a service made for a role, says through which, and keeps the role's name", () => {
    const registry = registryFrom(workload("analyst", `- roleArn: arn:aws:iam::${account}:role/bot`));
    const through = (invokedBy: string) =>
      attributionOf(record({ userIdentity: session("bot", "s", sessionKey(1), { invokedBy }) }), [], registry);
    expect(through("athena.amazonaws.com")).toMatchObject({ kind: "workload", id: "analyst", class: "indexed" });
    expect(through("athena.amazonaws.com").because).toContain("made by athena.amazonaws.com for it");
    expect(through("AWS Internal").because).not.toContain("made by");
  });
});
