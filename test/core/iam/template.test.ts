import { describe, expect, it } from "vitest";
import { contextOf } from "../../../core/iam/context.ts";
import { compileGlob, matchesGlob } from "../../../core/iam/glob.ts";
import { type PolicyVersion, resolve, templateOf, widest } from "../../../core/iam/template.ts";

const context = contextOf({ "aws:username": "ann", "aws:PrincipalTag/star": "*", "aws:TagKeys": ["a"], empty: "" });

const fits = (pattern: string, text: string, version: PolicyVersion = "2012-10-17"): boolean | undefined => {
  const units = resolve(templateOf(pattern, { version, wildcards: true }), context);
  return units && matchesGlob(compileGlob(units), text);
};

describe("policy variables", () => {
  it.each([
    [`home/\${aws:username}/*`, "home/ann/x"],
    [`\${AWS:UserName}`, "ann"],
    [`\${aws:username}-\${aws:username}`, "ann-ann"],
    [`\${none, 'all hands'}/*`, "all hands/x"],
    [`\${none,'x'}`, "x"],
    [`\${empty}`, ""],
    [`\${*}\${?}\${$}`, "*?$"],
    [`\${aws:username`, `\${aws:username`],
    [`\${}`, `\${}`],
    [`\${a\${aws:username}`, `\${aann`],
  ])("%s becomes %s", (pattern, text) => expect(fits(pattern, text)).toBe(true));

  it("are never wildcards, whatever they stand for", () => {
    expect(fits(`\${aws:PrincipalTag/star}`, "*")).toBe(true);
    expect(fits(`\${aws:PrincipalTag/star}`, "anything")).toBe(false);
    expect(fits(`\${*}`, "anything")).toBe(false);
  });

  it.each([
    ["no such key", `\${none}`],
    ["a key with a list", `\${aws:TagKeys}`],
    ["a default without quotes", `\${none, x}`],
  ])("have no value: %s", (_, pattern) => expect(fits(pattern, "x")).toBeUndefined());

  it("are text in version 2008-10-17", () => {
    expect(fits(`\${aws:username}`, `\${aws:username}`, "2008-10-17")).toBe(true);
    expect(fits(`\${aws:username}`, "ann", "2008-10-17")).toBe(false);
  });

  it("can be widened to whatever they may stand for", () => {
    const most = compileGlob(widest(templateOf(`a/\${x}/b`, { version: "2012-10-17", wildcards: true })));
    expect(matchesGlob(most, "a/anything/b")).toBe(true);
    expect(matchesGlob(most, "b/anything/b")).toBe(false);
  });

  it("are read in linear time", () => {
    const from = performance.now();
    templateOf("${".repeat(200_000), { version: "2012-10-17", wildcards: true });
    expect(performance.now() - from).toBeLessThan(2_000);
  });
});
