import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  accountHistory,
  type InitialState,
  mostHolders,
  nothingInitial,
} from "../../../../core/iam/account/account-history.ts";
import { readAccountState } from "../../../../core/iam/account/account-state.ts";
import type { IamChange, IamWrite } from "../../../../core/iam/account/iam-change.ts";
import type { KnownIdentity } from "../../../../core/iam/account/known-identity.ts";
import { readOrganization } from "../../../../core/iam/account/org-reader.ts";
import { writeLog } from "../../../../core/iam/account/write-log.ts";
import { details, inline, managedPolicy, roleDetail, userDetail } from "../../../fixtures/account-details.ts";
import { organizationFile } from "../../../fixtures/organization.ts";

const account = "111122223333";
const role = `arn:aws:iam::${account}:role/bot`;
const pathed = `arn:aws:iam::${account}:role/ai/bot`;
const user = `arn:aws:iam::${account}:user/ana`;
const group = `arn:aws:iam::${account}:group/ops`;
const policy = `arn:aws:iam::${account}:policy/own`;
const other = `arn:aws:iam::${account}:policy/other`;
const allowing = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
});
const write = (at: number, change: IamChange, id = `e${at}`): IamWrite => ({ schema: 1, at, id, change });
const made = (identity: string): IamChange => ({ kind: "created", identity, tags: {}, furnished: false });
const at = (time: number, id = "") => ({ at: time, id });

const history = (writes: readonly IamWrite[], initial: InitialState = nothingInitial) => {
  const log = writeLog();
  for (const one of writes) log.add(one);
  return accountHistory(initial, log.of);
};

function known(writes: readonly IamWrite[], arn: string, time: number, initial = nothingInitial): KnownIdentity {
  const found = history(writes, initial).identityBefore(arn, at(time));
  if (found.kind !== "known") throw new Error(`${arn} is ${found.kind}`);
  return found.identity;
}

const names = ({ policies }: KnownIdentity): readonly string[] => policies.identity.map(({ name }) => name);
const actions = ({ policies }: KnownIdentity): readonly string[] =>
  policies.identity.flatMap(({ document }) => document.statements.flatMap((one) => one.actions.patterns));

