import { expect, it } from "vitest";
import { type ActivityStore, historyOf, type Sighting, sketchSize } from "../../core/detect/windows/activity-store.ts";
import { instant } from "../../core/event/instant.ts";
import { eventId } from "./examples.ts";

const day = 86_400_000;
const seen = (id: number, at: number): Sighting => ({
  identity: "role:a",
  action: "s3:GetObject",
  eventID: eventId(`event-${id}`),
  at: instant(at),
});
const read = (store: ActivityStore) => store.read("role:a", "s3:GetObject");

/** What every activity store must do, whatever it is made of. */
export function activityStoreContract(make: () => ActivityStore): void {
  it("knows first, last and count of each day, oldest first", async () => {
    const store = make();
    await store.add([seen(3, day + 7), seen(1, 5), seen(2, 9)]);
    const days = await read(store);
    expect(days.map((one) => [one.day, one.first, one.last])).toEqual([
      ["1970-01-01", 5, 9],
      ["1970-01-02", day + 7, day + 7],
    ]);
    expect(historyOf(days)).toEqual({ first: 5, last: day + 7, days: 2, count: 3, exact: true });
  });
  it("counts an event once, however often it comes", async () => {
    const store = make();
    expect(await store.add([seen(1, 5), seen(1, 5)])).toHaveLength(1);
    expect(await store.add([seen(1, 5)])).toHaveLength(0);
    expect(historyOf(await read(store))?.count).toBe(1);
  });
  it("says nothing about an identity or action it never saw", async () => {
    const store = make();
    await store.add([seen(1, 5)]);
    expect(await store.read("role:a", "s3:PutObject")).toEqual([]);
    expect(historyOf(await store.read("role:b", "s3:GetObject"))).toBeUndefined();
  });
  it("ends the same for any order of batches", async () => {
    const all = [...Array(300).keys()].map((n) => seen(n, (n * 7_919) % (2 * day)));
    const [forward, backward] = [make(), make()];
    await forward.add(all);
    for (const one of all.toReversed()) await backward.add([one]);
    await backward.add(all);
    expect(await read(backward)).toEqual(await read(forward));
  });
  it("stays bounded on a busy day and estimates within 50 %", async () => {
    const store = make();
    await store.add([...Array(5_000).keys()].map((n) => seen(n, n)));
    const days = await read(store);
    expect(days[0]?.sketch).toHaveLength(sketchSize);
    const history = historyOf(days);
    expect(history?.exact).toBe(false);
    expect(history?.count).toBeGreaterThan(2_500);
    expect(history?.count).toBeLessThan(7_500);
  });
  it("forgets days before the horizon's day", async () => {
    const store = make();
    await store.add([seen(1, 5), seen(2, day + 5)]);
    expect(await store.evict(instant(day + 9))).toBe(1);
    expect((await read(store)).map((one) => one.day)).toEqual(["1970-01-02"]);
  });
}
