import { expect, it } from "vitest";
import type { EventId } from "../../core/event/event.ts";
import { instant } from "../../core/event/instant.ts";
import type { AccessKeyId } from "../../core/iam/identifiers.ts";
import type { Issuance } from "../../core/identity/lineage/issuance.ts";
import {
  issuanceLinks,
  longestSession,
  mostLinks,
  placementLinks,
  type SessionStore,
} from "../../core/identity/lineage/session-store.ts";
import type { Placement } from "../../core/identity/placement.ts";
import { accessKey, eventId } from "./examples.ts";

const at = Date.parse("2026-11-20T10:00:00Z");
const child: AccessKeyId = accessKey("ASIAIOSFODNN7EXAMPLE");
const key = `key ${child}`;
const day = 86_400_000;

/** An issuing call as its caller's account recorded it; the other copy names an account only. */
export const callers: Issuance = {
  api: "sts:AssumeRole",
  session: { id: "AROACKCEVSQ6C2EXAMPLE:s", tags: {}, inherited: {}, policyArns: [], contexts: [] },
  accessKeyId: child,
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
const owners: Issuance = { ...callers, caller: { kind: "aws-account" }, eventID: eventId("a") };

const placement: Placement = {
  kind: "ec2-instance",
  resource: "i-0abcd1234ef567890",
  run: "i-0abcd1234ef567890",
  role: "arn:aws:iam::111122223333:role/node",
  eventID: "p",
  field: "responseElements.instancesSet",
  at: instant(at),
  account: "111122223333",
  region: "us-east-1",
  by: "arn:aws:iam::111122223333:user/u",
};
const role = `role ${placement.role}`;
const run = "run ec2-instance 111122223333 i-0abcd1234ef567890";

/** What every session store must do, whatever it is made of. */
export function sessionStoreContract(make: () => SessionStore): void {
  const issuancesIn = async (store: SessionStore, under = key) =>
    ((await store.find([under])).get(under) ?? []).map((one) => one.kind === "issuance" && one.issuance);
  const placementsIn = async (store: SessionStore, under: string) =>
    ((await store.find([under])).get(under) ?? []).map((one) => one.kind === "placement" && one.placement);

  it("finds a link under each of its keys, several keys at once, and nothing under another", async () => {
    const store = make();
    const links = issuanceLinks(callers);
    expect(links.map((link) => link.key)).toEqual([key, `session AROACKCEVSQ6C2EXAMPLE:s@${at / 60_000}`]);
    await store.put(links);
    const found = await store.find([...links.map((link) => link.key), "key ASIAI44QH8DHBEXAMPLE"]);
    for (const link of links) expect(found.get(link.key)).toEqual([link]);
    expect(found.get("key ASIAI44QH8DHBEXAMPLE") ?? []).toEqual([]);
    expect((await store.find([])).size).toBe(0);
  });
  it("answers a write with all that is then under its keys, also what others wrote", async () => {
    const store = make();
    await store.put(issuanceLinks(owners));
    const answer = await store.put(issuanceLinks(callers));
    expect(answer.get(key)).toEqual((await store.find([key])).get(key));
    expect(answer.get(key)).toHaveLength(2);
    expect(await store.put(issuanceLinks(callers))).toEqual(answer);
  });
  it("keeps both copies of a call recorded in two accounts, in one order, whichever came first and however often", async () => {
    for (const order of [
      [callers, owners, callers],
      [owners, callers, owners],
    ]) {
      const store = make();
      for (const one of order) await store.put(issuanceLinks(one));
      expect(await issuancesIn(store)).toEqual([owners, callers]);
    }
  });
  it("keeps the fuller of two copies of one record, whichever came first", async () => {
    const { expires: _, ...poorer } = callers;
    for (const order of [
      [callers, poorer],
      [poorer, callers],
    ]) {
      const store = make();
      for (const one of order) await store.put(issuanceLinks(one));
      expect(await issuancesIn(store)).toEqual([callers]);
    }
  });
  it("finds a placement by its run and by its role, a resource once, by its earliest record", async () => {
    const later: Placement = { ...placement, at: instant(at + 1), eventID: "later" };
    for (const order of [
      [placement, later],
      [later, placement],
    ]) {
      const store = make();
      for (const one of order) await store.put(placementLinks(one));
      expect(await placementsIn(store, role)).toEqual([placement]);
      expect(await placementsIn(store, run)).toEqual([placement, later]);
    }
  });
  it("keeps a bounded list of a role's resources, the same ones in any order", async () => {
    const many = Array.from({ length: mostLinks(role) + 5 }, (_, n): Placement => {
      const { run: _run, ...lasting } = placement;
      return { ...lasting, resource: `i-${String(n).padStart(17, "0")}`, eventID: `p${n}` };
    });
    for (const order of [many, many.toReversed()]) {
      const store = make();
      for (const one of order) await store.put(placementLinks(one));
      expect(await placementsIn(store, role)).toEqual(many.slice(0, mostLinks(role)));
    }
  });
  it("keeps an issuing call for 36 hours of event time after its expiry, and no longer when told the horizon", async () => {
    const store = make();
    await store.put(issuanceLinks(callers));
    const kept = at + 3_600_000 + longestSession;
    expect(await store.evict(instant(kept))).toBe(0);
    expect(await issuancesIn(store)).toEqual([callers]);
    expect(await store.evict(instant(kept + 1))).toBe(2);
    expect(await issuancesIn(store)).toEqual([]);
  });
  it("keeps a run for 90 days and a role's resource for 400", async () => {
    const store = make();
    await store.put(placementLinks(placement));
    expect(await store.evict(instant(at + 90 * day))).toBe(0);
    expect(await store.evict(instant(at + 90 * day + 1))).toBe(1);
    expect(await placementsIn(store, run)).toEqual([]);
    expect(await placementsIn(store, role)).toEqual([placement]);
    expect(await store.evict(instant(at + 400 * day + 1))).toBe(1);
  });
  it("refuses nothing that an id or a key may hold", async () => {
    const store = make();
    const odd: EventId = eventId(`'); DROP TABLE links; -- ${"\u202e"}`);
    const strange = { ...callers, eventID: odd, session: { ...callers.session, signIn: `arn:"%_'${"\u0000"}` } };
    await store.put(issuanceLinks(strange));
    expect(await issuancesIn(store)).toEqual([strange]);
    expect(await issuancesIn(store, `sign-in ${strange.session.signIn}`)).toEqual([strange]);
  });
}
