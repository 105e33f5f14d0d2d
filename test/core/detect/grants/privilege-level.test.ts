import { describe, expect, it } from "vitest";
import { credentialActions } from "../../../../core/detect/grants/credential-access.ts";
import { gravityOf } from "../../../../core/detect/grants/grant-gravity.ts";
import { levelSaid, mightier, privilegeKinds, privilegeLevel } from "../../../../core/detect/grants/privilege-level.ts";
import { type IdentityShape, identityFrom } from "../../../fixtures/known.ts";
import { tables } from "../../../fixtures/tables.ts";

const { iam } = tables;
const role = "arn:aws:iam::111122223333:role/reader";
const policy = (...actions: readonly string[]) => ({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }],
});
const levelOf = (shape: Partial<IdentityShape>) => privilegeLevel(identityFrom({ arn: role, ...shape }), iam);
const of = (...actions: readonly string[]) => levelOf({ policies: { own: policy(...actions) } });

describe("how mighty an identity is", () => {
  it("goes from everything to little", () => {
    expect(of("*").kind).toBe("administrator");
    expect(of("iam:PutRolePolicy", "s3:GetObject")).toMatchObject({
      kind: "escalates",
      paths: [{ id: "iam:PutRolePolicy" }],
    });
    expect(of("secretsmanager:GetSecretValue", "s3:GetObject")).toMatchObject({
      kind: "credential",
      actions: ["secretsmanager:GetSecretValue"],
    });
    expect(of("s3:GetObject")).toMatchObject({ kind: "data", actions: ["s3:GetObject"] });
    expect(of("ec2:DescribeInstances").kind).toBe("little");
    expect(levelOf({}).kind).toBe("little");
  });

  it("names the gravest way to more rights first", () => {
    const level = of("lambda:UpdateFunctionCode", "iam:CreatePolicyVersion", "sts:AssumeRole");
    expect(level.kind === "escalates" ? level.paths[0].severity : undefined).toBe("critical");
  });

  it("counts a boundary as a limit, and not as a policy of its own", () => {
    const boundary = { arn: "arn:aws:iam::111122223333:policy/limit", document: policy("s3:*") };
    expect(levelOf({ policies: { all: policy("*") }, boundary }).kind).toBe("data");
    expect(
      levelOf({ policies: { all: policy("*") }, boundary: { arn: boundary.arn, document: policy("*") } }).kind,
    ).toBe("administrator");
    const unread = { arn: "arn:aws:iam::aws:policy/AdministratorAccess" };
    expect(levelOf({ boundary: unread, missing: [unread.arn] })).toMatchObject({
      kind: "unknown",
      doubts: [expect.stringContaining("managed policies"), "the text of its boundary is not known"],
    });
  });

  it("knows what AWS's own policies give away, and that others may be anything", () => {
    const aws = (name: string) => levelOf({ missing: [`arn:aws:iam::aws:policy/${name}`] });
    expect(aws("AdministratorAccess").kind).toBe("administrator");
    expect(aws("IAMFullAccess").kind).toBe("escalates");
    expect(aws("AWSLambda_FullAccess")).toMatchObject({ kind: "escalates" });
    expect(aws("AmazonS3ReadOnlyAccess").kind).toBe("data");
    expect(aws("SomethingElse")).toMatchObject({ kind: "unknown", doubts: [expect.stringContaining("1 of its")] });
    expect(levelOf({ missing: ["arn:aws:iam::444455556666:policy/AdministratorAccess"] }).kind).toBe("unknown");
  });

  it("says what is not known", () => {
    expect(levelOf({ extent: "part" })).toEqual({ kind: "unknown", doubts: ["only some writes to it were seen"] });
    expect(levelOf({ extent: "part", policies: { all: policy("*") } }).kind).toBe("administrator");
    expect(levelOf({ boundary: "unknown" })).toMatchObject({ doubts: ["whether a boundary limits it is not known"] });
  });

  it("ranks levels, and never puts the unknown above anything", () => {
    const unknown = levelOf({ extent: "part" });
    expect(mightier(of("*"), of("s3:GetObject"))).toBe(true);
    expect(mightier(of("s3:GetObject"), of("*"))).toBe(false);
    expect(mightier(unknown, of("ec2:DescribeInstances"))).toBe(false);
    expect(mightier(of("s3:GetObject"), unknown)).toBe(true);
    expect(new Set(privilegeKinds).size).toBe(6);
  });

  it("is said in words", () => {
    expect(levelSaid(of("iam:PutRolePolicy"))).toBe("can give itself more rights (iam:PutRolePolicy)");
    expect(levelSaid(of("ssm:GetParameter"))).toBe("may read or make credentials (ssm:GetParameter)");
    expect([of("*"), of(), levelOf({ extent: "part" }), of("s3:GetObject")].map(levelSaid)).toEqual([
      "may do everything",
      "may do little",
      "has rights that are not known",
      "may read or write data (s3:GetObject)",
    ]);
  });
});

describe("what an action is worth", () => {
  it.each(credentialActions)("knows $action, with AWS's page", ({ action, source }) => {
    expect(iam.table.find(action)?.name).toBe(action);
    expect(URL.canParse(source)).toBe(true);
    expect(gravityOf(action.toUpperCase(), iam.table)).toBe("credential");
  });

  it("tells data from changes and from looking", () => {
    const worth = (action: string) => gravityOf(action, iam.table);
    expect(["s3:GetObject", "dynamodb:PutItem", "bedrock:InvokeModel"].map(worth)).toEqual(["data", "data", "data"]);
    expect(["ec2:RunInstances", "s3:PutBucketPolicy", "made:Up"].map(worth)).toEqual(["change", "change", "change"]);
    expect(["ec2:DescribeInstances", "s3:ListBucket", "iam:GetRole"].map(worth)).toEqual(["look", "look", "look"]);
  });
});
