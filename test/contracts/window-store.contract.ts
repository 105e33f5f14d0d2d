import fc from "fast-check";
import { expect, it } from "vitest";
import {
  type Mark,
  type MarkedBy,
  type WindowKey,
  type WindowStore,
  windowLimit,
} from "../../core/detect/windows/window-store.ts";
import { instant } from "../../core/event/instant.ts";
import { eventId } from "./examples.ts";

const key: WindowKey = { detector: "sprawl-secret-sweep", subject: "role:a", start: instant(0) };
const mark = (member: string, at: number, id = `e-${member}-${at}`): WindowKey & Mark => ({
  ...key,
  member,
  at: instant(at),
  eventID: eventId(id),
});

/** What every window store must do, whatever it is made of. */
export function windowStoreContract(make: () => WindowStore): void {
  it("keeps each member once, with its earliest event", async () => {
    const store = make();
    await store.add([mark("a", 5), mark("b", 3), mark("a", 2), mark("a", 9)]);
    const window = await store.read(key);
    expect(window?.marks.map(({ member, at }) => [member, at])).toEqual([
      ["a", 2],
      ["b", 3],
    ]);
    expect(window?.more).toBe(false);
  });
  it("changes each window of a batch once, and none when everything was seen", async () => {
    const store = make();
    const batch = [...Array(50).keys()].map((n) => mark(`m${n}`, n));
    const other = { ...mark("x", 1), subject: "role:b" };
    expect(await store.add([...batch, other])).toHaveLength(2);
    expect(await store.add([...batch, other])).toHaveLength(0);
    expect(await store.add([mark("new", 1), other])).toHaveLength(1);
  });
  it("keeps what a mark says beside its event, and of two readings the one that knows more of who made it", async () => {
    const store = make();
    const by = (hops: number): MarkedBy => ({
      attribution: {
        kind: "unattributed",
        confidence: "low",
        because: "an example",
        root: { kind: "unknown", id: "" },
        hops: Array.from({ length: hops }, () => ({ principal: "p", accessKeyId: null, eventID: null })),
      },
      outcome: "done",
      region: "us-east-1",
      guessed: false,
    });
    const [more, less] = [by(2), by(1)].map((one) => ({ ...mark("a", 1), by: one, weight: 3, signer: "k" }));
    if (more === undefined || less === undefined) return;
    await store.add([less]);
    expect(await store.add([more])).toHaveLength(1);
    expect(await store.add([less])).toEqual([]);
    expect((await store.read(key))?.marks).toMatchObject([{ weight: 3, signer: "k", by: by(2) }]);
  });
  it("does not let two windows share members", async () => {
    const store = make();
    await store.add([mark("a", 1), { ...mark("b", 1), detector: "other" }, { ...mark("c", 1), start: instant(1) }]);
    expect((await store.read(key))?.marks.map((one) => one.member)).toEqual(["a"]);
    expect(await store.read({ ...key, subject: "nobody" })).toBeUndefined();
  });
  it("stays bounded and says so, and one loud member cannot push the others out", async () => {
    const store = make();
    await store.add([...Array(windowLimit + 10).keys()].map((n) => mark("loud", n)));
    expect(await store.read(key)).toMatchObject({ more: false });
    await store.add([...Array(windowLimit + 10).keys()].map((n) => mark(`m${n}`, n)));
    const window = await store.read(key);
    expect(window?.marks).toHaveLength(windowLimit);
    expect(window?.more).toBe(true);
  });
  it("ends the same for any order, any batches and any repetition", async () => {
    const marks = fc.array(fc.tuple(fc.nat(400), fc.nat(20)), { minLength: 1, maxLength: 600, size: "max" });
    const property = fc.asyncProperty(
      marks,
      fc.infiniteStream(fc.nat()),
      fc.integer({ min: 1, max: 99 }),
      async (seen, luck, size) => {
        const batch = seen.map(([member, at]) => mark(`m${member}`, at));
        const keyed = [...batch, ...batch.slice(0, 20)].map((one) => [luck.next().value, one] as const);
        const shuffled = keyed.sort((a, b) => a[0] - b[0]).map(([, one]) => one);
        const [straight, mixed] = [make(), make()];
        await straight.add(batch);
        for (let from = 0; from < shuffled.length; from += size) await mixed.add(shuffled.slice(from, from + size));
        expect(await mixed.read(key)).toEqual(await straight.read(key));
      },
    );
    await fc.assert(property, { numRuns: 15 });
  });
  it("forgets windows that start before the horizon", async () => {
    const store = make();
    await store.add([mark("a", 1), { ...mark("a", 1), start: instant(1_000) }]);
    expect(await store.evict(instant(1_000))).toBe(1);
    expect(await store.read(key)).toBeUndefined();
    expect(await store.read({ ...key, start: instant(1_000) })).toBeDefined();
  });
}
