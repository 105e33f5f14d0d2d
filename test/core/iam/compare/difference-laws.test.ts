import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { wildcardOnly } from "../../../../core/iam/action-table.ts";
import { type DifferenceRow, differing } from "../../../../core/iam/compare/difference.ts";
import { compilePolicies } from "../../../../core/iam/compiled-policy.ts";
import { type ContextValue, contextOf } from "../../../../core/iam/context.ts";
import { evaluate } from "../../../../core/iam/evaluate.ts";
import { type PolicyDocument, parsePolicy } from "../../../../core/iam/policy.ts";
import { table } from "../tables.ts";

const differ = differing(table, { partition: "aws", region: "us-east-1", account: "111122223333" });

interface Written {
  readonly Effect: string;
  readonly [element: string]: unknown;
}
const read = (statements: readonly Written[]): readonly PolicyDocument[] => {
  const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements });
  if (!parsed.ok) throw new Error(parsed.because);
  return [parsed.document];
};

interface Request {
  readonly action: string;
  readonly resource: string;
  readonly context: Readonly<Record<string, ContextValue>>;
  readonly resourcePolicy?: unknown;
}
const allowed = (
  { action, resource, context, resourcePolicy }: Request,
  documents: readonly PolicyDocument[],
): boolean => {
  const known = table.find(action);
  const own = resourcePolicy === undefined ? undefined : parsePolicy(resourcePolicy);
  const account = /^arn:[^:]*:[^:]*:[^:]*:(\d{12}):/.exec(resource)?.[1] ?? "111122223333";
  return (
    evaluate(
      {
        action,
        resource,
        resourceAccount: account,
        principal: `arn:aws:iam::${account}:role/bot`,
        context: contextOf(context),
        wildcardOnly: known !== undefined && wildcardOnly(known),
      },
      {
        identityPolicies: compilePolicies(documents),
        ...(own?.ok === true ? { resourcePolicy: compilePolicies([own.document]) } : {}),
      },
    ).decision === "Allowed"
  );
};

const actions = [
  "s3:GetObject",
  "s3:PutObject",
  "s3:ListBucket",
  "s3:ListAllMyBuckets",
  "iam:PassRole",
  "kms:Decrypt",
  "sts:AssumeRole",
  "sqs:SendMessage",
  "fancy:Thing",
] as const;
const resources = [
  "arn:aws:s3:::bucket",
  "arn:aws:s3:::bucket/a/1",
  "arn:aws:s3:::bucket/b/2",
  "arn:aws:s3:::other/a/1",
  "arn:aws:iam::111122223333:role/bot",
  "arn:aws:kms:us-east-1:111122223333:key/k1",
  "arn:aws:sqs:us-east-1:111122223333:jobs",
] as const;
const contexts: readonly Readonly<Record<string, ContextValue>>[] = [
  {},
  { "aws:RequestedRegion": "eu-west-1" },
  { "aws:RequestedRegion": "us-east-1", "aws:MultiFactorAuthPresent": "true" },
  { "aws:SourceIp": "192.0.2.7", "aws:username": "a" },
  { "aws:TagKeys": ["team", "cost"] },
  { "s3:max-keys": "5", "aws:MultiFactorAuthPresent": "false" },
];

const anyAction = fc.constantFrom(
  ...actions,
  "*",
  "s3:*",
  "s3:Get*",
  "S3:P?tObject",
  "iam:*Role",
  "kms:*",
  "sts:*",
  "fancy:*",
  "FANCY:THING",
);
const anyResource = fc.constantFrom(
  ...resources,
  "*",
  "arn:aws:s3:::bucket/*",
  "arn:aws:s3:::bucket/a/*",
  "arn:aws:s3:::*/a/?",
  "arn:aws:s3:::*",
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
  "arn:aws:s3:::bucket/${aws:username}/*",
  "arn:aws:kms:*:*:key/*",
  "arn:*:sqs:*:111122223333:*",
);
const anyCondition = fc.constantFrom<readonly [string, string, readonly string[]]>(
  ["StringEquals", "aws:RequestedRegion", ["eu-west-1", "us-east-1"]],
  ["StringNotEquals", "aws:RequestedRegion", ["eu-west-1"]],
  ["StringLike", "aws:RequestedRegion", ["eu-*"]],
  ["Bool", "aws:MultiFactorAuthPresent", ["true"]],
  ["BoolIfExists", "aws:MultiFactorAuthPresent", ["false"]],
  ["Null", "aws:MultiFactorAuthPresent", ["true"]],
  ["IpAddress", "aws:SourceIp", ["192.0.2.0/24"]],
  ["NotIpAddress", "aws:SourceIp", ["192.0.2.0/25"]],
  ["NumericLessThan", "s3:max-keys", ["10"]],
  ["NumericGreaterThanEquals", "s3:max-keys", ["6"]],
  ["ForAllValues:StringEquals", "aws:TagKeys", ["team", "cost"]],
  ["ForAnyValue:StringEquals", "aws:TagKeys", ["team"]],
  ["ArnLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/bot*"]],
  ["ArnNotLike", "aws:PrincipalArn", ["arn:aws:iam::*:role/bot"]],
  ["StringEquals", "aws:username", ["a"]],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a policy variable, as IAM writes it.
  ["StringEquals", "aws:ResourceTag/Owner", ["${aws:username}"]],
);
const anyStatement = fc
  .record({
    effect: fc.oneof({ weight: 3, arbitrary: fc.constant("Allow") }, { weight: 1, arbitrary: fc.constant("Deny") }),
    notAction: fc.integer({ min: 0, max: 9 }),
    notResource: fc.integer({ min: 0, max: 7 }),
    actions: fc.uniqueArray(anyAction, { minLength: 1, maxLength: 3 }),
    resources: fc.uniqueArray(anyResource, { minLength: 1, maxLength: 3 }),
    conditions: fc.oneof(
      { weight: 2, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(anyCondition, { maxLength: 2 }) },
    ),
  })
  .map(
    (one): Written => ({
      Effect: one.effect,
      [one.notAction === 0 ? "NotAction" : "Action"]: one.actions,
      // A variable without a value in a NotResource is a corner that docs/policy.md names.
      [one.notResource === 0 && !one.resources.some((text) => text.includes("$")) ? "NotResource" : "Resource"]:
        one.resources,
      ...(one.conditions.length === 0 ? {} : { Condition: conditionOf(one.conditions) }),
    }),
  );
