import { describe, expect, it } from "vitest";
import { type ControlLevels, looseningMeasure } from "../../../../core/detect/guard-rails/control-change.ts";
import { documentFrom } from "../../../fixtures/known.ts";
import { tables } from "../../../fixtures/tables.ts";

const measure = looseningMeasure(tables.iam);
const statement = (Effect: "Allow" | "Deny", ...Action: readonly string[]) =>
  documentFrom({ Version: "2012-10-17", Statement: { Effect, Action, Resource: "*" } });
const full = statement("Allow", "*");
const pathsOf = (before: ControlLevels, after: ControlLevels): readonly string[] => {
  const found = measure(before, after);
  return found.kind === "looser" ? found.paths.map(({ id }) => id) : [];
};

describe("an account's control policies", () => {
  it("are as strict as before when they are written in another place or order", () => {
    const deny = statement("Deny", "s3:DeleteBucket");
    expect(measure([[full, deny], [full]], [[full], [deny, full]])).toEqual({ kind: "not-looser" });
    expect(measure([[full]], [[full, deny]])).toEqual({ kind: "not-looser" });
  });

  it("are looser by the actions that nothing denies any more", () => {
    const before = [[full], [full, statement("Deny", "s3:DeleteBucket", "s3:PutObject")]];
    const after = [[full], [full, statement("Deny", "s3:PutObject")]];
    expect(measure(before, after)).toEqual({ kind: "looser", actions: ["s3:DeleteBucket"], paths: [] });
  });

  it("name the escalation paths that are open again, and not those that were never closed", () => {
    const closed = [[full], [full, statement("Deny", "iam:CreatePolicyVersion")]];
    expect(pathsOf(closed, [[full], [full]])).toContain("iam:CreatePolicyVersion");
    expect(pathsOf(closed, [[full], [full]])).not.toContain("iam:PutRolePolicy");
  });

  it("keep a path closed while any level does not allow it", () => {
    const lambdaOnly = [statement("Allow", "lambda:*")];
    const closed = [lambdaOnly, [full, statement("Deny", "iam:CreatePolicyVersion")]];
    expect(pathsOf(closed, [lambdaOnly, [full]])).toEqual([]);
    expect(pathsOf([lambdaOnly], [[full]])).toContain("iam:CreatePolicyVersion");
  });

  it("are gone for an account that left", () =>
    expect(pathsOf([[full, statement("Deny", "iam:*")]], [])).toContain("iam:CreatePolicyVersion"));
});
