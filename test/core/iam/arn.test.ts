import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { accountOf, iamArn, isArn, isPolicyArn, isRoleArn, isUserArn, parseArn } from "../../../core/iam/arn.ts";

describe("ARNs", () => {
  it("has six fields, the last of which may hold colons", () =>
    expect(parseArn("arn:aws-cn:lambda:cn-north-1:111122223333:function:bot:7")).toEqual({
      partition: "aws-cn",
      service: "lambda",
      region: "cn-north-1",
      account: "111122223333",
      resource: "function:bot:7",
    }));

  it("may leave Region and account empty", () =>
    expect(parseArn("arn:aws:s3:::bucket/key")).toMatchObject({ region: "", account: "", resource: "bucket/key" }));

  it.each([
    "",
    "arn:",
    "arn:aws",
    "arn:aws:s3",
    "arn:aws:s3::",
    "arn::s3:::x",
    "arn:aws::::x",
    "ARN:aws:s3:::x",
    " arn:aws:s3:::x",
  ])("is not %j", (text) => {
    expect(parseArn(text)).toBeUndefined();
    expect(isArn(text)).toBe(false);
  });

  it("comes apart into what it was put together from", () => {
    const field = fc.stringMatching(/^[a-z0-9-]{1,20}$/);
    fc.assert(
      fc.property(field, field, field, field, fc.string(), (partition, service, region, account, resource) => {
        expect(parseArn(`arn:${partition}:${service}:${region}:${account}:${resource}`)).toEqual({
          partition,
          service,
          region,
          account,
          resource,
        });
      }),
    );
  });

  it("is a role's, a user's or a policy's only in IAM, with twelve digits", () => {
    const role = iamArn("aws-us-gov", "111122223333", "role", "path/bot");
    expect(role).toBe("arn:aws-us-gov:iam::111122223333:role/path/bot");
    expect([isRoleArn(role), isUserArn(role), isPolicyArn(role)]).toEqual([true, false, false]);
    expect(isUserArn("arn:aws:iam::111122223333:user/u")).toBe(true);
    expect(isPolicyArn("arn:aws:iam::aws:policy/AdministratorAccess")).toBe(true);
    for (const text of [
      "arn:aws:iam::1111:role/bot",
      "arn:aws:iam:us-east-1:111122223333:role/bot",
      "arn:aws:sts::111122223333:role/bot",
      "arn:aws:iam::111122223333:role/",
    ])
      expect(isRoleArn(text), text).toBe(false);
  });

  it("names an account only where there is one", () => {
    expect(accountOf("arn:aws:iam::111122223333:role/bot")).toBe("111122223333");
    for (const text of ["arn:aws:s3:::b", "arn:aws:iam::aws:policy/x", "x"]) expect(accountOf(text)).toBeUndefined();
  });
});
