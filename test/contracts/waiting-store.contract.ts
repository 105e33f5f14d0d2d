import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import { mostWaiting, type WaitingRecord, type WaitingStore, waitingId } from "../../core/flow/live/waiting-store.ts";
import { longestSession } from "../../core/identity/lineage/session-store.ts";

const at = instant(Date.parse("2026-11-20T10:00:00Z"));

/** A record that waits; numbers tell records apart. */
export const waitingExample = (number = 1, over: Partial<WaitingRecord> = {}): WaitingRecord => ({
  schema: 1,
  id: waitingId([number, 2, 3, 4]),
  at,
  keys: ["key a", "key b"],
  cases: ["case 1"],
  row: { words: [number, 2, 3, 4, 5], principal: "{}", purposes: 1, json: "{}", links: { keys: [] } },
  context: [],
  ...over,
});

/** What everything that keeps findings waiting must do, whatever it is made of. */
export function waitingStoreContract(make: () => WaitingStore): void {
  it("finds a record by its id and under each of its keys, once, in time order", async () => {
    const store = make();
    const [first, second] = [waitingExample(1, { at: instant(at + 1) }), waitingExample(2, { keys: ["key b"] })];
    expect(await store.put([first, second])).toEqual([]);
    expect(await store.read([first.id, "nobody"])).toEqual([first]);
    expect(await store.under(["key a"])).toEqual([first]);
    expect(await store.under(["key a", "key b", "key c"])).toEqual([second, first]);
    expect(await store.under([])).toEqual([]);
  });
  it("adds keys and cases up, whatever the order and the repetitions", async () => {
    const [one, other] = [waitingExample(), waitingExample(1, { keys: ["key b", "key c"], cases: ["case 0"] })];
    for (const order of [
      [one, other, one],
      [other, one, other],
    ]) {
      const store = make();
      for (const seen of order) await store.put([seen]);
      const joined = { ...one, keys: ["key a", "key b", "key c"], cases: ["case 0", "case 1"] };
      expect(await store.read([one.id])).toEqual([joined]);
      for (const key of joined.keys) expect(await store.under([key])).toEqual([joined]);
    }
  });
  it("keeps the longer of two copies of a record, whichever came first", async () => {
    const longer = waitingExample(1, { row: { ...waitingExample().row, json: '{"more":true}' } });
    for (const order of [
      [waitingExample(), longer],
      [longer, waitingExample()],
    ]) {
      const store = make();
      await store.put(order);
      expect(await store.read([longer.id])).toEqual([longer]);
    }
  });
  it("keeps a bounded number under one key, says who came too late, and still tells them by their other keys", async () => {
    const store = make();
    const full = Array.from({ length: mostWaiting }, (_, n) => waitingExample(n, { keys: ["key a"] }));
    expect(await store.put(full)).toEqual([]);
    const [lost, half] = [waitingExample(5_000, { keys: ["key a"] }), waitingExample(5_001)];
    expect(await store.put([lost, half])).toEqual([lost.id, half.id]);
    expect(await store.under(["key a"])).toHaveLength(mostWaiting);
    expect(await store.read([lost.id])).toEqual([]);
    expect(await store.under(["key b"])).toEqual([{ ...half, keys: ["key b"] }]);
    const known = waitingExample(0, { keys: ["key a"], cases: ["case 2"] });
    expect(await store.put([known])).toEqual([]);
    expect((await store.read([known.id]))[0]?.cases).toEqual(["case 1", "case 2"]);
  });
  it("keeps a record for 36 hours of event time, and no longer when told the horizon", async () => {
    const store = make();
    const younger = waitingExample(2, { at: instant(at + 1) });
    await store.put([waitingExample(), younger]);
    expect(await store.evict(instant(at + longestSession - 1))).toBe(0);
    expect(await store.evict(instant(at + longestSession))).toBe(1);
    expect(await store.under(["key a"])).toEqual([younger]);
    expect(await store.read([waitingExample().id])).toEqual([]);
    expect(await store.put([waitingExample()])).toEqual([]);
  });
  it("refuses nothing that a record or a key may hold", async () => {
    const store = make();
    const odd = waitingExample(1, { keys: [`key '); DROP TABLE waiting; -- ${"\u202e"}`] });
    await store.put([odd]);
    expect(await store.under(odd.keys)).toEqual([odd]);
  });
}
