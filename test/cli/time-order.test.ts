import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Timed, timeOrder } from "../../cli/time-order.ts";
import { memorySpool } from "../../core/event/spool.ts";

const item = fc.record({ at: fc.integer({ min: 0, max: 20 }), id: fc.string({ maxLength: 3 }), text: fc.string() });
const compared = (a: Timed, b: Timed): number => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);

describe("an order in time", () => {
  it("sorts by time and id, and loses nothing, however small the parts are", () => {
    fc.assert(
      fc.property(fc.array(item, { maxLength: 60 }), fc.integer({ min: 1, max: 80 }), (items, part) => {
        const order = timeOrder(memorySpool, part);
        for (const one of items) order.add(one);
        const sorted = [...order.sorted()];
        const key = ({ at, id }: Timed) => [at, id];
        expect(order.count).toBe(items.length);
        expect(sorted.map(key)).toEqual(items.toSorted(compared).map(key));
        expect(sorted.map((one) => JSON.stringify(one)).sort()).toEqual(items.map((one) => JSON.stringify(one)).sort());
      }),
    );
  });
  it("holds one part in memory and puts the others into spools", () => {
    let spools = 0;
    const order = timeOrder(() => {
      spools++;
      return memorySpool();
    }, 100);
    for (let at = 0; at < 100; at++) order.add({ at, id: "x", text: "y".repeat(9) });
    expect(spools).toBe(10);
  });
});
