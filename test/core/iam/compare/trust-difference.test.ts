import { describe, expect, it } from "vitest";
import { type TrustRow, trustDifference } from "../../../../core/iam/compare/trust-difference.ts";
import { compilePolicies } from "../../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../../core/iam/context.ts";
import { evaluate } from "../../../../core/iam/evaluate.ts";
import { type PolicyDocument, parsePolicy } from "../../../../core/iam/policy.ts";
import { table } from "../tables.ts";

const around = { partition: "aws", region: "us-east-1", account: "111122223333" };
const github = "token.actions.githubusercontent.com";
const provider = `arn:aws:iam::111122223333:oidc-provider/${github}`;

const read = (...statements: readonly object[]): readonly PolicyDocument[] => {
  const Statement = statements.map((one) => ({ Effect: "Allow", Action: "sts:AssumeRole", ...one }));
  const parsed = parsePolicy({ Version: "2012-10-17", Statement });
  if (!parsed.ok) throw new Error(parsed.because);
  return [parsed.document];
};
const everything = parsePolicy({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }],
});
const allowed = ({ witness }: TrustRow, trust: readonly PolicyDocument[]): boolean =>
  evaluate(
    {
      action: witness.action,
      resource: "arn:aws:iam::111122223333:role/bot",
      resourceAccount: "111122223333",
      principal: witness.principal,
      context: contextOf(witness.context),
      wildcardOnly: false,
    },
    {
      // The evaluator lets an account's own policies suffice for what is asked along with AssumeRole.
      identityPolicies: compilePolicies(
        everything.ok && /:AssumeRole/.test(witness.action) ? [everything.document] : [],
      ),
      resourcePolicy: compilePolicies(trust),
    },
  ).decision === "Allowed";

/** The difference; every witness is judged by the evaluator on the way. */
const differ = (old: readonly PolicyDocument[], now: readonly PolicyDocument[]) => {
  const found = trustDifference(old, now, { table, around });
  for (const row of found.added)
    expect([allowed(row, now), allowed(row, old)], JSON.stringify(row)).toEqual([true, false]);
  for (const row of found.removed)
    expect([allowed(row, now), allowed(row, old)], JSON.stringify(row)).toEqual([false, true]);
  return found;
};
const lambda = { Principal: { Service: "lambda.amazonaws.com" } };
const bob = { Principal: { AWS: "arn:aws:iam::111122223333:role/bob" } };
const account = { Principal: { AWS: "444455556666" } };
const web = (Condition?: object) => ({
  Principal: { Federated: provider },
  Action: "sts:AssumeRoleWithWebIdentity",
  ...(Condition === undefined ? {} : { Condition }),
});

describe("whom a new trust policy lets in that the old one did not", () => {
  it("is nobody, when only the writing changed", () => {
    const same = read({ Principal: { AWS: "arn:aws:iam::444455556666:root", Service: "lambda.amazonaws.com" } });
    expect(differ(read(lambda, account), same)).toEqual({ added: [], removed: [] });
    expect(differ(same, read(account, lambda))).toEqual({ added: [], removed: [] });
  });

  it("names a new role, service and account, with a caller of each", () =>
    expect(differ(read(lambda), read(lambda, bob, account)).added).toEqual([
      {
        principal: "arn:aws:iam::111122223333:role/bob",
        action: "sts:AssumeRole",
        condition: {},
        witness: { principal: "arn:aws:iam::111122223333:role/bob", action: "sts:AssumeRole", context: {} },
        missing: ["aws:principalorgid", "sts:externalid"],
      },
      {
        principal: "arn:aws:iam::444455556666:root",
        action: "sts:AssumeRole",
        condition: {},
        witness: { principal: "arn:aws:iam::444455556666:role/cordon-witness", action: "sts:AssumeRole", context: {} },
        missing: ["aws:principalorgid", "sts:externalid"],
      },
    ]));

  it("names everybody by a stranger, and only the organization's where that is asked", () => {
    expect(differ(read(account), read({ Principal: "*" })).added).toMatchObject([
      {
        principal: "*",
        witness: { principal: "arn:aws:iam::777788889999:role/cordon-witness" },
        missing: expect.any(Array),
      },
    ]);
    const own = { Principal: "*", Condition: { StringEquals: { "aws:PrincipalOrgID": "o-1" } } };
    expect(differ(read(account), read(account, own)).added).toMatchObject([
      { principal: "*", witness: { context: { "aws:principalorgid": "o-1" } } },
    ]);
    expect(differ(read(own), read({ Principal: "*" })).added).toMatchObject([
      { principal: "*", dropped: ["aws:principalorgid"] },
    ]);
  });

  it("sees a subject or an audience that is no longer asked for, and one that is wider", () => {
    const aud = { StringEquals: { [`${github}:aud`]: "sts.amazonaws.com" } };
    const sub = (value: string) => ({ StringLike: { [`${github}:sub`]: value } });
    const bound = read(web({ ...aud, ...sub("repo:acme/x:*") }));
    expect(differ(bound, read(web(aud))).added).toMatchObject([
      { principal: provider, dropped: [`${github}:sub`], missing: [`${github}:sub`] },
    ]);
    expect(differ(bound, read(web(sub("repo:acme/x:*")))).added).toMatchObject([{ dropped: [`${github}:aud`] }]);
    const wider = differ(bound, read(web({ ...aud, ...sub("repo:acme/*") })));
    expect(wider.added).toMatchObject([{ condition: { StringLike: { [`${github}:sub`]: ["repo:acme/*"] } } }]);
    expect(wider.added[0]).not.toHaveProperty("dropped");
    expect(wider.removed).toEqual([]);
  });

  it("sees an external id that is no longer asked for", () => {
    const guarded = { ...account, Condition: { StringEquals: { "sts:ExternalId": "e-1" } } };
    expect(differ(read(guarded), read(account)).added).toMatchObject([{ dropped: ["sts:externalid"] }]);
    expect(differ(read(account), read(guarded))).toMatchObject({ added: [], removed: [{ condition: {} }] });
  });

  it("honours Deny, and sees one that is gone", () => {
    const never = { Effect: "Deny", Principal: { AWS: "arn:aws:iam::111122223333:role/bob" } };
    expect(differ(read(lambda), read(lambda, bob, never)).added).toEqual([]);
    expect(differ(read(bob, never), read(bob)).added).toMatchObject([
      { principal: "arn:aws:iam::111122223333:role/bob" },
    ]);
  });

  it("spells sts:* out as the actions that take a role", () =>
    expect(new Set(differ(read(), read({ ...bob, Action: "sts:*" })).added.map(({ action }) => action))).toContain(
      "sts:TagSession",
    ));
});
