import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import accelerators from "../../../../core/detect/accelerators.data.json" with { type: "json" };
import { acceleratorOf, familyDeclared } from "../../../../core/detect/capacity/accelerator.ts";
import { acceleratorFile, acceleratorTable } from "../../../../scripts/make-accelerators.ts";

const file = join(import.meta.dirname, "../../../../core/detect/accelerators.data.json");
const measured = join(import.meta.dirname, "../../../../../shared/data/open/gpu_instance_types.json");
if (!existsSync(measured))
  console.warn("skipped: ../shared/data/open is not here, so the table is compared with nothing");

describe("acceleratorOf", () => {
  it.each([
    ["g5.12xlarge", "g5", 4],
    ["ml.g5.12xlarge", "g5", 4],
    ["ML.P4D.24XLARGE", "p4d", 8],
    ["p3", "p3", 1],
    ["g5.1000xlarge", "g5", 1],
    ["g6f.xlarge", "g6f", 0.125],
    ["p6-b200.48xlarge", "p6-b200", 8],
    ["p6-z900.48xlarge", "p6-z900", 1],
    ["trn9.large", "trn9", 1],
  ])("knows %s as %s with %d", (type, family, perInstance) => {
    expect(acceleratorOf(type, accelerators)).toEqual({ family, perInstance });
  });

  it.each([
    "m5.large",
    "c7g.xlarge",
    "t4g.nano",
    "mac2.metal",
    "optimal",
    "hpc7g.4xlarge",
    "x2gd.metal",
    "",
    "ml.",
    "constructor",
    "__proto__.x",
  ])("knows that %j has none", (type) => {
    expect(acceleratorOf(type, accelerators)).toBeUndefined();
  });

  it("answers for any text", () => {
    fc.assert(fc.property(fc.string(), (type) => acceleratorOf(type, accelerators)?.perInstance !== 0));
  });
});

describe("familyDeclared", () => {
  it.each([
    ["g5", ["g5"], true],
    ["g5", ["ml.G5"], true],
    ["p5en", ["p5*"], true],
    ["p6-b200", ["p6"], true],
    ["g5g", ["g5"], false],
    ["p5", [], false],
  ])("%s by %j is %s", (family, declared, covered) => expect(familyDeclared(family, declared)).toBe(covered));
});

describe("the table", () => {
  it("is what the script makes", () => {
    expect(readFileSync(file, "utf8")).toBe(acceleratorFile(acceleratorTable()));
  });

  it("names no family that its first letters would not betray", () => {
    for (const family of Object.keys(accelerators.families))
      expect(acceleratorOf(`${family}.x`, { ...accelerators, families: {} }), family).toBeDefined();
  });

  it.skipIf(!existsSync(measured))("agrees with a public list on every type that both know", () => {
    const { types }: { types: readonly { type: string; count: number }[] } = JSON.parse(readFileSync(measured, "utf8"));
    const differing = types.filter(({ type, count }) => {
      const found = acceleratorOf(type, accelerators);
      const known = Object.hasOwn(accelerators.families, found?.family ?? "");
      return found === undefined || (known && Math.floor(found.perInstance) !== count);
    });
    expect(differing).toEqual([]);
  });
});
