import { describe, expect, it } from "vitest";
import { newEntries } from "../../../../core/detect/grants/resource-entries.ts";
import { nameOf } from "../../../../core/iam/compare/trust-body.ts";
import { documentFrom } from "../../../fixtures/known.ts";

const root = { AWS: "arn:aws:iam::444455556666:root" };
const statement = (over: Record<string, unknown>) => ({
  Effect: "Allow",
  Principal: root,
  Action: "s3:GetObject",
  Resource: "arn:aws:s3:::example-data/*",
  ...over,
});
const policy = (...statements: readonly Record<string, unknown>[]) =>
  documentFrom({ Version: "2012-10-17", Statement: statements.map(statement) });
const shown = (old: ReturnType<typeof policy> | undefined, now: ReturnType<typeof policy>) =>
  newEntries(old, now).map(({ principal, actions, conditions }) => [
    nameOf(principal),
    ...actions,
    ...conditions.map(({ key }) => key),
  ]);

describe("whom a resource's policy lets in anew", () => {
  it("is nobody where only spelling and order changed", () => {
    const old = policy({ Action: ["s3:GetObject", "s3:PutObject"] });
    const now = policy({ Action: "S3:putobject", Sid: "b" }, { Principal: { AWS: "444455556666" }, Sid: "a" });
    expect(shown(old, now)).toEqual([]);
    expect(shown(old, old)).toEqual([]);
  });

  it("is everybody named, where nothing was there", () => {
    expect(shown(undefined, policy({}))).toEqual([["444455556666", "s3:GetObject"]]);
    expect(shown(policy({ Effect: "Deny" }), policy({}))).toEqual([["444455556666", "s3:GetObject"]]);
  });

  it("tells a wider action, resource or principal from a narrower one", () => {
    expect(shown(policy({}), policy({ Action: "s3:Get*" }))).toEqual([["444455556666", "s3:Get*"]]);
    expect(shown(policy({ Action: "s3:Get*" }), policy({}))).toEqual([]);
    expect(shown(policy({}), policy({ Resource: "arn:aws:s3:::example-*" }))).toHaveLength(1);
    expect(shown(policy({ Resource: "*" }), policy({}))).toEqual([]);
    expect(shown(policy({}), policy({ Principal: "*" }))).toEqual([["*", "s3:GetObject"]]);
    expect(shown(policy({ Principal: "*" }), policy({}))).toEqual([]);
  });

  it("finds a condition that was dropped, and not one that was added", () => {
    const bound = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } } };
    expect(shown(policy(bound), policy({}))).toEqual([["444455556666", "s3:GetObject"]]);
    expect(shown(policy({}), policy(bound))).toEqual([]);
  });

  it("counts all but some as everybody and everything", () => {
    const but = policy({ Principal: undefined, NotPrincipal: root, Action: undefined, NotAction: "s3:DeleteBucket" });
    expect(shown(undefined, but)).toEqual([["*", "*"]]);
    expect(shown(but, policy({ Principal: { AWS: "arn:aws:iam::777788889999:root" } }))).toEqual([]);
    expect(shown(but, policy({}))).toHaveLength(1);
    expect(shown(but, policy({ Principal: { AWS: "arn:aws:iam::777788889999:root" }, Action: "s3:*" }))).toHaveLength(
      1,
    );
  });

  it("takes what its own Deny shuts for shut, and a Deny for strangers for a condition", () => {
    const deny = (over: Record<string, unknown>) => ({
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      ...over,
    });
    expect(shown(undefined, policy({}, deny({})))).toEqual([]);
    const wall = deny({ Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-exampleorg1" } } });
    expect(shown(undefined, policy({ Principal: "*" }, wall))).toEqual([["*", "s3:GetObject", "aws:PrincipalOrgID"]]);
    const forOne = { ...wall, Principal: { AWS: "arn:aws:iam::777788889999:root" } };
    expect(shown(undefined, policy({ Principal: "*" }, forOne))).toEqual([["*", "s3:GetObject"]]);
    const other = deny({ Action: "s3:PutObject", Condition: { StringNotEquals: { "aws:PrincipalOrgID": "o-1" } } });
    expect(shown(undefined, policy({ Principal: "*" }, other))).toEqual([["*", "s3:GetObject"]]);
  });
});
