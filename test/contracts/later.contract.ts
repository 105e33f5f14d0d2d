import { expect, it } from "vitest";
import { instant } from "../../core/event/instant.ts";
import type { Later } from "../../core/flow/later.ts";

/** What everything that does X at T must do, whatever it is made of. */
export function laterContract(make: () => Later): void {
  it("gives out what is due, in time order, and nothing before its time", async () => {
    const later = make();
    await later.schedule("b", instant(20), { verify: "b" });
    await later.schedule("a", instant(20), { verify: "a" });
    await later.schedule("c", instant(10), { verify: "c" });
    expect(await later.due(instant(9))).toEqual([]);
    expect((await later.due(instant(10))).map((one) => one.key)).toEqual(["c"]);
    expect((await later.due(instant(20))).map((one) => one.key)).toEqual(["c", "a", "b"]);
    expect(await later.due(instant(10))).toEqual([{ schema: 1, key: "c", at: 10, message: { verify: "c" } }]);
  });
  it("gives it out again until it is done", async () => {
    const later = make();
    await later.schedule("a", instant(1), {});
    expect(await later.due(instant(5))).toHaveLength(1);
    expect(await later.due(instant(5))).toHaveLength(1);
    await later.done("a");
    expect(await later.due(instant(5))).toEqual([]);
  });
  it("schedules a key once, also after it was done", async () => {
    const later = make();
    expect(await later.schedule("a", instant(1), { n: 1 })).toBe("scheduled");
    expect(await later.schedule("a", instant(2), { n: 2 })).toBe("known");
    expect(await later.due(instant(9))).toMatchObject([{ at: 1, message: { n: 1 } }]);
    await later.done("a");
    expect(await later.schedule("a", instant(3), { n: 3 })).toBe("known");
    expect(await later.due(instant(9))).toEqual([]);
  });
  it("takes an unknown key as done by someone else", async () => {
    const later = make();
    await expect(later.done("nobody")).resolves.toBeUndefined();
    expect(await later.schedule("nobody", instant(1), {})).toBe("scheduled");
  });
}