describe("an identity from the writes of it", () => {
  const writes = [
    write(1, made(pathed)),
    write(2, { kind: "policy-created", policy, document: allowing("s3:*") }),
    write(3, { kind: "attached", identity: role, policy }),
    write(4, { kind: "inline-put", identity: role, name: "p", document: allowing("sqs:*") }),
    write(5, { kind: "version-created", policy, version: "v2", isDefault: true, document: allowing("iam:*") }),
    write(6, { kind: "boundary-put", identity: role, policy: other }),
    write(7, { kind: "detached", identity: role, policy }),
    write(8, { kind: "deleted", identity: role }),
  ];

  it("is found by its name without a path, and told with it", () => {
    expect(known(writes, role, 2)).toMatchObject({ arn: pathed, extent: "whole", boundary: { kind: "none" } });
  });

  it("is told as it was just before each of them", () => {
    expect(actions(known(writes, role, 3))).toEqual([]);
    expect(actions(known(writes, role, 4))).toEqual(["s3:*"]);
    expect(actions(known(writes, role, 5))).toEqual(["sqs:*", "s3:*"]);
    expect(actions(known(writes, role, 6))).toEqual(["sqs:*", "iam:*"]);
    expect(known(writes, role, 7)).toMatchObject({
      boundary: { kind: "policy", arn: other },
      policies: { missing: [other] },
    });
    expect(actions(known(writes, role, 8))).toEqual(["sqs:*"]);
    expect(history(writes).identityBefore(role, at(9))).toEqual({ kind: "gone" });
    expect(history(writes).identityBefore(role, at(0))).toEqual({ kind: "unseen" });
  });

  it("is known in part where its making was not seen, and its boundary not at all", () => {
    const found = history(writes.slice(2)).identityBefore(role, at(5));
    expect(found).toMatchObject({ kind: "known", from: "writes" });
    expect(known(writes.slice(2), role, 5)).toMatchObject({
      arn: role,
      extent: "part",
      boundary: { kind: "unknown" },
      policies: { missing: [policy] },
    });
  });

  it("counts its making in the same second as before, and other writes of that second by their ids", () => {
    const second = [
      write(5, made(role), "z"),
      write(5, { kind: "attached", identity: role, policy }, "b"),
      write(5, { kind: "attached", identity: role, policy: other }, "d"),
    ];
    expect(known(second, role, 6).policies.missing).toEqual([policy, other]);
    const seen = history(second).identityBefore(role, at(5, "c"));
    expect(seen.kind === "known" && seen.identity.policies.missing).toEqual([policy]);
    expect(history(second).identityBefore(role, at(5, "z")).kind).toBe("unseen");
  });

  it("names an inline policy that cannot be read", () => {
    const broken = [write(1, made(role)), write(2, { kind: "inline-put", identity: role, name: "p", document: "{" })];
    expect(known(broken, role, 3)).toMatchObject({ policies: { identity: [], missing: ["p"] } });
  });

  it("has its groups' policies, as they were then, and knows which are its own", () => {
    const members = [
      write(1, made(group)),
      write(2, made(user)),
      write(3, { kind: "joined", identity: user, group: "ops" }),
      write(4, { kind: "inline-put", identity: group, name: "p", document: allowing("s3:*") }),
      write(5, { kind: "inline-put", identity: user, name: "p", document: allowing("sqs:*") }),
      write(6, { kind: "left", identity: user, group: "ops" }),
    ];
    expect(actions(known(members, user, 4))).toEqual([]);
    expect(actions(known(members, user, 6))).toEqual(["sqs:*", "s3:*"]);
    expect(known(members, user, 6)).toMatchObject({ groups: ["ops"], own: { inline: ["p"] }, extent: "whole" });
    expect(actions(known(members, user, 7))).toEqual(["sqs:*"]);
    expect(known(members.slice(1), user, 4)).toMatchObject({ extent: "part", policies: { missing: ["group/ops"] } });
  });

  it("follows a user to another name", () => {
    const eve = `arn:aws:iam::${account}:user/eve`;
    const moved = [
      write(1, made(user)),
      write(2, { kind: "inline-put", identity: user, name: "p", document: allowing("s3:*") }),
      write(3, { kind: "renamed", identity: user, to: eve }),
      write(4, { kind: "renamed", identity: eve, to: user }),
    ];
    expect(known(moved, eve, 4)).toMatchObject({ arn: eve, extent: "whole" });
    expect(names(known(moved, eve, 4))).toEqual(["p"]);
    expect(history(moved).identityBefore(user, at(4)).kind).toBe("gone");
    expect(history(moved).identityBefore(user, at(5)).kind).toBe("known");
  });

  it("knows trust, tags and the longest session", () => {
    const trust = {
      Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
    };
    const told = [
      write(1, { kind: "created", identity: role, trust, tags: { a: "1" }, maxSessionSeconds: 3600, furnished: false }),
      write(2, { kind: "tagged", identity: role, tags: { b: "2" } }),
      write(3, { kind: "untagged", identity: role, keys: ["a"] }),
      write(4, { kind: "session-set", identity: role, seconds: 7200 }),
      write(5, { kind: "trust-put", identity: role, document: "{" }),
    ];
    expect(known(told, role, 2)).toMatchObject({ tags: { a: "1" }, maxSessionSeconds: 3600 });
    expect(known(told, role, 2).trust?.statements).toHaveLength(1);
    expect(known(told, role, 5)).toMatchObject({ tags: { b: "2" }, maxSessionSeconds: 7200 });
    expect(known(told, role, 6).trust).toBeUndefined();
  });
});

