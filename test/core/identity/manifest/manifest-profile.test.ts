import { describe, expect, it } from "vitest";
import { problemsOf, registryFrom } from "./manifest-examples.ts";

describe("a profile", () => {
  const base =
    "apiVersion: cordon/v1\nkind: Profile\nmetadata: { name: base, owner: team-base }\nspec: { envelope: { regions: [us-east-1], accelerators: { families: [g5], maxInstances: 4 } } }\n";
  const child = (name = "base") =>
    `apiVersion: cordon/v1\nkind: Workload\nextends: ${name}\nmetadata: { name: bot }\nspec:\n  identifiedBy: [ { accessKeyId: AKIAIOSFODNN7EXAMPLE } ]\n  envelope: { accelerators: { maxInstances: 2 } }\n`;
  it("lends what the workload does not say: mappings merge, everything else is the workload's whole", () => {
    const found = registryFrom(child(), base).named("bot");
    expect(found).toMatchObject({
      name: "bot",
      owner: "team-base",
      envelope: { regions: ["us-east-1"], accelerators: { families: ["g5"], maxInstances: 2 } },
    });
    const lists = registryFrom(child().replace("envelope: {", "envelope: { regions: [us-west-2],"), base).named("bot");
    expect(lists?.envelope.regions).toEqual(["us-west-2"]);
  });
  it("may extend a profile; the nearer one wins", () => {
    const nearer =
      "apiVersion: cordon/v1\nkind: Profile\nextends: base\nmetadata: { name: nearer, owner: team-near }\n";
    expect(registryFrom(child("nearer"), base, nearer).named("bot")).toMatchObject({
      owner: "team-near",
      envelope: { regions: ["us-east-1"] },
    });
  });
  it("that is not there, or extends itself, is an error", () => {
    expect(problemsOf(child("bsae"), base)).toEqual(['a.yaml:3:10: no Profile is named "bsae"; did you mean "base"?']);
    const loop = base.replace("metadata", "extends: base\nmetadata");
    expect(problemsOf(child(), loop)).toEqual([expect.stringContaining('b.yaml:3:10: "base" extends itself')]);
  });
  it("may be incomplete where the workload says the rest, and only there", () => {
    const part = base.replace("families: [g5], ", "");
    expect(problemsOf(child().replace("maxInstances: 2", "families: [p4d]"), part)).toEqual([]);
    expect(problemsOf(child(), part)).toEqual([expect.stringContaining('a.yaml:7:29: accelerators needs "families"')]);
    expect(problemsOf(child(), base.replace(", owner: team-base", ""))).toEqual([
      'a.yaml:4:11: metadata needs "owner"',
    ]);
  });
  it("holds nothing that is one workload's own", () => {
    expect(problemsOf(base.replace("spec: {", "spec: { identifiedBy: [],"))[0]).toContain('unknown key "identifiedBy"');
    expect(problemsOf(base.replace("owner: team-base", "owner: team-base, status: draft"))[0]).toContain(
      'unknown key "status"',
    );
  });
  it("that is wrong is reported once, at its own place, however many extend it", () => {
    const wrong = base.replace("us-east-1", "us-east-*");
    const twin = child().replace("name: bot", "name: twin").replace("AKIAIOSFODNN7EXAMPLE", "AKIAI44QH8DHBEXAMPLE");
    expect(problemsOf(child(), twin, wrong)).toEqual([expect.stringContaining("c.yaml:4:31: ")]);
  });
});
