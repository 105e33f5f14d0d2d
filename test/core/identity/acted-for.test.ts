import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../core/event/json.ts";
import {
  account,
  assumeRole,
  eventId,
  fromServiceAccount,
  type RecordObject,
  record,
  session,
  sessionKey,
} from "../../fixtures/records.ts";
import { attributionOf, manifestOf } from "./behind.ts";

const store = `arn:aws:identitystore::${account}:identitystore/d-1234567890`;
const onBehalfOf = { userId: "94482488-3041-7000-1111-222233334444", identityStoreArn: store };
const person = `sso:${store}/${onBehalfOf.userId}`;
const functionArn = `arn:aws:lambda:us-east-1:${account}:function:support-bot`;
const inScopeOf = { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: functionArn };

const permissionSet = (name: string, key?: string): JsonObject => {
  const { accessKeyId: _, ...keyless } = session("AWSReservedSSO_Dev_0123456789abcdef", name, sessionKey(1));
  const arn = `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Dev_0123456789abcdef`;
  return {
    ...keyless,
    ...(key === undefined ? {} : { accessKeyId: key }),
    sessionContext: {
      sessionIssuer: { type: "Role", arn, accountId: account },
      attributes: { creationDate: "2026-01-31T11:55:00Z", mfaAuthenticated: "false" },
    },
  };
};

const oauth = (caller: JsonObject, over: RecordObject = {}): RecordObject =>
  record({
    eventID: eventId(61),
    eventSource: "signin.amazonaws.com",
    eventName: "CreateOAuth2Token",
    userIdentity: caller,
    requestParameters: { client_id: "arn:aws:signin:::devtools/same-device" },
    ...over,
  });

describe("whom a call was for", () => {
  it("is said beside the workload that ran it, which stays the answer", () => {
    const call = record({ userIdentity: session("bot", "support-bot", sessionKey(1), { inScopeOf, onBehalfOf }) });
    const found = attributionOf(call);
    expect(found).toMatchObject({ kind: "workload", id: `lambda:${functionArn}`, class: "asserted" });
    expect(found.because).toContain(`it acted for ${person}`);
    expect(found.hops[0]).toMatchObject({ actedFor: person });
    expect(found.root).toEqual({ kind: "workload", id: `lambda:${functionArn}` });
  });

  it("stays beside a workload that only a manifest or an issuing call names", () => {
    const call = record({ userIdentity: session("bot", "s", sessionKey(1), { onBehalfOf }) });
    expect(attributionOf(call, [], manifestOf("bot"))).toMatchObject({ kind: "workload", id: "declared-0" });
    const caller = session("web", "f", sessionKey(2), { inScopeOf });
    expect(attributionOf(call, [assumeRole(caller, "bot", sessionKey(1))])).toMatchObject({
      kind: "workload",
      class: "linked",
      id: `lambda:${functionArn}`,
    });
  });

  it("is the answer where nothing but a role, a guess or a service acted", () => {
    const bare = record({ userIdentity: session("bot", "i-0123456789abcdef0", sessionKey(1), { onBehalfOf }) });
    expect(attributionOf(bare)).toMatchObject({ kind: "person", id: person, class: "asserted", confidence: "high" });
    const service = { type: "AWSService", invokedBy: "qbusiness.amazonaws.com", onBehalfOf };
    const found = attributionOf(record({ userIdentity: service }));
    expect(found).toMatchObject({ kind: "person", id: person, root: { kind: "person", id: person } });
    expect(found.because).not.toContain("acted for");
  });
});

describe("an OAuth client", () => {
  it("is named beside the person who signed in for it", () => {
    const signedIn = permissionSet("alex@example.com");
    const call = record({ userIdentity: permissionSet("alex@example.com", sessionKey(5)) });
    const found = attributionOf(call, [oauth(signedIn)]);
    expect(found).toMatchObject({ kind: "person", id: "sso:-/alex@example.com" });
    expect(found.because).toContain("asked through OAuth client arn:aws:signin:::devtools/same-device");
    expect(found.hops).toMatchObject([{ client: "arn:aws:signin:::devtools/same-device" }, { end: "sign-in" }]);
  });

  it("has its name cut and masked, for it chose it", () => {
    const call = record({ userIdentity: permissionSet("alex@example.com", sessionKey(5)) });
    const long = oauth(permissionSet("alex@example.com"), { requestParameters: { client_id: "x".repeat(5_000) } });
    expect(attributionOf(call, [long]).because.length).toBeLessThan(500);
  });
});

describe("the record that issues a session to a service account", () => {
  it("names the account by what AWS answered", () => {
    expect(attributionOf(fromServiceAccount())).toMatchObject({
      kind: "workload",
      id: "eks:oidc.eks.us-east-1.amazonaws.com/id/EXAMPLE/bots/support-bot",
      class: "asserted",
    });
  });
});
