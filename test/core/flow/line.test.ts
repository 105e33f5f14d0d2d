import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isRoleArn } from "../../../core/iam/arn.ts";
import type { Registry } from "../../../core/identity/workload.ts";
import { declaring } from "../../fixtures/declaring.ts";
import {
  acts,
  conflicting,
  delivered,
  detectorOf,
  type IncidentShape,
  incident,
  poorer,
  roleArn,
  roleName,
} from "../../fixtures/incident.ts";
import {
  eventId,
  fromInstance,
  fromLambda,
  fromServiceAccount,
  instanceEnvelope,
  lookupEntry,
  type RecordObject,
  record,
  serviceEvent,
  session,
  sessionKey,
} from "../../fixtures/records.ts";
import { settled } from "./settling.ts";

const registry: Registry = declaring([roleName(1), roleName(3), "bot"].map(roleArn).filter(isRoleArn), {
  response: { contain: "automatic" },
});

const shape = (from: number): fc.Arbitrary<IncidentShape> =>
  fc.record({
    hops: fc.integer({ min: 1, max: 4 }),
    acts: fc.subarray([...acts]),
    ordinary: fc.integer({ min: 0, max: 4 }),
    from: fc.constant(from),
  });

/** One or two incidents, ordinary calls of every kind, poorer copies, and other records under ids that are taken. */
const input: fc.Arbitrary<readonly RecordObject[]> = fc
  .tuple(shape(0), fc.option(shape(10_000)), fc.infiniteStream(fc.nat()))
  .chain(([one, two, _]) => {
    const records = [...incident(one), ...(two === null ? [] : incident(two))];
    const others = [
      fromLambda(),
      fromInstance(),
      fromServiceAccount(),
      serviceEvent(),
      instanceEnvelope(),
      record({ eventID: eventId(300), userIdentity: session("bot", "s", sessionKey(23)) }),
    ];
    const some = fc.subarray(records);
    return fc
      .tuple(some, some, some, some, fc.subarray(others))
      .map(([thin, taken, moved, asEvents, ordinary]) => [
        ...records,
        ...ordinary,
        ...thin.map(poorer),
        ...taken.map(conflicting),
        ...moved.map((other) => ({ ...other, awsRegion: "eu-west-1" })),
        ...asEvents.map(delivered),
      ]);
  });

/** The same records again, some of them more often, in any order and cut into any files for any threads. */
const arrangement = (
  records: readonly RecordObject[],
): fc.Arbitrary<readonly (readonly (readonly RecordObject[])[])[]> =>
  fc
    .tuple(fc.subarray([...records]), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 9 }))
    .chain(([again, threads, size]) =>
      fc.shuffledSubarray([...records, ...again], { minLength: records.length + again.length }).map((all) => {
        const files = Array.from({ length: Math.ceil(all.length / size) }, (_, place) =>
          all.slice(place * size, (place + 1) * size),
        );
        return Array.from({ length: threads }, (_, thread) => files.filter((_, place) => place % threads === thread));
      }),
    );

describe("the line", () => {
  it("gives the same findings, decisions and cases byte for byte, and the same attributions, for one incident however it arrives", async () => {
    const arranged = input.chain((records) => fc.tuple(fc.constant(records), arrangement(records)));
    await fc.assert(
      fc.asyncProperty(arranged, fc.constantFrom("observe", "ticket", "contain"), async ([records, threads], mode) => {
        const expected = await settled([[records]], { registry, mode });
        const found = await settled(threads, { registry, mode });
        expect(found.lines).toEqual(expected.lines);
        expect(found.attributions).toEqual(expected.attributions);
        expect(found.state.records.conflicts).toBe(expected.state.records.conflicts);
        const { identities, silences, ...counts } = found.settlement.tally;
        const wanted = expected.settlement.tally;
        expect(counts).toEqual(expect.objectContaining({ records: wanted.records, byClass: wanted.byClass }));
        expect([...identities.keys()].sort()).toEqual([...wanted.identities.keys()].sort());
        expect(silences).toEqual(wanted.silences);
      }),
      { numRuns: 150 },
    );
  });

  it("gives the same with a window, whatever lies outside it", async () => {
    const second = Date.parse("2026-01-31T12:01:00Z") / 1_000;
    const window = fc.tuple(fc.integer({ min: -60, max: 5 }), fc.integer({ min: 0, max: 10 }));
    const arranged = input.chain((records) => fc.tuple(fc.constant(records), arrangement(records)));
    await fc.assert(
      fc.asyncProperty(arranged, window, async ([records, threads], [from, lasting]) => {
        const horizon = { since: second + from, until: second + from + lasting };
        const expected = await settled([[records]], { registry, horizon });
        const found = await settled(threads, { registry, horizon });
        expect([found.lines, found.attributions]).toEqual([expected.lines, expected.attributions]);
        for (const one of found.settlement.findings) {
          expect(one.at / 1_000).toBeGreaterThanOrEqual(horizon.since);
          expect(one.at / 1_000).toBeLessThan(horizon.until);
        }
      }),
      { numRuns: 50 },
    );
  });

  it("finds every act of an incident once, with the whole chain behind it, whatever else is in the input", async () => {
    await fc.assert(
      fc.asyncProperty(
        shape(0).filter((one) => one.acts.length > 0),
        async (one) => {
          const { settlement } = await settled([[incident(one), incident(one).map(poorer)]], { registry });
          const found = settlement.findings.filter(({ detector }) => detector !== "identity-undeclared");
          const expected = one.acts.map((act) => detectorOf[act]).filter((id) => id !== detectorOf.gpu);
          expect(found.map(({ detector }) => detector)).toEqual(expect.arrayContaining(expected));
          expect(found.length).toBeLessThanOrEqual(one.acts.length);
          for (const { attribution } of found) expect(attribution.hops).toHaveLength(one.hops + 1);
        },
      ),
      { numRuns: 50 },
    );
  });

  it("joins an issuing call that arrives after everything it explains", async () => {
    const records = incident({ hops: 3, acts, ordinary: 2 });
    const onTime = await settled([[records]], { registry });
    const late = await settled([[records.slice(3), records.slice(0, 3).toReversed()]], { registry });
    expect(late.lines).toEqual(onTime.lines);
    const never = await settled([[records.slice(3)]], { registry });
    expect(never.settlement.findings.map(({ id }) => id)).toEqual(onTime.settlement.findings.map(({ id }) => id));
    expect(never.lines).not.toEqual(onTime.lines);
  });

  it("reads a record alike from a file, an envelope and a LookupEvents page", async () => {
    const records = incident({ hops: 2, acts, ordinary: 3 });
    const expected = await settled([[records]], { registry });
    for (const form of [delivered, lookupEntry]) {
      const found = await settled([[records.map(form)]], { registry });
      expect([found.lines, found.attributions]).toEqual([expected.lines, expected.attributions]);
    }
  });

  it("keeps three records apart that share an id and differ in their time alone", async () => {
    const [act = record()] = incident({ hops: 0, acts: ["trail"], ordinary: 0 });
    const three = [0, 1, 2].map((second) => ({ ...act, eventTime: `2026-01-31T12:00:0${second}Z` }));
    const { settlement, attributions, state } = await settled([[three]]);
    expect(state.records.conflicts).toBe(2);
    expect(new Set(attributions.map((line) => JSON.parse(line).eventID)).size).toBe(3);
    expect(new Set(settlement.findings.map(({ id }) => id)).size).toBe(3);
  });
});
