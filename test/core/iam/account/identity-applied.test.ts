import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountHistory, nothingInitial } from "../../../../core/iam/account/account-history.ts";
import type { IamChange, IamWrite, OfIdentity } from "../../../../core/iam/account/iam-change.ts";
import { applied, type Brought } from "../../../../core/iam/account/identity-applied.ts";
import { identityAt } from "../../../../core/iam/account/identity-at.ts";
import type { KnownIdentity } from "../../../../core/iam/account/known-identity.ts";
import { identityKey } from "../../../../core/iam/account/write-key.ts";
import { writeLog } from "../../../../core/iam/account/write-log.ts";
import { heldPolicy, identityFrom } from "../../../fixtures/known.ts";

const role = "arn:aws:iam::111122223333:role/bot";
const user = "arn:aws:iam::111122223333:user/ana";
const group = "arn:aws:iam::111122223333:group/ops";
const policy = "arn:aws:iam::111122223333:policy/own";
const other = "arn:aws:iam::111122223333:policy/other";
const allowing = (action: string) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: action, Resource: "*" }],
});
const nothing: Brought = { policy: () => undefined };

const change: fc.Arbitrary<OfIdentity> = fc
  .record({
    name: fc.constantFrom("p", "q"),
    policy: fc.constantFrom(policy, other),
    document: fc.constantFrom(allowing("s3:*"), allowing("iam:*"), "{"),
  })
  .chain(({ name, policy: managed, document }) =>
    fc.constantFrom<OfIdentity>(
      { kind: "inline-put", identity: role, name, document },
      { kind: "inline-deleted", identity: role, name },
      { kind: "attached", identity: role, policy: managed },
      { kind: "detached", identity: role, policy: managed },
      { kind: "boundary-put", identity: role, policy: managed },
      { kind: "boundary-deleted", identity: role },
      { kind: "trust-put", identity: role, document },
      { kind: "tagged", identity: role, tags: { [name]: "1" } },
      { kind: "untagged", identity: role, keys: [name] },
      { kind: "session-set", identity: role, seconds: 7200 },
      { kind: "created", identity: role, tags: {}, furnished: false },
    ),
  );

/** Of `policy` the text is known, of `other` it is not. */
const written: IamWrite = {
  schema: 1,
  at: 0,
  id: "e",
  change: { kind: "policy-created", policy, document: allowing("sqs:*") },
};
const brought: Brought = {
  policy: (arn) => (arn === policy ? heldPolicy(policy, allowing("sqs:*")) : undefined),
};

const historyOf = (changes: readonly IamChange[]) => {
  const log = writeLog();
  log.add(written);
  for (const [place, one] of changes.entries()) log.add({ schema: 1, at: place + 1, id: `e${place}`, change: one });
  const history = accountHistory(nothingInitial, log.of);
  return {
    log: log.of(identityKey(role)),
    knownAt(place: number): KnownIdentity | undefined {
      const found = history.identityBefore(role, { at: place + 1, id: "" });
      return found.kind === "known" ? found.identity : undefined;
    },
  };
};

const comparable = (one: KnownIdentity | undefined) =>
  one && {
    ...one,
    policies: { ...one.policies, missing: [...one.policies.missing].sort() },
  };

