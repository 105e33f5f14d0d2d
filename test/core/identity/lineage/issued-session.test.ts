import { describe, expect, it } from "vitest";
import { fields, type JsonObject } from "../../../../core/event/json.ts";
import { issuingFields } from "../../../../core/identity/lineage/issuance.ts";
import {
  account,
  assumeRole,
  eventId,
  type RecordObject,
  record,
  secondsAfter,
  session,
  sessionKey,
} from "../../../fixtures/records.ts";
import { attributionOf, issuedBy } from "../behind.ts";

const store = `arn:aws:identitystore::${account}:identitystore/d-1234567890`;
const person = { userId: "94482488-3041-7000-1111-222233334444", identityStoreArn: store };
const subjectArn = `arn:aws:rolesanywhere:us-east-1:${account}:subject/3f1c0000-1111-4222-8333-444455556666`;

/** The application's role asks for a token of the person who signed in to it. */
const tokenFor = (credential: string, over: RecordObject = {}): RecordObject =>
  record({
    eventID: eventId(41),
    eventSource: "sso-oauth.amazonaws.com",
    eventName: "CreateTokenWithIAM",
    userIdentity: session("chat-app", "s", sessionKey(40)),
    requestParameters: { clientId: `arn:aws:sso::${account}:application/ssoins-1/apl-1`, grantType: "jwt-bearer" },
    additionalEventData: { "identitystore:UserId": person.userId, "identitycenter:CredentialId": credential },
    ...over,
  });

const withToken = (credentialId: string): RecordObject =>
  record({ userIdentity: { type: "IdentityCenterUser", accountId: account, onBehalfOf: person, credentialId } });

/** The call by which a machine outside AWS got its role, with the key that STS issued for it. */
const fromCertificate = (over: RecordObject = {}): RecordObject =>
  record({
    eventID: eventId(51),
    eventSource: "rolesanywhere.amazonaws.com",
    eventName: "CreateSession",
    userIdentity: { type: "Unknown", accountId: account },
    requestParameters: { roleArn: `arn:aws:iam::${account}:role/on-prem`, durationSeconds: 3_600 },
    responseElements: {
      credentialSet: [
        {
          assumedRoleUser: { assumedRoleId: "AROACKCEVSQ6C2EXAMPLE:7b2f" },
          credentials: { accessKeyId: sessionKey(50), expiration: "2026-01-31T13:00:00Z" },
          roleArn: `arn:aws:iam::${account}:role/on-prem`,
          sourceIdentity: "CN=build-7",
        },
      ],
      subjectArn,
    },
    ...over,
  });

describe("sessionIn", () => {
  it("reads a source identity that the provider set and only the answer shows, also from what lineage keeps", () => {
    const answered = assumeRole(session("a", "s", sessionKey(1)), "b", sessionKey(2));
    const one = { ...answered, responseElements: { ...fields(answered["responseElements"]), sourceIdentity: "ana" } };
    expect(issuedBy(one)?.session.sourceIdentity).toBe("ana");
    expect(fields(issuingFields(one as JsonObject)?.["responseElements"])["sourceIdentity"]).toBe("ana");
  });

  it("reads the bearer token that an application asked for, and the application", () => {
    expect(issuedBy(tokenFor("tok-1"))).toMatchObject({
      field: "additionalEventData.identitycenter:CredentialId",
      session: { credential: "tok-1", client: `arn:aws:sso::${account}:application/ssoins-1/apl-1` },
    });
    expect(issuedBy(tokenFor("tok-1", { additionalEventData: {} }))).toBeUndefined();
  });

  it("loses none of it when only the fields of an issuing call are kept", () => {
    for (const one of [tokenFor("tok-1"), fromCertificate()]) {
      const kept = issuingFields(fields(JSON.parse(JSON.stringify(one))));
      const { session: made } =
        issuedBy({ ...record(), ...kept, eventSource: one["eventSource"], eventName: one["eventName"] }) ?? {};
      expect(made).toEqual(issuedBy(one)?.session);
    }
  });

  it("joins calls with a bearer token to the application that asked for it, by the token's id alone", () => {
    const { hops } = attributionOf(withToken("tok-1"), [tokenFor("tok-1")]);
    expect(hops.map((one) => one.principal)).toEqual([
      expect.any(String),
      `arn:aws:sts::${account}:assumed-role/chat-app/s`,
    ]);
    expect(attributionOf(withToken("tok-2"), [tokenFor("tok-1")]).hops).toHaveLength(1);
    const twice = [tokenFor("tok-1"), tokenFor("tok-1", { eventID: eventId(42) })];
    expect(attributionOf(withToken("tok-1"), twice).hops, "two candidates are none").toHaveLength(1);
  });

  it("takes Roles Anywhere's own record before that of the key which STS issued for it", () => {
    const byService = assumeRole(
      { type: "AWSService", invokedBy: "rolesanywhere.amazonaws.com" },
      "on-prem",
      sessionKey(50),
      { eventID: eventId(52), eventTime: secondsAfter(-1) },
    );
    const call = record({ userIdentity: session("on-prem", "7b2f", sessionKey(50)) });
    for (const some of [
      [fromCertificate(), byService],
      [byService, fromCertificate()],
    ])
      expect(attributionOf(call, some).hops[0]).toMatchObject({
        eventID: eventId(51),
        field: "responseElements.credentialSet[0].credentials.accessKeyId",
        sourceIdentity: "CN=build-7",
      });
    expect(issuedBy(fromCertificate())).toMatchObject({ session: { subjectArn, role: expect.any(String) } });
  });
});