describe("an identity from an account state", () => {
  const second = (time: string) => Date.parse(time);
  const stateWith = (over: Parameters<typeof roleDetail>[1]): InitialState => ({
    accounts: readAccountState([
      {
        file: "iam.json",
        value: details({
          roles: [roleDetail("bot", over)],
          users: [userDetail("ana", { CreateDate: "2026-01-31T00:00:00Z" })],
          policies: [managedPolicy(policy, [{ Effect: "Allow", Action: "s3:*", Resource: "*" }])],
        }),
      },
    ]).state,
  });
  const initial = stateWith({
    AttachedManagedPolicies: [{ PolicyArn: policy }],
    RolePolicyList: [inline("p", { Effect: "Allow", Action: "sqs:*", Resource: "*" })],
  });
  const later = second("2026-02-01T00:00:00Z");
  const earlier = second("2026-01-30T00:00:00Z");

  it("goes on from it with what was written since", () => {
    const writes = [write(later, { kind: "detached", identity: role, policy })];
    expect(actions(known(writes, role, later, initial))).toEqual(["sqs:*", "s3:*"]);
    expect(actions(known(writes, role, later + 1, initial))).toEqual(["sqs:*"]);
    expect(history(writes, initial).identityBefore(role, at(later + 1))).toMatchObject({
      from: "account-state-and-writes",
    });
    expect(history([], initial).identityBefore(role, at(later))).toMatchObject({ from: "account-state" });
  });

  it("goes back from it where the writes are older: it is no older than the youngest thing in it", () => {
    const writes = [
      write(earlier, { kind: "attached", identity: role, policy }),
      write(earlier + 1, { kind: "boundary-deleted", identity: role }),
      write(earlier + 2, { kind: "inline-put", identity: role, name: "p", document: allowing("sqs:*") }),
    ];
    const before = known(writes, role, earlier, initial);
    expect([...names(before), ...before.policies.missing]).toEqual([]);
    expect(before).toMatchObject({ extent: "part", boundary: { kind: "unknown" } });
    expect(known(writes, role, earlier + 3, initial)).toMatchObject({ extent: "whole", boundary: { kind: "none" } });
    expect(names(known(writes, role, earlier + 3, initial))).toEqual(["p", policy]);
  });

  it("goes back from it where its effect shows that the write was before", () => {
    const writes = [write(later, { kind: "attached", identity: role, policy })];
    expect(names(known(writes, role, later, initial))).toEqual(["p"]);
    expect(known(writes, role, later, initial).extent).toBe("whole");
    expect(names(known(writes, role, later + 1, initial))).toEqual(["p", policy]);
  });

  it("believes the records where they saw it being made", () => {
    const writes = [
      write(earlier, made(role)),
      write(earlier + 1, { kind: "attached", identity: role, policy: other }),
      write(earlier + 2, { kind: "detached", identity: role, policy: other }),
    ];
    expect(known(writes, role, earlier + 2, initial)).toMatchObject({
      extent: "whole",
      policies: { missing: [other] },
    });
    expect(history(writes, initial).identityBefore(role, at(earlier - 1)).kind).not.toBe("known");
  });

  it("tells which role an instance profile hands out, where no record says otherwise", () => {
    const profile = `arn:aws:iam::${account}:instance-profile/x/ip`;
    const held = stateWith({ InstanceProfileList: [{ Arn: profile }] });
    const named = `arn:aws:iam::${account}:instance-profile/ip`;
    expect(history([], held).profileBefore(named, at(later))).toEqual({ kind: "seen", role: "bot" });
    const emptied = [write(later, { kind: "profile-emptied", profile: named, role: "bot" })];
    expect(history(emptied, held).profileBefore(named, at(later + 1))).toEqual({ kind: "seen" });
  });

  it("counts its holders with those that the records add", () => {
    const writes = [write(later, { kind: "attached", identity: user, policy })];
    const holders = (time: number) =>
      history(writes, initial)
        .holdersBefore(policy, at(time))
        .holders.map(({ arn }) => arn);
    expect(holders(later)).toEqual([role]);
    expect(holders(later + 1)).toEqual([role, user]);
  });
});

it("a history sees what is written after it was asked", () => {
  const log = writeLog();
  const told = accountHistory(nothingInitial, log.of);
  log.add(write(1, made(role)));
  expect(told.identityBefore(role, at(4))).toMatchObject({ identity: { policies: { missing: [] } } });
  log.add(write(2, { kind: "attached", identity: role, policy }));
  expect(told.identityBefore(role, at(4))).toMatchObject({ identity: { policies: { missing: [policy] } } });
  expect(told.holdersBefore(policy, at(4)).holders).toHaveLength(1);
});

describe("holders of a policy", () => {
  it("are told up to a number, and counted beyond it", () => {
    const many = Array.from({ length: mostHolders + 5 }, (_, place) =>
      write(place, { kind: "attached", identity: `arn:aws:iam::${account}:role/r${place}`, policy }),
    );
    const { holders, more } = history(many).holdersBefore(policy, at(1_000));
    expect([holders.length, more]).toEqual([mostHolders, 5]);
  });

  it("include those it bounds, and none that lost it or is gone", () => {
    const writes = [
      write(1, { kind: "boundary-put", identity: role, policy }),
      write(2, { kind: "attached", identity: user, policy }),
      write(3, { kind: "attached", identity: group, policy }),
      write(4, { kind: "detached", identity: group, policy }),
      write(5, { kind: "deleted", identity: user }),
    ];
    const holders = (time: number) =>
      history(writes)
        .holdersBefore(policy, at(time))
        .holders.map(({ kind }) => kind);
    expect(holders(4)).toEqual(["group", "role", "user"]);
    expect(holders(6)).toEqual(["role"]);
  });
});