const conditionOf = (tests: readonly (readonly [string, string, readonly string[]])[]) => {
  const block: Record<string, Record<string, readonly string[]>> = {};
  for (const [operator, key, values] of tests) block[operator] = { ...block[operator], [key]: values };
  return block;
};
const anyPolicy = fc.array(anyStatement, { maxLength: 4 });
const runs = { numRuns: Number(process.env["DIFF_RUNS"] ?? 80) };

const sampleOf = (rows: readonly DifferenceRow[]): readonly DifferenceRow[] =>
  rows.length <= 200 ? rows : rows.filter((_, at) => at % Math.ceil(rows.length / 200) === 0);

describe("the difference of two policies", () => {
  it("is empty between a policy and itself", () =>
    fc.assert(
      fc.property(anyPolicy, (one) => {
        expect(differ(read(one), read(one))).toEqual({ added: [], removed: [], left: 0 });
      }),
      runs,
    ));

  it("does not depend on order and case", () =>
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (old, now) => {
        const straight = differ(read(old), read(now));
        const turned = differ(read(otherwise(old)), read(otherwise(now)));
        expect(turned).toEqual(straight);
        expect(differ(read(now), read(otherwise(now)))).toEqual({ added: [], removed: [], left: 0 });
      }),
      runs,
    ));

  it("says of the way back what it says of the way there", () =>
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (old, now) => {
        const there = differ(read(old), read(now));
        const back = differ(read(now), read(old));
        expect([back.added, back.removed]).toEqual([there.removed, there.added]);
      }),
      runs,
    ));

  it("names only what its witness proves", () =>
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (old, now) => {
        const { added, removed } = differ(read(old), read(now));
        for (const [rows, more, less] of [
          [added, read(now), read(old)],
          [removed, read(old), read(now)],
        ] as const)
          for (const { witness } of sampleOf(rows))
            expect([allowed(witness, more), allowed(witness, less)], JSON.stringify(witness)).toEqual([true, false]);
      }),
      runs,
    ));

  it("names a place and conditions for every request that proves a gain", () =>
    fc.assert(
      fc.property(anyPolicy, anyPolicy, (old, now) => {
        const [before, after] = [read(old), read(now)];
        const { added } = differ(before, after);
        const spoken = JSON.stringify([old, now]).toLowerCase();
        for (const action of actions.filter(
          (one) => table.find(one) !== undefined || spoken.includes(one.toLowerCase()),
        )) {
          const rows = added.filter((row) => row.action.toLowerCase() === action.toLowerCase());
          for (const resource of resourcesOf(action))
            for (const context of contexts) {
              const asked = { action, resource, context };
              if (!allowed(asked, after) || allowed(asked, before)) continue;
              expect(
                rows.some((row) => allowed(asked, read(asPolicy(row)))),
                JSON.stringify({ asked, rows }),
              ).toBe(true);
            }
        }
      }),
      runs,
    ));
});

const asPolicy = ({ resource, except, condition }: DifferenceRow): readonly Written[] => [
  { Effect: "Allow", Action: "*", Resource: resource, Condition: condition },
  ...(except.length === 0 ? [] : [{ Effect: "Deny", Action: "*", Resource: except }]),
];

const resourcesOf = (action: string): readonly string[] =>
  action === "s3:ListAllMyBuckets"
    ? ["*"]
    : action === "fancy:Thing"
      ? resources
      : resources.filter((one) => one.split(":")[2] === (action.startsWith("sts:") ? "iam" : action.split(":")[0]));

const otherwise = (statements: readonly Written[]): readonly Written[] =>
  statements.toReversed().map(
    (one) =>
      Object.fromEntries(
        Object.entries(one)
          .toReversed()
          .map(([name, value]) => {
            if (name.endsWith("Action"))
              return [
                name,
                (value as readonly string[])
                  .map((text) => (/^fancy/i.test(text) ? text : text.toUpperCase()))
                  .toReversed(),
              ];
            return [name, Array.isArray(value) ? value.toReversed() : value];
          }),
      ) as Written,
  );
