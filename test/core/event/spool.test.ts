import { describe, expect, it } from "vitest";
import { memorySpool } from "../../../core/event/spool.ts";
import { spoolContract } from "../../contracts/spool.contract.ts";

describe("a spool in memory", () => spoolContract(memorySpool));

describe("the spool in memory", () => {
  it("numbers texts in their order and gives them back", () => {
    const spool = memorySpool();
    expect([spool.add("a"), spool.add(""), spool.add("a")]).toEqual([0, 1, 2]);
    expect(spool.count).toBe(3);
    expect([2, 1, 0].map((number) => spool.read(number))).toEqual(["a", "", "a"]);
  });

  it("says so when nothing has that number, and after it was closed", () => {
    const spool = memorySpool();
    spool.add("a");
    for (const number of [1, -1, 0.5]) expect(() => spool.read(number)).toThrow(RangeError);
    spool.close();
    expect(() => spool.read(0)).toThrow(RangeError);
  });
});