describe("policies, profiles and resources", () => {
  it("a policy says what its default version says", () => {
    const writes = [
      write(1, { kind: "policy-created", policy, document: allowing("a:*") }),
      write(2, { kind: "version-created", policy, version: "v2", isDefault: false, document: allowing("b:*") }),
      write(3, { kind: "default-set", policy, version: "v2" }),
      write(4, { kind: "default-set", policy, version: "v7" }),
      write(5, { kind: "policy-deleted", policy }),
    ];
    const says = (time: number) => {
      const found = history(writes).contentBefore(policy, at(time));
      return found.kind === "there" ? found.document?.statements[0]?.actions.patterns[0] : found.kind;
    };
    expect([1, 2, 3, 4, 5, 6].map((time) => says(time))).toEqual(["a:*", "a:*", "a:*", "b:*", undefined, "gone"]);
    expect(history(writes).contentBefore(other, at(3)).kind).toBe("unseen");
  });

  it("a profile holds the role that was put into it last", () => {
    const profile = `arn:aws:iam::${account}:instance-profile/ip`;
    const writes = [
      write(1, { kind: "profile-created", profile: `arn:aws:iam::${account}:instance-profile/x/ip` }),
      write(2, { kind: "profile-filled", profile, role: "bot" }),
      write(3, { kind: "profile-emptied", profile, role: "bot" }),
    ];
    const told = (time: number) => history(writes).profileBefore(profile, at(time));
    expect([told(2), told(3), told(4)]).toEqual([{ kind: "seen" }, { kind: "seen", role: "bot" }, { kind: "seen" }]);
    expect(history([]).profileBefore(profile, at(9))).toEqual({ kind: "unseen" });
  });

  it("a resource's policy is the one put last, with the statements added since", () => {
    const resource = "arn:aws:sqs:us-east-1:111122223333:q";
    const statement = { Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: resource };
    const writes = [
      write(1, { kind: "statement-put", resource, sid: "a", statement }),
      write(2, {
        kind: "resource-policy-put",
        resource,
        document: { Statement: [statement, { ...statement, Sid: "b" }] },
      }),
      write(3, { kind: "statement-put", resource, sid: "c", statement }),
      write(4, { kind: "statement-deleted", resource, sid: "b" }),
      write(5, { kind: "resource-policy-put", resource, document: "{" }),
      write(6, { kind: "resource-policy-deleted", resource }),
    ];
    const told = (time: number) => {
      const found = history(writes).onResourceBefore(resource, at(time));
      return found.kind === "seen" ? [found.extent, found.document?.statements.length ?? 0] : found.kind;
    };
    expect([1, 2, 3, 4, 5, 6, 7].map((time) => told(time))).toEqual([
      "unseen",
      ["part", 1],
      ["whole", 2],
      ["whole", 3],
      ["whole", 2],
      "unreadable",
      ["whole", 0],
    ]);
    expect(history(writes).onResourceBefore(resource, at(4, "z"))).toMatchObject({ extent: "whole" });
  });

  it("a secret is one thing, whether its six characters are known or not", () => {
    const named = `arn:aws:secretsmanager:us-east-1:${account}:secret:bot/token`;
    const document = { Statement: [{ Effect: "Allow", Principal: "*", Action: "*", Resource: "*" }] };
    const writes = [write(1, { kind: "resource-policy-put", resource: `${named}-??????`, document })];
    expect(history(writes).onResourceBefore(`${named}-AbCdEf`, at(2)).kind).toBe("seen");
  });

  it("an account is under the policies of the organization as they stood then", () => {
    const { state } = readOrganization(organizationFile(), "org.json");
    if (state === undefined) throw new Error("no organization");
    const organized = history(
      [write(5, { kind: "control-detached", control: "p-deny0001", target: "ou-abcd-11111111" })],
      {
        ...nothingInitial,
        organization: state,
      },
    );
    const counted = (time: number) => organized.controlsBefore(account, at(time))?.service.map((level) => level.length);
    expect([counted(6), counted(5), counted(6)]).toEqual([
      [1, 1, 1],
      [1, 2, 1],
      [1, 1, 1],
    ]);
    expect(history([]).controlsBefore(account, at(9))).toBeUndefined();
  });
});

