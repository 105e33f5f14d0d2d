import { describe, expect, it } from "vitest";
import { virtualClock } from "../../adapters/memory/clock.ts";
import { seededRandom } from "../../bench/corpus-random.ts";
import { instant } from "../../core/event/instant.ts";
import { revokeDocument } from "../../core/respond/revoke.ts";
import type { Slot } from "../../core/respond/slot.ts";
import { allowAll, mayCall } from "./access.ts";
import { testAccount } from "./account.ts";

const arn = "arn:aws:iam::111122223333:role/support-bot";
const holder = { kind: "role", arn } as const;
const denyAll: Slot = { kind: "attached-policy", holder, policy: "arn:aws:iam::aws:policy/AWSDenyAll" };
const mark = { caseId: "case-1", token: "0".repeat(32) };
const bot = { holder, id: "AROAEXAMPLEBOT000001", account: "111122223333" } as const;

const stage = (over: Partial<Parameters<typeof testAccount>[0]> = {}) => {
  const clock = virtualClock(instant(1_000_000_000));
  const account = testAccount({ clock, random: seededRandom(1), ...over });
  return { clock, account };
};

describe("the test account", () => {
  it("refuses an eleventh attachment, what is AWS's own, and who is gone", async () => {
    const { account } = stage();
    account.add({ ...bot, attached: Array.from({ length: 10 }, (_, n) => `arn:aws:iam::111122223333:policy/p${n}`) });
    const attach = { slot: denyAll, before: null, after: "attached" };
    expect(await account.plane.write(attach, mark)).toMatchObject({ kind: "refused", code: "limit" });
    account.add({ ...bot, unmodifiable: true });
    expect(await account.plane.write(attach, mark)).toMatchObject({ code: "unmodifiable" });
    account.remove(arn);
    expect(await account.plane.write(attach, mark)).toMatchObject({ code: "gone" });
  });

  it("refuses a trust that names somebody deleted", async () => {
    const { account } = stage();
    account.add(bot);
    const trust = {
      Statement: [{ Effect: "Allow", Principal: { AWS: "AROAEXAMPLEOLD0000001" }, Action: "sts:AssumeRole" }],
    };
    const change = { slot: { kind: "trust", role: arn } as const, before: null, after: trust };
    expect(await account.plane.write(change, mark)).toMatchObject({ code: "malformed" });
  });

  it("shows a write only after its delay, and asks for its intent at the call", async () => {
    const asked: string[] = [];
    const { account, clock } = stage({ delay: 4_000, intended: (_, { token }) => asked.push(token) < 0 });
    account.add(bot);
    clock.advance(60_000);
    await account.plane.write({ slot: denyAll, before: null, after: "attached" }, mark);
    expect(account.log).toMatchObject([{ intended: false, effect: true }]);
    clock.advance(4_000);
    expect(await account.plane.read(denyAll)).toBe("attached");
    expect(asked).toEqual([mark.token]);
  });

  it("decides as IAM does: a deny, a boundary, and a revoke of the sessions from before", () => {
    const { account } = stage();
    const rules = { documents: { "arn:aws:iam::111122223333:policy/all": allowAll } };
    account.add({ ...bot, attached: ["arn:aws:iam::111122223333:policy/all"] });
    const ask = (issuedAt: number) =>
      mayCall(account, { arn, issuedAt: instant(issuedAt) }, { action: "s3:ListAllMyBuckets", resource: "*" }, rules);
    expect(ask(1_000)).toBe("Allowed");
    account.set({ kind: "inline-policy", holder, name: "revoke" }, revokeDocument(instant(5_000)));
    expect(ask(1_000)).toBe("ExplicitlyDenied");
    expect(ask(9_000)).toBe("Allowed");
    account.set({ kind: "boundary", holder }, "arn:aws:iam::aws:policy/AWSDenyAll");
    expect(ask(9_000)).toBe("ExplicitlyDenied");
  });
});
