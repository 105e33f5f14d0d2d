import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decodeMasked } from "../../../../core/event/decode.ts";
import { readHead } from "../../../../core/event/head.ts";
import { fields } from "../../../../core/event/json.ts";
import { type Issuance, issuanceOf, issuingApis, issuingFields } from "../../../../core/identity/lineage/issuance.ts";
import { callersCopy } from "../../../../core/identity/lineage/lineage.ts";
import {
  account,
  assumeRole,
  eventId,
  fromServiceAccount,
  otherAccount,
  type RecordObject,
  record,
  session,
  sessionKey,
  user,
} from "../../../fixtures/records.ts";
import { issuedBy } from "../behind.ts";

const shared = eventId(77);
const own = assumeRole(user(), "a", sessionKey(1), { eventID: eventId(5), sharedEventID: shared });
const theirs = assumeRole({ type: "AWSAccount", accountId: account }, "a", sessionKey(1), {
  eventID: eventId(4),
  sharedEventID: shared,
  recipientAccountId: otherAccount,
});
const copies = (...records: readonly RecordObject[]): readonly Issuance[] =>
  records.flatMap((one) => issuedBy(one) ?? []);

describe("issuanceOf", () => {
  it.each(issuingApis.filter((one) => one.startsWith("sts:")))("reads %s", (api) => {
    const found = issuedBy({ ...own, eventName: api.slice("sts:".length) });
    expect(found).toMatchObject({
      accessKeyId: sessionKey(1),
      eventID: eventId(5),
      field: "responseElements.credentials.accessKeyId",
      caller: { kind: "iam-user" },
    });
  });

  it("is silent about a call that was denied, issued nothing or only looks alike", () => {
    expect(issuedBy({ ...own, responseElements: null, errorCode: "AccessDenied" })).toBeUndefined();
    expect(
      issuedBy({ ...own, sharedEventID: null, responseElements: { credentials: { accessKeyId: "not a key" } } }),
    ).toBeUndefined();
    expect(issuedBy({ ...own, eventSource: "sts.example.com" })).toBeUndefined();
    expect(issuedBy({ ...own, eventName: "GetCallerIdentity" })).toBeUndefined();
    expect(issuedBy(record())).toBeUndefined();
  });

  it("names the subject of the response before the user name of the request", () => {
    const claimed = fromServiceAccount({
      userIdentity: { ...fields(fromServiceAccount()["userIdentity"]), userName: "claimed" },
    });
    expect(issuedBy(claimed)?.caller).toMatchObject({
      kind: "web-identity-user",
      subject: "system:serviceaccount:bots:support-bot",
    });
    const silent = { ...claimed, responseElements: { credentials: { accessKeyId: sessionKey(2) } } };
    expect(issuedBy(silent)?.caller).toMatchObject({ subject: "claimed" });
  });
});

describe("issuingFields", () => {
  it("keeps of a record what an issuance is made of, and no secret", () => {
    for (const one of [own, theirs, fromServiceAccount()]) {
      const kept = issuingFields(fields(JSON.parse(JSON.stringify(one))));
      const read = readHead(one);
      if (read.kind !== "read" || kept === undefined) throw new Error("the fixture issues a credential");
      const again = decodeMasked({ ...read.head, body: kept });
      expect(again.kind === "event" && again.event.kind === "api-call" && issuanceOf(again.event)).toEqual(
        issuedBy(one),
      );
      expect(JSON.stringify(kept)).not.toMatch(/"sessionToken":"(?!\*|HIDDEN|\[)/);
    }
  });
});

describe("callersCopy", () => {
  it("is the copy that names the caller, whatever order the copies came in", () => {
    for (const some of [copies(own, theirs), copies(theirs, own)])
      expect(callersCopy(some)).toMatchObject({ eventID: eventId(5), sharedEventID: shared });
  });

  it("gives the shared id only when both copies were seen", () => {
    expect(callersCopy(copies(own))).not.toHaveProperty("sharedEventID");
    expect(callersCopy(copies(theirs))).toMatchObject({ eventID: eventId(4) });
    expect(callersCopy(copies(own, { ...theirs, sharedEventID: eventId(78) }))).not.toHaveProperty("sharedEventID");
    expect(callersCopy([])).toBeUndefined();
  });

  it("does not depend on order or repetition", () => {
    const later = assumeRole(session("x", "s", sessionKey(9)), "a", sessionKey(1), {
      eventID: eventId(1),
      eventTime: "2026-01-31T13:00:00Z",
    });
    const all = copies(own, theirs, later, { ...own, eventID: eventId(6) });
    fc.assert(
      fc.property(fc.shuffledSubarray([...all, ...all], { minLength: 8, maxLength: 8 }), (some) => {
        expect(callersCopy(some)).toEqual(callersCopy(all));
      }),
      { numRuns: 50 },
    );
  });
});
