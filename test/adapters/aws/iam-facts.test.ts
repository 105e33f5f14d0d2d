import { describe, expect, it } from "vitest";
import { iamFacts } from "../../../adapters/aws/iam-facts.ts";
import type { IamReader } from "../../../adapters/aws/iam-reader.ts";
import { memoryWrites } from "../../../adapters/memory/iam-writes.ts";
import { type Fact, type FactAnswer, factKey } from "../../../core/detect/facts/fact.ts";
import { factEvidence, restsOn } from "../../../core/detect/facts/fact-evidence.ts";
import { factsOverTime } from "../../../core/detect/facts/facts-over-time.ts";
import { storedFacts } from "../../../core/detect/facts/history-facts.ts";
import { instant } from "../../../core/event/instant.ts";
import { Fault } from "../../../core/fault.ts";
import { tolerantFacts } from "../../../core/flow/facts/blind-spot.ts";
import { nothingInitial } from "../../../core/iam/account/account-history.ts";
import type { HeldIdentity } from "../../../core/iam/account/held-identity.ts";
import { eventId } from "../../contracts/examples.ts";
import { heldPolicy } from "../../fixtures/known.ts";
import { account, at, virtualTime } from "./fake-aws.ts";

const start = at("2026-11-20T12:00:00Z");
const role = `arn:aws:iam::${account}:role/bot`;
const policy = `arn:aws:iam::${account}:policy/own` as const;
const allowing = (action: string) => ({ Statement: [{ Effect: "Allow", Action: action, Resource: "*" }] });
const held = (kind: HeldIdentity["kind"], name: string, over: Partial<HeldIdentity> = {}): HeldIdentity => ({
  kind,
  arn: `arn:aws:iam::${account}:${kind}/${name}`,
  extent: "whole",
  inline: [],
  unread: [],
  attached: [],
  groups: [],
  boundary: { kind: "none" },
  tags: {},
  ...over,
});

function asking(over: Partial<IamReader> = {}) {
  const asked: string[] = [];
  const time = virtualTime(start);
  const reader: IamReader = {
    identity: async (kind, name) => held(kind, name, { attached: [policy] }),
    policy: async (arn) => heldPolicy(arn, allowing("s3:*")),
    holders: async () => [{ kind: "role", name: "bot" }],
    profile: async () => "bot",
    ...over,
  };
  const noting = <Answer>(what: string, ask: () => Answer): Answer => {
    asked.push(what);
    return ask();
  };
  const counting: IamReader = {
    identity: (kind, name) => noting(`${kind} ${name}`, () => reader.identity(kind, name)),
    policy: (arn) => noting(arn, () => reader.policy(arn)),
    holders: (arn) => noting(`holders ${arn}`, () => reader.holders(arn)),
    profile: (name) => noting(`profile ${name}`, () => reader.profile(name)),
  };
  const readerFor = async (one: string) => (one === account ? counting : undefined);
  return { asked, time, facts: iamFacts({ readerFor, clock: time.clock }) };
}

const before = { at: start, id: eventId("e1") };
const identity: Fact = { kind: "identity", arn: role, before };
const one = async (
  facts: { answer: ReturnType<typeof iamFacts>["answer"] },
  fact: Fact,
): Promise<FactAnswer | undefined> => (await facts.answer([fact])).get(factKey(fact));

