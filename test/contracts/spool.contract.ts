import { expect, it } from "vitest";
import type { Spool } from "../../core/event/spool.ts";

/** What every spool must do: number texts in their order, give each back whole, and say when there is none. */
export function spoolContract(make: () => Spool): void {
  it("numbers texts in their order and gives them back in any order", () => {
    const spool = make();
    expect([spool.add("a"), spool.add(""), spool.add("é\n\u0000")]).toEqual([0, 1, 2]);
    expect(spool.count).toBe(3);
    expect([2, 1, 0].map((number) => spool.read(number))).toEqual(["é\n\u0000", "", "a"]);
    spool.close();
  });

  it("refuses a number that nothing has, also after it was closed", () => {
    const spool = make();
    spool.add("a");
    expect(() => spool.read(1)).toThrow(RangeError);
    spool.close();
    expect(() => spool.read(0)).toThrow(RangeError);
  });
}
