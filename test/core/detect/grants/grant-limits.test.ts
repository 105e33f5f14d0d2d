import { describe, expect, it } from "vitest";
import { closing } from "../../../../core/detect/grants/grant-limits.ts";
import { documentFrom } from "../../../fixtures/known.ts";
import { table } from "../../iam/tables.ts";

const closedBy = closing(table);
const document = (...statements: readonly Record<string, unknown>[]) =>
  documentFrom({
    Version: "2012-10-17",
    Statement: statements.map((one) => ({ Effect: "Allow", Action: "*", Resource: "*", ...one })),
  });
const closes = (action: string, resource: string, ...documents: ReturnType<typeof document>[]) =>
  closedBy({ action, resource }, [{ name: "the limit", documents }]);

describe("what closes a grant", () => {
  it("is nothing where the limit allows it, in one document or another", () => {
    expect(closes("s3:GetObject", "*", document({}))).toBeUndefined();
    expect(closes("s3:GetObject", "*", document({ Action: "sqs:*" }), document({ Action: "s3:Get*" }))).toBeUndefined();
    expect(closedBy({ action: "s3:GetObject", resource: "*" }, [])).toBeUndefined();
  });

  it("is the limit that does not name the action, or not the resource", () => {
    expect(closes("iam:CreateUser", "*", document({ Action: "s3:*" }))).toBe("the limit");
    expect(closes("iam:CreateUser", "*", document({ Action: undefined, NotAction: "iam:*" }))).toBe("the limit");
    const elsewhere = document({ Resource: "arn:aws:s3:::other/*" });
    expect(closes("s3:GetObject", "arn:aws:s3:::example-data/*", elsewhere)).toBe("the limit");
    expect(closes("s3:GetObject", "*", elsewhere)).toBeUndefined();
  });

  it("is a Deny without a condition on all of it, named by its statement", () => {
    const deny = { Effect: "Deny", Action: "iam:*", Sid: "NoIam" };
    expect(closes("iam:CreateUser", "*", document({}, deny))).toBe("the limit (statement NoIam)");
    expect(closes("iam:CreateUser", "*", document({}, { ...deny, Resource: "arn:aws:iam::*:user/x" }))).toBeUndefined();
    const unless = { ...deny, Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:role/admin" } } };
    expect(closes("iam:CreateUser", "*", document({}, unless))).toBeUndefined();
  });

  it("knows actions that the table does not list by their names", () => {
    expect(closes("made:Up", "*", document({ Action: "made:*" }))).toBeUndefined();
    expect(closes("made:Up", "*", document({ Action: "s3:*" }))).toBe("the limit");
  });
});
