import { describe, expect, it } from "vitest";
import { asAccessKeyId, asAccountId, isLongTerm } from "../../../core/iam/identifiers.ts";

describe("identifiers", () => {
  it("takes twelve digits for an account, leading zeros too", () => {
    expect(asAccountId("000000000001")).toBe("000000000001");
    for (const other of [
      "11112222333",
      "1111222233334",
      "11112222333x",
      "111122223333\n",
      "",
      111122223333,
      null,
      ["111122223333"],
    ])
      expect(asAccountId(other), String(other)).toBeUndefined();
  });

  it("takes 16 to 128 word characters for a key id", () => {
    for (const length of [16, 128]) expect(asAccessKeyId("A".repeat(length))).toHaveLength(length);
    for (const other of ["A".repeat(15), "A".repeat(129), "AKIA-OSFODNN7EXAMPLE", "", null, 7])
      expect(asAccessKeyId(other)).toBeUndefined();
  });

  it("takes keys that begin with AKIA, and no others, for long-term", () => {
    const known = ["AKIAIOSFODNN7EXAMPLE", "ASIAIOSFODNN7EXAMPLE", "ABIAIOSFODNN7EXAMPLE"].map(asAccessKeyId);
    expect(known.map((key) => key !== undefined && isLongTerm(key))).toEqual([true, false, false]);
  });
});