describe("laws of the history", () => {
  const identity = fc.constantFrom(role, user, group);
  const managed = fc.constantFrom(policy, other);
  const name = fc.constantFrom("p", "q");
  const document = fc.constantFrom(allowing("s3:*"), allowing("iam:*"), "{");
  const change: fc.Arbitrary<IamChange> = fc.oneof(
    identity.map(made),
    identity.map((one) => ({ kind: "deleted", identity: one }) as const),
    fc.tuple(identity, managed).map(([one, two]) => ({ kind: "attached", identity: one, policy: two }) as const),
    fc.tuple(identity, managed).map(([one, two]) => ({ kind: "detached", identity: one, policy: two }) as const),
    fc
      .tuple(identity, name, document)
      .map(([one, two, text]) => ({ kind: "inline-put", identity: one, name: two, document: text }) as const),
    fc.tuple(identity, name).map(([one, two]) => ({ kind: "inline-deleted", identity: one, name: two }) as const),
    fc.constant({ kind: "joined", identity: user, group: "ops" } as const),
    fc.constant({ kind: "left", identity: user, group: "ops" } as const),
    fc.constant({ kind: "renamed", identity: user, to: `arn:aws:iam::${account}:user/eve` } as const),
    fc.constant({ kind: "renamed", identity: `arn:aws:iam::${account}:user/eve`, to: user } as const),
    fc
      .tuple(managed, document)
      .map(([one, text]) => ({ kind: "policy-created", policy: one, document: text }) as const),
  );
  const writes = fc
    .array(fc.tuple(fc.integer({ min: 1, max: 12 }), change), { maxLength: 14 })
    .map((all) => all.map(([time, one], place) => write(time, one, `e${place}`)));
  const initials = [
    nothingInitial,
    {
      accounts: readAccountState([
        {
          file: "iam.json",
          value: details({
            roles: [
              roleDetail("bot", { CreateDate: 0, RoleLastUsed: {}, AttachedManagedPolicies: [{ PolicyArn: policy }] }),
            ],
            users: [userDetail("ana", { CreateDate: 0.006, GroupList: ["ops"] })],
          }),
        },
      ]).state,
    },
  ];
  const everything = (all: readonly IamWrite[], initial: InitialState) => {
    const told = history(all, initial);
    return [0, 3, 6, 9, 13].flatMap((time) => [
      ...[role, user, group, `arn:aws:iam::${account}:user/eve`].map((one) => told.identityBefore(one, at(time))),
      ...[policy, other].flatMap((one) => [told.holdersBefore(one, at(time)), told.contentBefore(one, at(time))]),
    ]);
  };

  it.each(initials.map((initial, place) => ({ initial, place })))(
    "order and repetition do not matter ($place)",
    ({ initial }) => {
      fc.assert(
        fc.property(writes, fc.array(fc.nat(13), { maxLength: 14 }), (all, again) => {
          const shuffled = [...again.flatMap((place) => all[place] ?? []), ...all.toReversed()];
          expect(everything(shuffled, initial)).toEqual(everything(all, initial));
        }),
        { numRuns: 300 },
      );
    },
  );

  it("what comes later does not change what was before, without an account state", () => {
    fc.assert(
      fc.property(writes, (all) => {
        const early = all.filter((one) => one.at < 6);
        for (const one of [role, user, group])
          expect(history(all).identityBefore(one, at(5, "z"))).toMatchObject(
            history(early).identityBefore(one, at(5, "z")),
          );
      }),
      { numRuns: 200 },
    );
  });

  it("questions asked in any order have the same answers", () => {
    fc.assert(
      fc.property(writes, (all) => {
        const asked = [role, user, group].flatMap((one) => [3, 9, 6].map((time) => [one, time] as const));
        const once = history(all);
        const forward = asked.map(([one, time]) => once.identityBefore(one, at(time)));
        const fresh = asked.map(([one, time]) => history(all).identityBefore(one, at(time)));
        expect(forward).toEqual(fresh);
      }),
      { numRuns: 100 },
    );
  });
});
