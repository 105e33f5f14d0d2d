import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { foundUnder, indexed } from "../../../core/flow/state.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import {
  assumeRole,
  chain,
  envelope,
  eventId,
  instanceEnvelope,
  lookupEntry,
  oneOfEach,
  otherAccount,
  putRolePolicy,
  record,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { folded, rowsOf, seen } from "./folding.ts";

const clean = (item: RecordObject): RecordObject => JSON.parse(JSON.stringify(item)) as RecordObject;

/** What may differ between two copies of one record, and between two records with one id. */
const variation = fc.record({
  id: fc.integer({ min: 1, max: 5 }),
  kind: fc.constantFrom("read", "listed", "issued", "written", "sent"),
  /** Different lengths, and different texts of one length. */
  note: fc.constantFrom(undefined, "a", "b", "ab", "ba", "longer than that"),
  who: fc.integer({ min: 0, max: 3 }),
  second: fc.constantFrom(0, 0, 0, 60),
  account: fc.constantFrom(undefined, undefined, undefined, otherAccount),
  millis: fc.constantFrom("", "", ".250"),
  wrap: fc.constantFrom("none", "envelope", "lookup"),
});
type Variation = typeof variation extends fc.Arbitrary<infer Value> ? Value : never;

function recordOf({ id, kind, note, who, second, account, millis, wrap }: Variation): RecordObject {
  const signer = who === 0 ? user() : session("bot", `s${who}`, sessionKey(who));
  const over = {
    eventID: eventId(id),
    note,
    userIdentity: signer,
    eventTime: secondsAfter(second).replace("Z", `${millis}Z`),
    ...(account === undefined ? {} : { recipientAccountId: account }),
  };
  const wrapped = (item: RecordObject): RecordObject =>
    clean(wrap === "envelope" ? envelope(clean(item)) : wrap === "lookup" ? lookupEntry(clean(item)) : item);
  switch (kind) {
    case "read":
      return wrapped(record(over));
    case "listed":
      return wrapped(record({ ...over, eventName: "ListBuckets" }));
    case "issued":
      return wrapped(assumeRole(signer, "bot", sessionKey(100 + who), over));
    case "written":
      return wrapped(putRolePolicy("{}", over));
    case "sent":
      return clean(instanceEnvelope({ id: eventId(id), time: over.eventTime, note }));
  }
}

const items = fc.array(variation, { minLength: 1, maxLength: 40 }).map((all) => all.map(recordOf));

/** The same items in another order, some of them several times, cut into batches and dealt to threads. */
const dealt = (all: readonly RecordObject[]) =>
  fc
    .tuple(
      fc.shuffledSubarray([...all], { minLength: all.length }),
      fc.array(fc.nat(), { maxLength: 30 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 7 }),
    )
    .map(([order, again, threads, size]) => {
      const sequence = [...order, ...again.flatMap((pick) => order[pick % order.length] ?? [])];
      const batches = Array.from({ length: Math.ceil(sequence.length / size) }, (_, i) =>
        sequence.slice(i * size, (i + 1) * size),
      );
      return Array.from({ length: threads }, (_, thread) => batches.filter((__, i) => i % threads === thread));
    });

