import { describe, expect, it } from "vitest";
import { instant } from "../../../../core/event/instant.ts";
import { descendantsOf } from "../../../../core/flow/respond/descendants.ts";
import { type Issuance, issuanceOf } from "../../../../core/identity/lineage/issuance.ts";
import { eventOf } from "../../../fixtures/read.ts";

const start = Date.parse("2026-11-20T10:00:00Z");
const time = (minutes: number): string => new Date(start + minutes * 60_000).toISOString().replace(".000Z", "Z");
const target = { arn: "arn:aws:iam::111122223333:role/a", id: "AROAEXAMPLEAAAAAAAAA", account: "111122223333" };
const now = instant(start + 30 * 60_000);

interface Assumed {
  readonly by: { readonly id: string; readonly key: string; readonly account?: string };
  readonly role: string;
  readonly id: string;
  readonly key: string;
  readonly minutes: number;
}

/** One AssumeRole, as the caller's account recorded it; with `copy` as the role's account did. */
function assumed({ by, role, id, key, minutes }: Assumed, copy?: "copy"): Issuance {
  const account = role.split(":")[4] ?? "";
  const call = eventOf({
    eventVersion: "1.11",
    eventID: `${copy ?? "own"}-${key}`,
    sharedEventID: `shared-${key}`,
    eventTime: time(minutes),
    eventSource: "sts.amazonaws.com",
    eventName: "AssumeRole",
    awsRegion: "us-east-1",
    recipientAccountId: copy === undefined ? (by.account ?? "111122223333") : account,
    userIdentity:
      copy === undefined
        ? {
            type: "AssumedRole",
            principalId: by.id,
            arn: `arn:aws:sts::${by.account ?? "111122223333"}:assumed-role/x/${by.id.split(":")[1]}`,
            accountId: by.account ?? "111122223333",
            accessKeyId: by.key,
            sessionContext: { sessionIssuer: { type: "Role", principalId: by.id.split(":")[0], arn: target.arn } },
          }
        : { type: "AWSAccount", principalId: by.id, accountId: by.account ?? "111122223333" },
    requestParameters: { roleArn: role, roleSessionName: id.split(":")[1] },
    responseElements: {
      credentials: { accessKeyId: key, expiration: time(minutes + 60) },
      assumedRoleUser: { assumedRoleId: id, arn: `${role}/s` },
    },
  });
  const issued = call.kind === "api-call" ? issuanceOf(call) : undefined;
  if (issued === undefined) throw new Error("no credential was issued");
  return issued;
}

const b = "arn:aws:iam::111122223333:role/b";
const c = "arn:aws:iam::444455556666:role/c";
const self = { id: `${target.id}:work`, key: "ASIAA000000000000000" };

/** A begins five sessions of B, each of which begins five of C in another account: thirty in all. */
function fanOut(): readonly Issuance[] {
  return [1, 2, 3, 4, 5].flatMap((one) => {
    const first = {
      by: self,
      role: b,
      id: "AROAEXAMPLEBBBBBBBBB:same",
      key: `ASIAB00000000000000${one}`,
      minutes: one,
    };
    const seconds = [1, 2, 3, 4, 5].map(
      (two): Assumed => ({
        by: { id: "AROAEXAMPLEBBBBBBBBB:same", key: first.key },
        ...{ role: c, id: `AROAEXAMPLECCCCCCCCC:s${two}`, key: `ASIAC0000000000000${one}${two}`, minutes: 10 },
      }),
    );
    return [assumed(first), ...seconds.flatMap((one) => [assumed(one, "copy"), assumed(one)])];
  });
}

describe("descendantsOf", () => {
  it("lists every session of a fan-out over two accounts once, with its expiry", () => {
    const found = descendantsOf(target, fanOut(), now);
    expect(found).toHaveLength(30);
    expect(new Set(found.map(({ accessKeyId }) => accessKeyId)).size).toBe(30);
    expect(found.filter(({ hops }) => hops === 2)).toHaveLength(25);
    expect(found.at(-1)).toMatchObject({
      account: "444455556666",
      role: c,
      isAlive: true,
      expires: start + 70 * 60_000,
    });
  });

  it("is the same whatever the order of the records", () => {
    expect(descendantsOf(target, fanOut().toReversed(), now)).toEqual(descendantsOf(target, fanOut(), now));
  });

  it("touches no session of somebody else, not even one of the same role and the same name", () => {
    const other = { id: "AROAEXAMPLEXXXXXXXXX:work", key: "ASIAX000000000000000" };
    const foreign = assumed({
      by: other,
      role: b,
      id: "AROAEXAMPLEBBBBBBBBB:same",
      key: "ASIAB000000000000099",
      minutes: 1,
    });
    const next = assumed({
      by: { id: "AROAEXAMPLEBBBBBBBBB:same", key: "ASIAB000000000000099" },
      ...{ role: c, id: "AROAEXAMPLECCCCCCCCC:x", key: "ASIAC000000000000099", minutes: 2 },
    });
    expect(descendantsOf(target, [...fanOut(), foreign, next], now)).toHaveLength(30);
  });

  it("goes three hops and no further, and not back over a day", () => {
    const chain = [1, 2, 3, 4].map((hop) =>
      assumed({
        by: hop === 1 ? self : { id: `AROAEXAMPLE0000000${hop - 1}:n`, key: `ASIAH00000000000000${hop - 1}` },
        ...{ role: b, id: `AROAEXAMPLE0000000${hop}:n`, key: `ASIAH00000000000000${hop}`, minutes: hop },
      }),
    );
    expect(descendantsOf(target, chain, now).map(({ hops }) => hops)).toEqual([1, 2, 3]);
    expect(descendantsOf(target, chain, instant(start + 26 * 3_600_000))).toEqual([]);
  });

  it("says which are over, and leaves out new sessions of the principal itself", () => {
    const again = assumed({
      by: self,
      role: target.arn,
      id: `${target.id}:two`,
      key: "ASIAA000000000000002",
      minutes: 1,
    });
    const below = assumed({
      by: { id: `${target.id}:two`, key: "ASIAA000000000000002" },
      ...{ role: b, id: "AROAEXAMPLEBBBBBBBBB:z", key: "ASIAB000000000000050", minutes: 2 },
    });
    const late = instant(start + 3 * 3_600_000);
    expect(descendantsOf(target, [again, below], late)).toMatchObject([
      { accessKeyId: "ASIAB000000000000050", hops: 1, isAlive: false },
    ]);
  });
});
