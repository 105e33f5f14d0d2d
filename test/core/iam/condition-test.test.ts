import { describe, expect, it } from "vitest";
import { readConditions } from "../../../core/iam/condition.ts";
import { conditionTest } from "../../../core/iam/condition-test.ts";
import { type ContextValue, contextOf } from "../../../core/iam/context.ts";

function holds(operator: string, wanted: unknown, given?: ContextValue, rest: Readonly<Record<string, string>> = {}) {
  const read = readConditions({ [operator]: { "X:Key": wanted } });
  if (!read.ok) throw new Error(read.because);
  const context = contextOf({ ...rest, ...(given === undefined ? {} : { "x:key": given }) });
  return read.conditions.every((one) => conditionTest(one, "2012-10-17")(context));
}

const day = "2026-11-25T10:00:00Z";

describe("a condition", () => {
  it.each<readonly [operator: string, wanted: unknown, given: string]>([
    ["StringEquals", ["a", "b"], "b"],
    ["StringNotEquals", ["a", "b"], "c"],
    ["StringEqualsIgnoreCase", "TEAM", "team"],
    ["StringNotEqualsIgnoreCase", "TEAM", "teams"],
    ["StringLike", ["x", "a?c*"], "abcdef"],
    ["StringNotLike", "a*", "ba"],
    ["stringequals", "a", "a"],
    ["NumericEquals", 10, "10.0"],
    ["NumericNotEquals", "10", "11"],
    ["NumericLessThan", "10", "9.5"],
    ["NumericLessThanEquals", "10", "10"],
    ["NumericGreaterThan", ["50", "10"], "11"],
    ["NumericGreaterThanEquals", "-3", "-3"],
    ["DateEquals", "2026-11-25T12:00:00+02:00", day],
    ["DateNotEquals", "2026-11-25", day],
    ["DateLessThan", "2026-11-26", day],
    ["DateLessThanEquals", day, day],
    ["DateGreaterThan", "1700000000", day],
    ["DateGreaterThanEquals", day, "1795600800"],
    ["Bool", "true", "TRUE"],
    ["Bool", false, "false"],
    ["BinaryEquals", "QmluYXJ5", "QmluYXJ5"],
    ["IpAddress", ["198.51.100.0/24", "192.0.2.0/24"], "192.0.2.7"],
    ["NotIpAddress", "192.0.2.0/24", "2001:db8::1"],
    ["ArnLike", "arn:aws:s3:::buck*", "arn:aws:s3:::bucket"],
    ["ArnEquals", "arn:*:logs:*:*:log-group:*", "arn:aws:logs:us-east-1:111122223333:log-group:a:b"],
    ["ArnNotLike", "arn:aws:s3:::x*", "arn:aws:s3:::bucket"],
    ["ArnLike", "*", "arn:aws:s3:::bucket"],
    ["Null", "false", "x"],
  ])("%s %j holds for %s", (operator, wanted, given) => expect(holds(operator, wanted, given)).toBe(true));

  it.each<readonly [operator: string, wanted: unknown, given: string]>([
    ["StringEquals", "a*", "ab"],
    ["StringEquals", "a", "A"],
    ["StringNotEquals", ["a", "b"], "b"],
    ["StringNotEqualsIgnoreCase", "TEAM", "team"],
    ["StringLike", "a*", "A"],
    ["StringNotLike", ["x", "a*"], "ab"],
    ["NumericEquals", "10", "1e1"],
    ["NumericNotEquals", "10", "ten"],
    ["NumericLessThan", "10", "10"],
    ["NumericGreaterThan", "ten", "11"],
    ["DateEquals", "2026-11-25", day],
    ["DateNotEquals", day, "soon"],
    ["DateLessThan", day, day],
    ["Bool", "false", "no"],
    ["BinaryEquals", "QmluYXJ5", "qmluyxj5"],
    ["IpAddress", "192.0.2.0/24", "192.0.3.7"],
    ["NotIpAddress", "192.0.2.0/24", "somewhere"],
    ["NotIpAddress", "192.0.2.0/24", "192.0.2.7"],
    ["ArnLike", "arn:aws:ec2:us*33:instance/i", "arn:aws:ec2:us-east-1:111122223333:instance/i"],
    ["ArnLike", "arn:aws:s3:*", "arn:aws:s3:::bucket"],
    ["ArnNotLike", "arn:aws:s3:::b*", "bucket"],
    ["Null", "true", "x"],
  ])("%s %j does not hold for %s", (operator, wanted, given) => expect(holds(operator, wanted, given)).toBe(false));

  it.each([
    ["StringEquals", false, true, true, false],
    ["StringNotEquals", true, true, true, false],
    ["NumericLessThan", false, true, true, false],
    ["NotIpAddress", true, true, true, false],
    ["ArnLike", false, true, true, false],
    ["Bool", false, true, true, false],
  ])("%s on a key that is not there, or is an empty list, follows its form", (operator, plain, ifExists, all, any) => {
    for (const given of [undefined, []]) {
      expect(holds(operator, "1", given)).toBe(plain);
      expect(holds(`${operator}IfExists`, "1", given)).toBe(ifExists);
      expect(holds(`ForAllValues:${operator}`, "1", given)).toBe(all);
      expect(holds(`ForAnyValue:${operator}`, "1", given)).toBe(any);
      expect(holds(`ForAnyValue:${operator}IfExists`, "1", given)).toBe(any);
      expect(holds("Null", "true", given)).toBe(true);
      expect(holds("Null", "false", given)).toBe(false);
    }
  });

  it.each<readonly [string, readonly string[], boolean]>([
    ["ForAllValues:StringEquals", ["a", "b"], true],
    ["ForAllValues:StringEquals", ["a", "c"], false],
    ["ForAnyValue:StringEquals", ["c", "b"], true],
    ["ForAnyValue:StringEquals", ["c"], false],
    ["ForAllValues:StringNotEquals", ["c", "d"], true],
    ["ForAllValues:StringNotEquals", ["c", "a"], false],
    ["ForAnyValue:StringNotEquals", ["c", "a"], true],
    ["ForAnyValue:StringNotEquals", ["a"], false],
    ["StringEquals", ["a"], false],
    ["StringNotEquals", ["c"], false],
  ])("%s of a and b, on the list %j: %s", (operator, given, expected) =>
    expect(holds(operator, ["a", "b"], given)).toBe(expected),
  );

  it("takes a single value as a list of one under a set operator", () => {
    expect(holds("ForAnyValue:StringLike", "a*", "ab")).toBe(true);
    expect(holds("ForAllValues:StringLike", "a*", "b")).toBe(false);
  });

  it("compares with what a variable stands for", () => {
    const rest = { "aws:username": "ann", "aws:SourceArn": "arn:aws:s3:::b" };
    expect(holds("StringEquals", `\${aws:username}`, "ann", rest)).toBe(true);
    expect(holds("StringLike", `\${aws:username}/*`, "ann/x", rest)).toBe(true);
    expect(holds("ArnEquals", `\${aws:SourceArn}`, "arn:aws:s3:::b", rest)).toBe(true);
    expect(holds("NumericEquals", `\${aws:username}`, "1", { "aws:username": "1" })).toBe(false);
  });

  it("does not hold where a variable without value would decide", () => {
    expect(holds("StringEquals", `\${none}`, "a")).toBe(false);
    expect(holds("StringEqualsIfExists", `\${none}`, "a")).toBe(false);
    expect(holds("StringNotEquals", [`\${none}`, "b"], "a")).toBe(false);
    expect(holds("StringEquals", [`\${none}`, "a"], "a")).toBe(true);
  });

  it("never holds for a positive operator without values, always for a negated one", () => {
    expect(holds("StringEquals", [], "a")).toBe(false);
    expect(holds("StringNotEquals", [], "a")).toBe(true);
  });
});
