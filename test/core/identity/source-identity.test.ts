import { describe, expect, it } from "vitest";
import { acceptsSourceIdentity, sourceIdentitiesOf } from "../../../core/identity/source-identity.ts";
import { workload } from "../../fixtures/workloads.ts";
import { problemsOf, workload as written } from "./manifest/manifest-examples.ts";

describe("a source identity", () => {
  const planner = workload("planner", { sourceIdentities: ["ci-*", "nightly"] });

  it("is the workload's when it is its name, its owner, or listed", () => {
    for (const value of ["planner", "team-planner", "ci-", "ci-77", "nightly"])
      expect(acceptsSourceIdentity(planner, value), value).toBe(true);
    for (const value of ["Planner", "ci", "nightly-2", "", "*", "support-bot"])
      expect(acceptsSourceIdentity(planner, value), value).toBe(false);
  });

  it("is listed once, as the nearest hop carries it", () => {
    const hop = { principal: "p", accessKeyId: null, eventID: null };
    expect(
      sourceIdentitiesOf([
        hop,
        { ...hop, eventID: "e1", sourceIdentity: "a" },
        { ...hop, eventID: "e2", sourceIdentity: "a" },
        { ...hop, eventID: "e3", sourceIdentity: "b" },
      ]).map(({ eventID }) => eventID),
    ).toEqual(["e1", "e3"]);
  });

  it.each(["*", "a", "with space", "x/y", `${"x".repeat(65)}`, "a*b"])(
    "is refused in a manifest when STS would not take it: %s",
    (value) => {
      const text = written("bot", "- roleArn: arn:aws:iam::111122223333:role/bot").replace(
        "spec:",
        `spec:\n  sourceIdentities: [${JSON.stringify(value)}]`,
      );
      expect(problemsOf(text)).toEqual([expect.stringContaining("a source identity, exact or ending in *")]);
    },
  );
});
