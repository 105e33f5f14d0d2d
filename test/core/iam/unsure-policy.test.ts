import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compilePolicies, verdictOf } from "../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../core/iam/context.ts";
import { type PolicyDocument, parsePolicy } from "../../../core/iam/policy.ts";
import { keysInDoubt, readings, type Shown } from "../../../core/iam/unsure-policy.ts";

const open = "aws:principaltag/team";
const dollar = "$";
const resources = ["arn:aws:s3:::data/ml/x", "arn:aws:s3:::data/ops/x", "arn:aws:s3:::other"] as const;
const values = [undefined, "ml", "ops"] as const;

const resource = fc.constantFrom(
  "*",
  "arn:aws:s3:::data/*",
  "arn:aws:s3:::other",
  `arn:aws:s3:::data/${dollar}{aws:PrincipalTag/team}/*`,
);
const condition = fc.constantFrom(
  undefined,
  { StringEquals: { "aws:PrincipalTag/team": "ml" } },
  { StringNotEquals: { "aws:PrincipalTag/team": "ml" } },
  { StringEqualsIfExists: { "aws:PrincipalTag/team": "ops" } },
  { Null: { "aws:PrincipalTag/team": "true" } },
  { StringEquals: { "aws:RequestedRegion": "us-east-1" } },
  { StringEquals: { "aws:RequestedRegion": "eu-west-1" } },
);
const statement = fc.record({
  Effect: fc.constantFrom("Allow", "Deny"),
  Action: fc.constantFrom("s3:GetObject", "s3:*", "sqs:*"),
  resource: fc.tuple(fc.constantFrom("Resource", "NotResource"), fc.array(resource, { minLength: 1, maxLength: 2 })),
  condition,
});
const policy = fc.array(statement, { minLength: 1, maxLength: 4 }).map((all): readonly PolicyDocument[] => {
  const parsed = parsePolicy({
    Version: "2012-10-17",
    Statement: all.map(({ resource: [element, patterns], condition: Condition, ...rest }) => ({
      ...rest,
      [element]: patterns,
      ...(Condition === undefined ? {} : { Condition }),
    })),
  });
  if (!parsed.ok) throw new Error(parsed.because);
  return [parsed.document];
});

const decided = (documents: readonly PolicyDocument[], where: string, value: string | undefined): boolean =>
  verdictOf(compilePolicies(documents), "s3:GetObject", {
    resource: where,
    wildcardOnly: false,
    context: contextOf({ "aws:RequestedRegion": "us-east-1", ...(value === undefined ? {} : { [open]: value }) }),
  }) === "allowed";

const knows = (key: string): boolean => key === "aws:requestedregion";

describe("two readings of a policy", () => {
  it("hold every answer between them, whatever the unknown key is", () => {
    const shown: Shown = { knows, resource: "known" };
    fc.assert(
      fc.property(policy, fc.constantFrom(...resources), (documents, where) => {
        const { most, least } = readings(documents, shown);
        for (const value of values) {
          const is = decided(documents, where, value);
          if (decided(least, where, undefined)) expect(is).toBe(true);
          if (is) expect(decided(most, where, undefined)).toBe(true);
        }
      }),
      { numRuns: 2_000 },
    );
  });

  it("hold every answer between them, whatever the unknown resource is", () => {
    const shown: Shown = { knows, resource: "unknown" };
    fc.assert(
      fc.property(policy, (documents) => {
        const { most, least } = readings(documents, shown);
        for (const where of resources)
          for (const value of values) {
            const is = decided(documents, where, value);
            if (decided(least, "*", undefined)) expect(is).toBe(true);
            if (is) expect(decided(most, "*", undefined)).toBe(true);
          }
      }),
      { numRuns: 2_000 },
    );
  });

  it("are the document itself where everything is known", () => {
    fc.assert(
      fc.property(policy, fc.constantFrom(...resources), fc.constantFrom(...values), (documents, where, value) => {
        const { most, least } = readings(documents, { knows: () => true, resource: "known" });
        const is = decided(documents, where, value);
        expect([decided(most, where, value), decided(least, where, value)]).toEqual([is, is]);
      }),
      { numRuns: 500 },
    );
  });

  it("name the keys that are in doubt", () => {
    const parsed = parsePolicy({
      Version: "2012-10-17",
      Statement: {
        Effect: "Allow",
        Action: "*",
        Resource: `arn:aws:s3:::data/${dollar}{aws:PrincipalTag/team}/*`,
        Condition: { StringEquals: { "aws:RequestedRegion": "us-east-1", "sts:ExternalId": `${dollar}{aws:userid}` } },
      },
    });
    const documents = parsed.ok ? [parsed.document] : [];
    expect(keysInDoubt(documents, { knows, resource: "known" })).toEqual([open, "aws:userid", "sts:externalid"]);
  });
});
