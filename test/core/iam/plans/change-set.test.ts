import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../core/event/json.ts";
import { readChangeSet } from "../../../../core/iam/plans/change-set.ts";
import { afterApply, type HolderKey, type PlannedHolder } from "../../../../core/iam/plans/planned-access.ts";
import { allow, changeSet, later, resourceChange } from "../plan-samples.ts";

const holdersOf = (set: JsonObject, template?: JsonObject): ReadonlyMap<HolderKey, PlannedHolder> => {
  const read = readChangeSet(set, template);
  if (!read.ok) throw new Error(read.because);
  return new Map(read.access.holders.map((one) => [one.key, one]));
};

const policy = (...statements: readonly JsonObject[]): JsonObject => ({ Version: "2012-10-17", Statement: statements });

describe("a change set", () => {
  it("gives a policy of the stack to the role that it names", () => {
    const holders = holdersOf(
      changeSet([
        resourceChange("AWS::IAM::Policy", "Own", {
          before: { PolicyName: "own", Roles: ["bot"], PolicyDocument: policy(allow("s3:GetObject")) },
          after: { PolicyName: "own", Roles: ["bot"], PolicyDocument: policy(allow("s3:*")) },
        }),
      ]),
    );
    expect(holders.get("role bot")?.before.documents[0]?.document).toEqual(policy(allow("s3:GetObject")));
    expect(holders.get("role bot")?.after.documents[0]?.document).toEqual(policy(allow("s3:*")));
  });

  it("puts a pattern in place of what is known later, and asks the template which role is meant", () => {
    const template = {
      Parameters: { Bucket: { Type: "String", Default: "data" } },
      Resources: {
        Bot: { Type: "AWS::IAM::Role", Properties: {} },
        Own: {
          Type: "AWS::IAM::Policy",
          Properties: {
            Roles: [{ Ref: "Bot" }],
            // biome-ignore lint/suspicious/noTemplateCurlyInString: as CloudFormation writes it.
            PolicyDocument: policy(allow("s3:GetObject", { "Fn::Sub": "arn:${AWS::Partition}:s3:::${Bucket}/*" })),
          },
        },
      },
    };
    const set = changeSet([
      resourceChange("AWS::IAM::Role", "Bot", {
        after: {
          AssumeRolePolicyDocument: policy(),
          Policies: [{ PolicyName: "p", PolicyDocument: policy(allow("sqs:*", later)) }],
        },
      }),
      resourceChange("AWS::IAM::Policy", "Own", {
        after: { Roles: [later], PolicyDocument: policy(allow("s3:GetObject", later)) },
      }),
    ]);
    expect([...holdersOf(set, template).keys()]).toEqual(["role Bot"]);
    expect(
      holdersOf(set, template)
        .get("role Bot")
        ?.after.documents.map(({ document }) => document),
    ).toEqual([policy(allow("sqs:*", afterApply)), policy(allow("s3:GetObject", "arn:aws:s3:::data/*"))]);
    const alone = readChangeSet(set);
    expect(alone).toMatchObject({
      access: { unknown: [{ address: "Own", what: "whom Roles means (known after apply)" }] },
    });
  });

  it("reads roles, users, managed policies, doors and resource policies", () => {
    const holders = holdersOf(
      changeSet([
        resourceChange("AWS::IAM::Role", "Bot", {
          before: { RoleName: "bot", PermissionsBoundary: "arn:aws:iam::111122223333:policy/limit" },
          after: { RoleName: "bot", ManagedPolicyArns: ["arn:aws:iam::aws:policy/AdministratorAccess"] },
        }),
        resourceChange("AWS::IAM::ManagedPolicy", "Shared", {
          after: { Roles: ["bot"], PolicyDocument: policy(allow("sqs:*")) },
        }),
        resourceChange("AWS::IAM::User", "Ci", {
          after: { UserName: "ci", LoginProfile: { Password: "x" }, Groups: ["admins"] },
        }),
        resourceChange("AWS::IAM::AccessKey", "Key", { after: { UserName: "ci" } }),
        resourceChange("AWS::IAM::OIDCProvider", "Gh", { after: { Url: "https://token.example.com" } }),
        resourceChange("AWS::KMS::Key", "K", { after: { KeyPolicy: policy({ ...allow("kms:*"), Principal: "*" }) } }),
        resourceChange("AWS::SQS::QueuePolicy", "Q", { after: { Queues: ["q1", "q2"], PolicyDocument: policy() } }),
        resourceChange("AWS::Lambda::Permission", "P", {
          after: { FunctionName: "f", Principal: "s3.amazonaws.com", SourceArn: later },
        }),
        resourceChange("AWS::SNS::Subscription", "Other", { after: { Protocol: "sqs" } }),
      ]),
    );
    expect([...holders.keys()]).toEqual([
      "provider https://token.example.com",
      "resource K",
      "resource f",
      "resource q1",
      "resource q2",
      "role bot",
      "user ci",
    ]);
    expect(holders.get("role bot")?.before.boundary?.policy).toContain("policy/limit");
    expect(holders.get("role bot")?.after.attached).toEqual(["arn:aws:iam::aws:policy/AdministratorAccess"]);
    expect(holders.get("role bot")?.after.documents[0]?.document).toEqual(policy(allow("sqs:*")));
    expect(holders.get("user ci")?.after.doors.map(({ door }) => door)).toEqual(["console-password", "access-key"]);
    expect(holders.get("resource f")?.after.resourcePolicies[0]?.document).toMatchObject({
      Statement: [
        { Principal: { Service: "s3.amazonaws.com" }, Condition: { ArnLike: { "aws:SourceArn": afterApply } } },
      ],
    });
  });

  it("says that it was asked without its values, and takes the template for what will be", () => {
    const set = changeSet([
      resourceChange("AWS::IAM::Role", "Bot", { before: undefined, after: undefined, Action: "Modify" }),
    ]);
    expect(readChangeSet(set)).toMatchObject({
      access: { holders: [], unknown: [{ address: "Bot" }, { address: "Bot" }] },
    });
    const template = {
      Resources: { Bot: { Type: "AWS::IAM::Role", Properties: { RoleName: "bot", ManagedPolicyArns: ["a"] } } },
    };
    const read = readChangeSet(set, template);
    expect(read).toMatchObject({
      access: { holders: [{ key: "role bot", after: { attached: ["a"] } }], unknown: [{ address: "Bot" }] },
    });
  });

  it("takes a context of any depth, or none, for one that does not say what it holds", () => {
    const contexts = [
      "[".repeat(20_000) + "]".repeat(20_000),
      `{"Properties":${'{"a":'.repeat(5_000)}1${"}".repeat(5_001)}`,
      "{",
    ];
    for (const context of contexts) {
      const set = changeSet([resourceChange("AWS::IAM::Role", "Bot", { after: {}, AfterContext: context })]);
      expect(readChangeSet(set)).toMatchObject({ access: { holders: [], unknown: [{ address: "Bot" }] } });
    }
  });

  it.each([
    ["something else", { Stacks: [] }],
    ["one page of several", changeSet([], { NextToken: "more" })],
  ])("refuses %s", (_, value) => expect(readChangeSet(value).ok).toBe(false));
});