describe("folding", () => {
  it("gives one state, whatever order the records come in, how often, in which batches and on how many threads", () =>
    fc.assert(
      fc.property(
        items.chain((all) => fc.tuple(fc.constant(all), dealt(all))),
        ([all, threads]) => {
          const [once, otherwise] = [folded([[all]]), folded(threads)];
          expect(seen(otherwise)).toEqual(seen(once));
          expect(rowsOf(otherwise)).toEqual(rowsOf(once));
          expect(rowsOf(once)).toEqual([]);
        },
      ),
      { numRuns: 300 },
    ));

  it("counts every record as distinct or as a duplicate, and never both", () =>
    fc.assert(
      fc.property(items, (all) => {
        const { records, counts } = folded([[all, all]]);
        expect(counts.records).toBe(2 * all.length);
        expect(counts.duplicates).toBe(counts.records - records.size);
      }),
      { numRuns: 100 },
    ));

  it("keeps of duplicates the one with the longer canonical JSON", () => {
    const poor = clean(record());
    const full = clean(record({ note: "what the other copy lacks" }));
    for (const order of [
      [poor, full],
      [full, poor],
      [poor, full, poor],
    ]) {
      const state = seen(folded([[order]]));
      expect([state.distinct, state.conflicts, state.kept.length]).toEqual([1, 0, 1]);
      expect(state.kept[0]).toContain("what the other copy lacks");
    }
  });

  it("keeps the principal of the copy that stayed", () => {
    const anonymous = clean(record({ userIdentity: { type: "AWSAccount", accountId: "444455556666" } }));
    for (const order of [
      [anonymous, clean(record())],
      [clean(record()), anonymous],
    ])
      expect(seen(folded([[order]])).records).toEqual([expect.stringContaining('"kind":"iam-user"')]);
  });

  it.each([
    ["account", { recipientAccountId: otherAccount }],
    ["Region", { awsRegion: "eu-west-1" }],
    ["name", { eventName: "GetObjectAcl" }],
    ["second", { eventTime: secondsAfter(1) }],
    ["millisecond", { eventTime: secondsAfter(0).replace("Z", ".001Z") }],
  ])("takes two records with one id but another %s for two, and tells them apart by a suffix", (_, over) => {
    const pair = [clean(record()), clean(record(over))];
    const ids = [pair, pair.toReversed(), [...pair, ...pair]].map((order) => {
      const state = folded([[order]]);
      expect([state.records.size, state.records.conflicts]).toEqual([2, 1]);
      return rowsOf(state).map((row) => {
        const [id, , , , , suffix] = JSON.parse(row) as string[];
        return `${id}${suffix}`;
      });
    });
    expect(ids[0]?.toSorted()).toEqual([eventId(1), expect.stringMatching(new RegExp(`^${eventId(1)}#[0-9a-f]{8}$`))]);
    expect(ids[1]).toEqual(ids[0]);
    expect(ids[2]).toEqual(ids[0]);
  });

  it("takes envelopes with one id for one only when all of them agrees", () => {
    const sent = clean(instanceEnvelope());
    const shuffled = Object.fromEntries(Object.entries(sent).reverse());
    expect(folded([[[sent, shuffled]]]).records.size).toBe(1);
    const other = clean(instanceEnvelope({ detail: { "instance-id": "i-0abcd1234efgh5678", state: "stopped" } }));
    const state = folded([[[sent, other]]]);
    expect([state.records.size, state.records.conflicts]).toEqual([2, 1]);
  });

  it("takes a record from a file, its envelope and its LookupEvents entry for one", () => {
    const one = clean(chain()[2] ?? {});
    const state = folded([[[one, clean(envelope(one)), clean(lookupEntry(one))]]]);
    expect([state.records.size, state.records.conflicts, state.counts.duplicates]).toEqual([1, 0, 2]);
  });

  it("remembers the earliest record of every principal", () => {
    const three = [3, 1, 2].map((number) =>
      clean(record({ eventID: eventId(number), eventTime: secondsAfter(number % 3) })),
    );
    for (const order of [three, three.toReversed()])
      expect(seen(folded([[order]])).firsts).toEqual([expect.stringContaining(`"eventID":"${eventId(3)}"`)]);
  });

  it("takes in one of every kind", () => {
    const state = folded([[oneOfEach().map(clean)]]);
    expect(state.counts).toMatchObject({ records: oneOfEach().length, duplicates: 0, parked: 0, ignored: 0 });
    expect(state.records.size).toBe(oneOfEach().length);
  });
});

describe("who issued a credential", () => {
  it("finds every kept record that did, through growth", () => {
    const state = folded([[chain().map(clean)]]);
    const [number] = foundUnder(state, `key ${sessionKey(1)}`);
    expect(state.kept.links(number ?? -1).keys).toContain(`key ${sessionKey(1)}`);
    expect(foundUnder(state, `key ${sessionKey(3)}`)).toEqual([]);
    for (let i = 0; i < 5_000; i++) indexed(state, `key ${sessionKey(1_000 + i)}`, 100_000 + i);
    for (let i = 0; i < 5_000; i++) expect(foundUnder(state, `key ${sessionKey(1_000 + i)}`)).toEqual([100_000 + i]);
    indexed(state, `key ${sessionKey(1)}`, 7);
    expect(foundUnder(state, `key ${sessionKey(1)}`).toSorted()).toEqual([number, 7].toSorted());
  });
});
