import { describe, expect, it } from "vitest";
import { csvCell } from "../../cli/inventory-csv.ts";

describe("a CSV cell", () => {
  it("is never taken for a formula, also behind blanks or in wide characters", () => {
    for (const hostile of ["=1+1", "+1", "-1", "@SUM(A1)", " =1", "\t=1", "\r=1", "|calc", "＝1", "\u00a0=1"])
      expect(csvCell(hostile).replace(/^"/, "").startsWith("'"), hostile).toBe(true);
  });

  it("is quoted where it holds a separator, a quote or a line end, with quotes doubled", () => {
    expect(csvCell('a,"b"\n')).toBe('"a,""b""\n"');
    expect(csvCell("a;b")).toBe('"a;b"');
  });

  it("is left alone otherwise", () => {
    for (const plain of ["support-bot", "arn:aws:iam::111122223333:role/a", "", "10", "a=b", "a-b"])
      expect(csvCell(plain)).toBe(plain);
  });
});