describe("facts as IAM has them", () => {
  it("tell identities with the texts of their policies, and when IAM was read", async () => {
    const answer = await one(asking().facts, identity);
    expect(answer).toMatchObject({ kind: "identity", readAt: start, because: "as IAM has it" });
    expect(answer?.kind === "identity" && answer.identity.policies.identity.map(({ name }) => name)).toEqual([policy]);
  });

  it("tell policies, holders and profiles", async () => {
    const { facts } = asking();
    expect(await one(facts, { kind: "managed-policy", policy, at: start })).toMatchObject({ kind: "managed-policy" });
    expect(await one(facts, { kind: "holders", policy, before })).toMatchObject({ more: 0, holders: [{ arn: role }] });
    const profile = `arn:aws:iam::${account}:instance-profile/ip`;
    expect(await one(facts, { kind: "instance-profile", arn: profile, before })).toMatchObject({ role: "bot" });
  });

  it("say what is not read", async () => {
    const { facts, asked } = asking();
    expect(await one(facts, { kind: "controls", account, before })).toMatchObject({ kind: "unknown" });
    const elsewhere = "arn:aws:iam::444455556666:role/bot";
    expect(await one(facts, { kind: "identity", arn: elsewhere, before })).toMatchObject({ kind: "unknown" });
    expect(asked).toEqual([]);
  });

  it("are read once in five minutes", async () => {
    const { facts, asked, time } = asking();
    await facts.answer([identity, { ...identity, before: { at: start, id: eventId("e2") } }]);
    await facts.answer([identity]);
    expect(asked).toEqual(["role bot", policy]);
    await time.sleep(300_001);
    await facts.answer([identity]);
    expect(asked).toHaveLength(4);
  });

  it("are asked again where IAM was busy", async () => {
    let busy = true;
    const { facts } = asking({
      async profile() {
        if (busy) throw new Fault("throttled", "busy");
        return "bot";
      },
    });
    const fact: Fact = { kind: "instance-profile", arn: `arn:aws:iam::${account}:instance-profile/ip`, before };
    await expect(facts.answer([fact])).rejects.toMatchObject({ code: "throttled" });
    busy = false;
    expect(await one(facts, fact)).toMatchObject({ role: "bot" });
  });

  it("cost one fact where one is denied, and none where IAM does not know it", async () => {
    const { facts } = asking({
      identity: () => Promise.reject(new Fault("denied", "no")),
      holders: () => Promise.reject(new Fault("not-found", "gone")),
    });
    const tolerant = tolerantFacts(facts);
    const policyFact: Fact = { kind: "managed-policy", policy, at: start };
    const found = await tolerant.answer([identity, policyFact, { kind: "holders", policy, before }]);
    expect([...found.values()].map(({ kind }) => kind)).toEqual(["unknown", "managed-policy", "unknown"]);
    expect(tolerant.blind).toEqual([`${role}: denied`]);
  });
});

describe("facts of IAM brought back to the time of an event", () => {
  const lived = async (identityFact: Fact) => {
    const store = memoryWrites();
    await store.learn([
      { schema: 1, at: start - 40_000, id: eventId("e1"), change: { kind: "attached", identity: role, policy } },
    ]);
    const { facts, asked } = asking();
    const over = factsOverTime(storedFacts(store, nothingInitial), (keys) => store.read(keys), facts);
    return { answer: await one(over, identityFact), asked };
  };

  it("lack what the event itself attached, and say how old they are", async () => {
    const at = instant(start - 40_000);
    const { answer } = await lived({ ...identity, before: { at, id: eventId("e1") } });
    expect(answer).toMatchObject({ kind: "identity", identity: { extent: "whole", policies: { identity: [] } } });
    expect(restsOn(answer, at)).toBe("as IAM has it, minding the write between, read 40 s after the event");
  });

  it("are not asked for what the writes tell in full", async () => {
    const store = memoryWrites();
    await store.learn([
      { schema: 1, at: start - 9, id: "e0", change: { kind: "created", identity: role, tags: {}, furnished: false } },
    ]);
    const { facts, asked } = asking();
    const over = factsOverTime(storedFacts(store, nothingInitial), (keys) => store.read(keys), facts);
    expect(await one(over, identity)).toMatchObject({ identity: { extent: "whole" } });
    expect(asked).toEqual([]);
  });

  it("keep what the writes told where IAM cannot tell", async () => {
    const store = memoryWrites();
    await store.learn([{ schema: 1, at: start - 9, id: "e0", change: { kind: "attached", identity: role, policy } }]);
    const { facts } = asking({ identity: () => Promise.reject(new Fault("not-found", "gone")) });
    const over = factsOverTime(storedFacts(store, nothingInitial), (keys) => store.read(keys), facts);
    expect(await one(over, identity)).toMatchObject({ kind: "identity", identity: { extent: "part" } });
  });
});

describe("what an answer rests on", () => {
  const told = (readAt: number): FactAnswer => ({ kind: "instance-profile", because: "b", readAt: instant(readAt) });

  it("is said with its age", () => {
    expect(restsOn(told(start + 600_000), start)).toBe("b, read 10 min after the event");
    expect(restsOn(told(start - 36_000_000), start)).toBe("b, read 10 h before the event");
    expect(restsOn({ kind: "unknown", because: "nobody told" }, start)).toBe("not known: nobody told");
    expect(restsOn({ kind: "instance-profile", because: "b" }, start)).toBe("b");
    expect(restsOn(undefined, start)).toBe("nothing was asked");
  });

  it("is evidence about what was asked", () =>
    expect(factEvidence(identity, new Map([[factKey(identity), told(start + 40_000)]]), start)).toEqual({
      kind: "fact",
      about: role,
      because: "b, read 40 s after the event",
    }));
});
