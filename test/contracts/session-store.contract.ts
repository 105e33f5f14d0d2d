import { expect, it } from "vitest";
import type { EventId } from "../../core/event/event.ts";
import { instant } from "../../core/event/instant.ts";
import type { AccessKeyId } from "../../core/iam/identifiers.ts";
import { longestSession, type SessionStore, type StoredIssuance } from "../../core/identity/session-store.ts";
import { accessKey, eventId } from "./examples.ts";

const at = Date.parse("2026-11-20T10:00:00Z");
const child: AccessKeyId = accessKey("ASIAIOSFODNN7EXAMPLE");

const callers: StoredIssuance = {
  schema: 1,
  api: "sts:AssumeRole",
  session: { tags: {}, inherited: {}, policyArns: [], contexts: [] },
  accessKeyId: child,
  parent: accessKey("AKIAIOSFODNN7EXAMPLE"),
  caller: {
    kind: "iam-user",
    arn: "arn:aws:iam::111122223333:user/u",
    accessKeyId: accessKey("AKIAIOSFODNN7EXAMPLE"),
  },
  eventID: eventId("b"),
  field: "responseElements.credentials.accessKeyId",
  at: instant(at),
  region: "us-east-1",
  expires: instant(at + 3_600_000),
  sharedEventID: "shared",
};
const owners: StoredIssuance = { ...callers, caller: { kind: "aws-account" }, eventID: eventId("a") };

/** What every session store must do, whatever it is made of. */
export function sessionStoreContract(make: () => SessionStore): void {
  it("finds a link by the issued key, and nothing for another key", async () => {
    const store = make();
    expect(await store.put(callers)).toBe("written");
    expect(await store.find(child)).toEqual(callers);
    expect(await store.find(accessKey("ASIAI44QH8DHBEXAMPLE"))).toBeUndefined();
  });
  it("writes once, however often the same link is seen", async () => {
    const store = make();
    await store.put(callers);
    expect(await store.put(callers)).toBe("known");
    expect(await store.put(callers)).toBe("known");
    expect(await store.find(child)).toEqual(callers);
  });
  it("keeps the caller's copy of a call recorded in two accounts, whichever came first", async () => {
    for (const order of [
      [callers, owners],
      [owners, callers],
    ]) {
      const store = make();
      for (const one of order) await store.put(one);
      expect(await store.find(child)).toEqual(callers);
    }
  });
  it("prefers the earlier record, then the smaller event id, whatever the order", async () => {
    const earlier: StoredIssuance = { ...callers, at: instant(at - 1), eventID: eventId("z") };
    const smaller: StoredIssuance = { ...callers, eventID: eventId("0") };
    for (const order of [
      [callers, smaller, earlier],
      [earlier, smaller, callers],
      [smaller, earlier, callers],
    ]) {
      const store = make();
      for (const one of order) await store.put(one);
      expect(await store.find(child)).toEqual(earlier);
    }
  });
  it("keeps a link for 36 hours of event time after its expiry, and no longer when told the horizon", async () => {
    const store = make();
    await store.put(callers);
    const kept = at + 3_600_000 + longestSession;
    expect(await store.evict(instant(kept))).toBe(0);
    expect(await store.find(child)).toEqual(callers);
    expect(await store.evict(instant(kept + 1))).toBe(1);
    expect(await store.find(child)).toBeUndefined();
  });
  it("refuses nothing that an event id may hold", async () => {
    const store = make();
    const odd: EventId = eventId(`'); DROP TABLE sessions; -- ${"\u202e"}`);
    await store.put({ ...callers, eventID: odd });
    expect((await store.find(child))?.eventID).toBe(odd);
  });
}
