import { describe, expect, it } from "vitest";
import { boundsOf, positiveValues } from "../../../../core/detect/trust/trust-bounds.ts";

describe("what a condition keeps out", () => {
  it("is everybody outside some accounts, where these are named exactly", () => {
    expect(boundsOf({ StringEquals: { "aws:principalaccount": ["111122223333", "444455556666"] } })).toEqual({
      kind: "accounts",
      accounts: ["111122223333", "444455556666"],
    });
    expect(boundsOf({ ArnLike: { "aws:principalarn": ["arn:aws:iam::444455556666:role/ci-*"] } })).toEqual({
      kind: "accounts",
      accounts: ["444455556666"],
    });
    expect(boundsOf({ ArnLike: { "aws:principalarn": ["arn:aws:iam::*:role/ci"] } })).toMatchObject({ kind: "other" });
  });

  it("is everybody outside an organization", () =>
    expect(boundsOf({ StringEquals: { "aws:principalorgid": ["o-exampleorgid"] } })).toEqual({
      kind: "organization",
      ids: ["o-exampleorgid"],
    }));

  it("is who does not bring an external id", () =>
    expect(boundsOf({ StringEquals: { "sts:externalid": ["acme-7"] } })).toEqual({
      kind: "other",
      keys: ["sts:externalid"],
    }));

  it.each([
    ["nothing is asked for", {}],
    ["anything does", { StringLike: { "sts:externalid": ["*"] } }],
    ["the key may be absent", { StringEqualsIfExists: { "aws:principalorgid": ["o-exampleorgid"] } }],
    ["some are excluded", { StringNotEquals: { "aws:principalaccount": ["444455556666"] } }],
    ["any caller can meet it", { Bool: { "aws:securetransport": ["true"], "aws:multifactorauthpresent": ["true"] } }],
    ["a list may be empty", { "ForAllValues:StringEquals": { "aws:principalorgpaths": ["o-exampleorgid/*"] } }],
    ["it only asks whether a key is there", { Null: { "sts:externalid": ["false"] } }],
  ])("is nobody where %s", (_, condition) => expect(boundsOf(condition)).toEqual({ kind: "none" }));
});

it("a key's values are found however it is spelled", () =>
  expect(positiveValues({ StringLike: { "aws:principalorgid": ["o-1"] } }, "aws:PrincipalOrgID")).toEqual(["o-1"]));
