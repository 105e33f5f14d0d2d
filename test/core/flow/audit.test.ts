import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Finding } from "../../../core/detect/finding.ts";
import { audit } from "../../../core/flow/audit.ts";
import type { Message } from "../../../core/flow/live/messages.ts";
import { isRoleArn } from "../../../core/iam/arn.ts";
import { declaring } from "../../fixtures/declaring.ts";
import { acts, incident, roleArn, roleName } from "../../fixtures/incident.ts";
import {
  envelope,
  eventId,
  exampleKey,
  fromLambda,
  instanceEnvelope,
  record,
  secondsAfter,
} from "../../fixtures/records.ts";
import { entriesOf, messageOf, portsOf } from "./live.ts";
import { settled, watchedLive } from "./settling.ts";

const registry = declaring([roleArn(roleName(1))].filter(isRoleArn));
const kinds = (found: Awaited<ReturnType<typeof audit>>) => found.dispositions.map(({ kind }) => kind);

/** Cuts messages, which stay in their order, into batches of these sizes. */
function inBatches(messages: readonly Message[], sizes: readonly number[]): readonly (readonly Message[])[] {
  const batches: (readonly Message[])[] = [];
  let from = 0;
  for (let place = 0; from < messages.length; place++) {
    const size = sizes[place % sizes.length] ?? 1;
    batches.push(messages.slice(from, from + size));
    from += size;
  }
  return batches;
}

describe("audit", () => {
  it("finds what a replay finds, under the same ids and roots, in whatever batches the events arrive", async () => {
    const shape = fc.record({
      hops: fc.integer({ min: 1, max: 4 }),
      acts: fc.subarray([...acts], { minLength: 1 }),
      ordinary: fc.nat(3),
    });
    const sizes = fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(shape, sizes, async (one, sizes) => {
        const records = incident(one);
        const { settlement } = await settled([[records]], { registry, watchers: watchedLive });
        const ports = portsOf({ registry });
        const found: Finding[] = [];
        for (const batch of inBatches(
          records.map((other) => messageOf(other)),
          sizes,
        ))
          found.push(...(await audit(batch, ports)).settlement.findings);
        const essence = (all: readonly Finding[]) =>
          all.map(({ id, attribution: { root, hops, kind } }) => [id, kind, root, hops.length]).sort();
        expect(essence(found)).toEqual(essence(settlement.findings));
      }),
      { numRuns: 60 },
    );
  });

  it("adds no ledger entry when everything is delivered again, alone or in its batches", async () => {
    const messages = incident({ hops: 2, acts, ordinary: 3 }).map((one) => messageOf(one));
    const sizes = fc.array(fc.integer({ min: 1, max: 5 }), { minLength: 1, maxLength: 3 });
    await fc.assert(
      fc.asyncProperty(sizes, async (sizes) => {
        const ports = portsOf({ registry });
        const batches = inBatches(messages, sizes);
        for (const batch of batches) await audit(batch, ports);
        const before = await entriesOf(ports.ledger);
        expect(before.length).toBeGreaterThan(6);
        for (const batch of batches) await audit([...batch, ...batch], ports);
        for (const batch of batches.toReversed()) await audit(batch, ports);
        expect(await entriesOf(ports.ledger)).toEqual(before);
      }),
      { numRuns: 20 },
    );
  });

  it("gives every message one disposition, in the order of the messages", async () => {
    const found = await audit(
      [
        messageOf(fromLambda(), "decided"),
        messageOf(
          record({
            eventSource: "cloudtrail.amazonaws.com",
            eventName: "StopLogging",
            requestParameters: { name: "main" },
            eventID: eventId(7),
          }),
          "found",
        ),
        { id: "poison", body: "{" },
        messageOf(instanceEnvelope({ "detail-type": "Nobody Decodes This" }), "filtered"),
      ],
      portsOf(),
    );
    expect(found.dispositions).toEqual([
      { kind: "decided", message: "decided", findings: 0 },
      { kind: "decided", message: "found", findings: 1 },
      { kind: "parked", message: "poison", reason: "not valid JSON" },
      { kind: "filtered", message: "filtered" },
    ]);
  });

  it("parks what it cannot read, once, with its whole body", async () => {
    const ports = portsOf();
    const future = messageOf(record({ eventTime: secondsAfter(36_000 + 601) }), "future");
    const poison: readonly Message[] = [
      { id: "cut", body: '{"detail-type":' },
      { id: "list", body: JSON.stringify([record()]) },
      { id: "version", body: JSON.stringify(envelope(record({ eventVersion: "2.0" }))) },
      {
        id: "oversized",
        body: JSON.stringify(envelope(record({ requestParameters: { text: "x".repeat(1_048_600) } }))),
      },
      future,
    ];
    expect(kinds(await audit(poison, ports))).toEqual(Array(5).fill("parked"));
    expect(kinds(await audit(poison, ports))).toEqual(Array(5).fill("parked"));
    const items = await ports.parked.list();
    expect(items.map(({ source, body }) => ({ id: source, body }))).toEqual(poison);
    for (const { reason, at, schema } of items)
      expect([reason.length > 0, at, schema]).toEqual([true, ports.clock.now(), 1]);
    expect(await entriesOf(ports.ledger)).toEqual([]);
  });

  it("takes an event of the next ten minutes, for clocks differ", async () => {
    const soon = messageOf(record({ eventTime: secondsAfter(36_000 + 599) }));
    expect(kinds(await audit([soon], portsOf()))).toEqual(["decided"]);
  });

  it("parks one message and decides its neighbours", async () => {
    const ports = portsOf({ registry });
    const harm = incident({ hops: 1, acts, ordinary: 0 }).map((one) => messageOf(one));
    const { settlement } = await audit(
      harm.flatMap((one, place) => [{ id: `poison ${place}`, body: "no" }, one]),
      ports,
    );
    expect(settlement.findings.length).toBeGreaterThan(2);
    expect(await ports.parked.list()).toHaveLength(harm.length);
  });

  it("remembers who issued a credential, and nothing secret of it", async () => {
    const ports = portsOf();
    await audit(
      incident({ hops: 1, acts: [], ordinary: 0 }).map((one) => messageOf(one)),
      ports,
    );
    const [key] = incident({ hops: 1, acts: [], ordinary: 0 }).map(
      (one) => Object(one["responseElements"]).credentials.accessKeyId,
    );
    const links = (await ports.sessions.findNow([`key ${key}`])).get(`key ${key}`);
    expect(links).toMatchObject([
      { schema: 1, issuance: { accessKeyId: key, eventID: eventId(1), caller: { accessKeyId: exampleKey } } },
    ]);
    expect(JSON.stringify(links)).not.toContain("opaque");
  });

  it("does not report an undeclared identity with every batch", async () => {
    const ports = portsOf({ registry });
    const { settlement } = await audit([messageOf(fromLambda())], ports);
    expect([settlement.findings, await entriesOf(ports.ledger)]).toEqual([[], []]);
  });
});
