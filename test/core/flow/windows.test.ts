import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { sqliteWindows } from "../../../adapters/local/sqlite-windows.ts";
import { memoryWindows } from "../../../adapters/memory/windows.ts";
import type { Finding } from "../../../core/detect/finding.ts";
import { wakeIndex } from "../../../core/detect/run.ts";
import type { WindowStore } from "../../../core/detect/windows/window-store.ts";
import type { Watchers } from "../../../core/flow/findings.ts";
import { storeFolder } from "../../adapters/local/store-folder.ts";
import { eventId, type RecordObject, secondsAfter, session, sessionKey, user } from "../../fixtures/records.ts";
import { countingFrom } from "../detect/windows/window-detectors.ts";
import { asks, line, stops } from "./live-line.ts";
import { settled } from "./settling.ts";

const folder = storeFolder();
const detector = countingFrom(3, 3_600_000);
const watchers: Watchers = {
  detectors: [],
  wakeIndex: wakeIndex([], detector.watches),
  windowed: { detectors: [detector], wakeIndex: wakeIndex([detector]) },
  undeclared: "not-sought",
};
const stop = (number: number, seconds: number, by = user()): RecordObject =>
  stops(by as never, number, { eventTime: secondsAfter(seconds) });

const essence = ({ id, at, count, eventIDs, severity }: Finding) => ({ id, at, count, eventIDs, severity });

/** What the live line says last of each finding, after these batches. */
async function live(batches: readonly (readonly RecordObject[])[], windows: WindowStore) {
  const { batch } = line();
  const last = new Map<string, Finding>();
  for (const records of batches) {
    const { settlement } = await batch(records, { watchers, windows });
    for (const one of settlement.findings) last.set(one.id, one);
  }
  return last;
}

describe.each([
  ["memory", () => memoryWindows()],
  ["SQLite", () => sqliteWindows(folder.open())],
] as const)("the live line with windows in %s", (_, make) => {
  it("finds what came in several batches, in any order", async () => {
    const records = [stop(1, 0), stop(2, 60), stop(3, 120)];
    for (const order of [records, records.toReversed()]) {
      const found = await live(
        order.map((one) => [one]),
        make(),
      );
      expect([...found.values()].map(essence)).toMatchObject([
        { count: 3, eventIDs: [eventId(1), eventId(2), eventId(3)] },
      ]);
    }
  });

  it("finds at least what one replay of the same records finds, the same to the last id", async () => {
    const records = fc.array(fc.nat(4 * 3_600), { minLength: 1, maxLength: 14 });
    await fc.assert(
      fc.asyncProperty(
        records,
        fc.integer({ min: 1, max: 5 }),
        fc.infiniteStream(fc.nat()),
        async (times, size, luck) => {
          const made = times.map((seconds, number) => stop(number, seconds));
          const mixed = made.map((one) => [luck.next().value ?? 0, one] as const).sort((a, b) => a[0] - b[0]);
          const batches = Array.from({ length: Math.ceil(mixed.length / size) }, (_one, place) =>
            mixed.slice(place * size, (place + 1) * size).map(([, one]) => one),
          );
          const { settlement } = await settled([[made]], { watchers });
          const found = await live(batches, make());
          for (const one of settlement.findings) expect(essence(found.get(one.id) ?? one)).toEqual(essence(one));
          expect([...found.keys()]).toEqual(expect.arrayContaining(settlement.findings.map(({ id }) => id)));
        },
      ),
      { numRuns: 25 },
    );
  });

  it("changes nothing when a batch is delivered again", async () => {
    const { batch, steps } = line();
    const windows = make();
    const records = [stop(1, 0), stop(2, 60), stop(3, 120)];
    await batch(records, { watchers, windows });
    const before = await steps("found");
    await batch(records, { watchers, windows });
    await batch(records.slice(0, 1), { watchers, windows });
    expect(before).toHaveLength(1);
    expect(await steps("found")).toEqual(before);
  });
});

describe("who a finding of several events is about", () => {
  const bot = session("a", "s", sessionKey(1));
  const parent = asks(sessionKey(1), 90);

  it("is whoever made the first, in a replay and live", async () => {
    const records = [stop(1, 0, bot), stop(2, 60), stop(3, 120)];
    const { settlement } = await settled([[records]], { watchers });
    expect(settlement.findings.map((one) => one.principal)).toEqual([bot["arn"]]);
    const found = await live(
      records.map((one) => [one]),
      memoryWindows(),
    );
    expect([...found.values()].map((one) => one.principal)).toEqual([bot["arn"]]);
  });

  it("moves to the case of whoever is behind it when the issuing call comes later", async () => {
    const { batch, members } = line();
    const windows = memoryWindows();
    const [old] = (await batch([stop(1, 0, bot), stop(2, 60, bot), stop(3, 120, bot)], { watchers, windows }))
      .settlement.cases;
    const { reconsidered, merges } = await batch([parent], { watchers, windows });
    expect(reconsidered?.findings.map((one) => one.count)).toEqual([3]);
    expect(merges).toMatchObject([{ from: old?.id, left: 0 }]);
    expect(await members(old?.id ?? "")).toEqual([]);
    expect(await members(reconsidered?.cases[0]?.id ?? "")).toHaveLength(1);
  });

  it("is told by what its session's later events tell, where they came in other batches", async () => {
    const { batch, members } = line();
    const one = { watchers, windows: memoryWindows() };
    await batch([stop(1, 0, bot)], one);
    const [old] = (await batch([stop(2, 60, bot), stop(3, 120, bot)], one)).settlement.cases;
    const { reconsidered, merges } = await batch([parent], one);
    expect(merges).toMatchObject([{ from: old?.id, left: 0 }]);
    const now = reconsidered?.cases[0]?.id ?? "";
    // Whoever looks at the window next, without the session, comes to the same.
    const { settlement } = await batch([stop(4, 180, user())], one);
    expect(settlement.findings.map((found) => [found.count, found.attribution.hops.length])).toEqual([[4, 2]]);
    expect(settlement.cases.map(({ id }) => id)).toEqual([now]);
    expect(await members(old?.id ?? "")).toEqual([]);
    expect(await members(now)).toHaveLength(1);
  });
});
