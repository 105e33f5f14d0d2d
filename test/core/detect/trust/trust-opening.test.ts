import { describe, expect, it } from "vitest";
import { openingKinds, openingsOf } from "../../../../core/detect/trust/trust-opening.ts";
import { trustDifference } from "../../../../core/iam/compare/trust-difference.ts";
import { emptyRegistry } from "../../../../core/identity/registry.ts";
import { documentFrom } from "../../../fixtures/known.ts";
import { tables } from "../../../fixtures/tables.ts";

const around = { partition: "aws", region: "us-east-1", account: "111122223333" };

/** The kinds of opening of one statement, each once. */
function kindsOf(statement: object): readonly string[] {
  const now = documentFrom({
    Version: "2012-10-17",
    Statement: { Effect: "Allow", Action: "sts:AssumeRole", ...statement },
  });
  const { added } = trustDifference([], [now], { table: tables.iam.table, around });
  return [...new Set(openingsOf(added, { account: "111122223333", registry: emptyRegistry }).map(({ kind }) => kind))];
}
const aws = (AWS: string, Condition?: object) => kindsOf({ Principal: { AWS }, ...(Condition && { Condition }) });

describe("whom a statement lets in", () => {
  it.each<[string, readonly string[], string]>([
    ["anybody", aws("*"), "everybody"],
    ["anybody but some", kindsOf({ NotPrincipal: { AWS: "arn:aws:iam::111122223333:root" } }), "everybody"],
    ["anybody over TLS", aws("*", { Bool: { "aws:SecureTransport": "true" } }), "everybody"],
    ["an organization", aws("*", { StringEquals: { "aws:PrincipalOrgID": "o-1" } }), "everybody-on-a-condition"],
    [
      "one's own account, said in a condition",
      aws("*", { StringEquals: { "aws:PrincipalAccount": "111122223333" } }),
      "everybody-of-ours",
    ],
    [
      "another account, said in a condition",
      aws("*", { StringEquals: { "aws:PrincipalAccount": "444455556666" } }),
      "everybody-on-a-condition",
    ],
    ["another account", aws("444455556666"), "foreign-account"],
    ["a role of another account", aws("arn:aws:iam::444455556666:role/x"), "foreign-account"],
    [
      "another account with MFA only",
      aws("444455556666", { Bool: { "aws:MultiFactorAuthPresent": "true" } }),
      "foreign-account",
    ],
    [
      "another account with an external id",
      aws("444455556666", { StringEquals: { "sts:ExternalId": "e" } }),
      "foreign-account-on-a-condition",
    ],
    ["one's own account", aws("111122223333"), "in-house"],
    ["a service", kindsOf({ Principal: { Service: "lambda.amazonaws.com" } }), "service"],
    [
      "a SAML provider",
      kindsOf({
        Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/corp" },
        Action: "sts:AssumeRoleWithSAML",
      }),
      "provider",
    ],
  ])("%s", (_, found, kind) => expect(found).toEqual([kind]));

  it("is nobody by tags alone, by a provider's users without their own way in, or by a deleted principal", () => {
    expect(kindsOf({ Principal: { AWS: "444455556666" }, Action: "sts:TagSession" })).toEqual([]);
    expect(kindsOf({ Principal: { Federated: "arn:aws:iam::111122223333:saml-provider/corp" } })).toEqual([]);
    expect(aws("AROAIOSFODNN7EXAMPLE")).toEqual([]);
  });

  it("is one and the same, however many ways in it is given", () =>
    expect(kindsOf({ Principal: { AWS: "111122223333" }, Action: "sts:*" })).toEqual(["in-house"]));
});

it("every kind has its place in the order", () => expect(new Set(openingKinds).size).toBe(12));
