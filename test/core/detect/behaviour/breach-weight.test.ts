import { describe, expect, it } from "vitest";
import { weighed, weightOf, worthOf } from "../../../../core/detect/behaviour/breach-weight.ts";
import { instant } from "../../../../core/event/instant.ts";
import type { Conduct } from "../../../../core/identity/conduct.ts";
import { table } from "../../iam/tables.ts";

const conduct = (action: string, outcome: Conduct["outcome"] = "done"): Conduct => ({
  api: "s3:GetObject",
  partition: "aws",
  region: "us-east-1",
  account: "111122223333",
  checks: [{ action, resources: [] }],
  outcome,
});

it.each([
  ["iam:CreateUser", "high"],
  ["iam:TagRole", "high"],
  ["iam:PassRole", "high"],
  ["sts:AssumeRole", "high"],
  ["secretsmanager:GetSecretValue", "high"],
  ["s3:PutBucketPolicy", "high"],
  ["lambda:AddPermission", "high"],
  ["s3:GetObject", "medium"],
  ["dynamodb:DeleteTable", "medium"],
  ["ec2:RunInstances", "medium"],
  ["ec2:DescribeInstances", "low"],
  ["iam:ListUsers", "low"],
  ["s3:ListBucket", "low"],
] as const)("%s is worth %s", (action, severity) => expect(worthOf(action, table)).toBe(severity));

describe("a breach", () => {
  const region = { kind: "region", region: "us-west-2", declared: [] } as const;

  it("of a Region weighs as much as what was done there", () => {
    expect(weightOf(region, conduct("iam:PassRole"), table)).toBe("high");
    expect(weightOf(region, conduct("ec2:DescribeInstances"), table)).toBe("low");
    expect(weightOf(region, { ...conduct("x:y"), checks: [] }, table)).toBe("low");
  });

  it("of secrets and origins weighs high, of models and sessions medium", () => {
    const of = conduct("s3:ListBucket");
    expect(weightOf({ kind: "secret", secret: "s", declared: [] }, of, table)).toBe("high");
    expect(weightOf({ kind: "origin", origin: "o", declared: [] }, of, table)).toBe("high");
    expect(weightOf({ kind: "model", model: "m", declared: [] }, of, table)).toBe("medium");
    expect(weightOf({ kind: "session", seconds: 2, limit: 1 }, of, table)).toBe("medium");
  });

  it("of a grant weighs medium at least", () => {
    const grant = { id: "g", statements: [], from: instant(0), until: instant(1), approvedBy: "a" };
    const of = (action: string) => weightOf({ kind: "grant-not-in-force", action, grant }, conduct(action), table);
    expect([of("s3:ListBucket"), of("iam:CreateUser")]).toEqual(["medium", "high"]);
  });

  it("that was only tried weighs less, and never nothing", () => {
    const of = (action: string, outcome: Conduct["outcome"]) =>
      weighed({ kind: "action", action, declared: [] }, conduct(action, outcome), table);
    expect([of("iam:CreateUser", "denied"), of("s3:GetObject", "failed"), of("s3:ListBucket", "denied")]).toEqual([
      "medium",
      "low",
      "low",
    ]);
  });
});