describe("a change applied to an identity", () => {
  it("gives what the history tells after it", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 10 }), (changes) => {
        const first: OfIdentity = { kind: "created", identity: role, tags: {}, furnished: false };
        // Made once: a making in the same second as other writes would count before them.
        const all = [first, ...changes.filter((one) => one.kind !== "created")];
        const { knownAt } = historyOf(all);
        for (const [place, one] of all.entries())
          expect(comparable(applied(knownAt(place), one, brought))).toEqual(comparable(knownAt(place + 1)));
      }),
      { numRuns: 300 },
    );
  });

  it("is nothing where it is deleted, and the new one where it is made", () => {
    const known = identityFrom({ arn: role, policies: { p: allowing("s3:*") } });
    expect(applied(known, { kind: "deleted", identity: role }, nothing)).toBeUndefined();
    const made = applied(known, { kind: "created", identity: role, tags: { a: "1" }, furnished: false }, nothing);
    expect(made).toMatchObject({ tags: { a: "1" }, policies: { identity: [] }, extent: "whole" });
    expect(applied(undefined, { kind: "attached", identity: role, policy }, nothing)).toMatchObject({
      extent: "part",
      policies: { missing: [policy] },
    });
  });

  it("takes the policies of a group that a user joins, and says when they are not known", () => {
    const known = identityFrom({ arn: user, policies: { p: allowing("s3:*") }, groups: [] });
    const joined = { kind: "joined", identity: user, group: "ops" } as const;
    const ops = identityFrom({ arn: group, policies: { g: allowing("iam:*") } });
    const told = applied(known, joined, { ...nothing, group: (name) => (name === "ops" ? ops : undefined) });
    expect(told?.policies.identity.map(({ name }) => name)).toEqual(["p", "g"]);
    expect(told).toMatchObject({ groups: ["ops"], extent: "whole", own: { inline: ["p"] } });
    const blind = applied(known, joined, nothing);
    expect(blind).toMatchObject({ groups: ["ops"], extent: "part", policies: { missing: ["group/ops"] } });
    const left = told && applied(told, { kind: "left", identity: user, group: "ops" }, nothing);
    expect(left?.policies.identity.map(({ name }) => name)).toEqual(["p"]);
  });

  it("keeps what a user's groups hold when its own policy of the same name changes", () => {
    const held = [heldPolicy("p", allowing("s3:*")), heldPolicy("p", allowing("sqs:*"))];
    const known: KnownIdentity = {
      ...identityFrom({ arn: user, groups: ["ops"] }),
      policies: { identity: held, missing: [] },
      own: { inline: ["p"], attached: [] },
    };
    const after = applied(known, { kind: "inline-deleted", identity: user, name: "p" }, nothing);
    expect(after?.policies.identity).toEqual([held[1]]);
  });
});

describe("what IAM says of an identity, taken back to a moment before", () => {
  it("is what the history tells, or part of it", () => {
    fc.assert(
      fc.property(fc.array(change, { minLength: 1, maxLength: 8 }), fc.nat(8), (changes, place) => {
        const all: readonly OfIdentity[] = [
          { kind: "created", identity: role, tags: {}, furnished: false },
          ...changes.filter((one) => one.kind !== "created"),
        ];
        const { knownAt, log } = historyOf(all);
        const later = knownAt(all.length);
        if (later === undefined || place > all.length) return;
        const found = identityAt(later, { log, moment: { at: place + 1, id: "" }, readAt: 1_000 });
        const then = knownAt(place);
        if (then === undefined) expect(found).toBeUndefined();
        else
          expect(found?.identity).toMatchObject({
            own: then.own,
            boundary: then.boundary,
            tags: then.tags,
          });
      }),
      { numRuns: 300 },
    );
  });

  it("takes an attachment off that came since, and keeps the rest", () => {
    const later = identityFrom({ arn: role, policies: { p: allowing("s3:*"), [policy]: allowing("iam:*") } });
    const log: readonly IamWrite[] = [
      { schema: 1, at: 5, id: "e5", change: { kind: "attached", identity: role, policy } },
    ];
    const then = identityAt(later, { log, moment: { at: 5, id: "e5" }, readAt: 9 });
    expect(then).toMatchObject({ between: 1, identity: { extent: "whole" } });
    expect(then?.identity.policies.identity.map(({ name }) => name)).toEqual(["p"]);
    expect(identityAt(later, { log, moment: { at: 6, id: "e6" }, readAt: 9 })).toEqual({ identity: later, between: 0 });
  });

  it("is partial where a text was replaced that nobody saw, and nothing where it was made since", () => {
    const later = identityFrom({ arn: role, policies: { p: allowing("s3:*") } });
    const put: IamWrite = {
      schema: 1,
      at: 5,
      id: "e5",
      change: { kind: "inline-put", identity: role, name: "p", document: allowing("s3:*") },
    };
    const then = identityAt(later, { log: [put], moment: { at: 5, id: "e5" }, readAt: 9 });
    expect(then).toMatchObject({ identity: { extent: "part", policies: { identity: [] } } });
    const made: IamWrite = {
      schema: 1,
      at: 4,
      id: "e4",
      change: { kind: "created", identity: role, tags: {}, furnished: false },
    };
    expect(identityAt(later, { log: [made, put], moment: { at: 4, id: "e4" }, readAt: 9 })).toBeUndefined();
  });
});
