import { describe, expect, it } from "vitest";
import { compilePolicies, type Target, verdictOf } from "../../../core/iam/compiled-policy.ts";
import { contextOf } from "../../../core/iam/context.ts";
import { parsePolicy } from "../../../core/iam/policy.ts";

const read = (...statements: readonly object[]) => {
  const parsed = parsePolicy({
    Version: "2012-10-17",
    Statement: statements.map((one) => ({ Effect: "Allow", ...one })),
  });
  if (!parsed.ok) throw new Error(parsed.because);
  return parsed.document;
};
const target = (resource: string, more: Partial<Target> = {}): Target => ({
  resource,
  wildcardOnly: false,
  context: contextOf({}),
  ...more,
});
const verdict = (statement: object, action: string, asked: Target): string =>
  verdictOf(compilePolicies([read(statement)]), action, asked);

const object = "arn:aws:s3:::bucket/key";
const bucket = { Resource: "arn:aws:s3:::bucket/*" };

describe("compiled policies", () => {
  it.each([
    ["s3:GetObject", "s3:GetObject"],
    ["S3:getobject", "s3:GetObject"],
    ["s3:Get*", "s3:GetObject"],
    ["s3:*Object", "S3:GETOBJECT"],
    ["s3:GetObjec?", "s3:GetObject"],
    ["*", "s3:GetObject"],
    ["*:*", "s3:GetObject"],
  ])("take the action pattern %s for %s", (Action, action) =>
    expect(verdict({ Action, ...bucket }, action, target(object))).toBe("allowed"),
  );

  it.each(["s3:", "s3: GetObject", "s3:GetObject ", "s3:GetObjects", "s3express:GetObject", ""])(
    "do not take the action pattern %j for s3:GetObject",
    (Action) => {
      expect(verdict({ Action, ...bucket }, "s3:GetObject", target(object))).toBe("silent");
      expect(verdict({ NotAction: Action, ...bucket }, "s3:GetObject", target(object))).toBe("allowed");
    },
  );

  it.each([
    ["arn:aws:s3:::bucket/key", true],
    ["arn:aws:s3:::*", true],
    ["arn:aws:s3:*", true],
    ["arn:aws:s3:::buck*ey", true],
    ["arn:aws:s3:::bucket/KEY", false],
    ["arn:aws:s3:::bucket", false],
    ["arn:aws:s3:::bucket/", false],
  ])("take the resource pattern %s, case and all: %s", (Resource, fits) => {
    expect(verdict({ Action: "*", Resource }, "s3:GetObject", target(object))).toBe(fits ? "allowed" : "silent");
    expect(verdict({ Action: "*", NotResource: Resource }, "s3:GetObject", target(object))).toBe(
      fits ? "silent" : "allowed",
    );
  });

  it("let a Deny stand above every Allow, wherever it stands", () => {
    const allow = { Action: "s3:*", ...bucket };
    const deny = { Effect: "Deny", Action: "s3:GetObject", Resource: "*" };
    for (const documents of [[read(allow, deny)], [read(deny, allow)], [read(allow), read(deny)]])
      expect(verdictOf(compilePolicies(documents), "s3:GetObject", target(object))).toBe("denied");
    expect(verdictOf(compilePolicies([read(allow, deny)]), "s3:PutObject", target(object))).toBe("allowed");
  });

  it("want every condition of a statement to hold", () => {
    const Condition = { Bool: { "aws:SecureTransport": "true" }, StringEquals: { "aws:RequestedRegion": "us-east-1" } };
    const one = { Action: "*", Resource: "*", Condition };
    const given = (region: string) =>
      target(object, { context: contextOf({ "aws:SecureTransport": "true", "aws:RequestedRegion": region }) });
    expect(verdict(one, "s3:GetObject", given("us-east-1"))).toBe("allowed");
    expect(verdict(one, "s3:GetObject", given("eu-west-1"))).toBe("silent");
  });

  it("grant an action without resources only by a pattern that matches the star itself", () => {
    const asked = target("*", { wildcardOnly: true });
    const list = (more: object) => verdict({ Action: "s3:ListAllMyBuckets", ...more }, "s3:ListAllMyBuckets", asked);
    expect(list({ Resource: "*" })).toBe("allowed");
    expect(list({ Resource: "arn:aws:s3:::*" })).toBe("silent");
    expect(list({ NotResource: "arn:aws:s3:::bucket" })).toBe("allowed");
    expect(list({ NotResource: "*" })).toBe("silent");
    expect(list({ Effect: "Deny", Resource: "arn:aws:s3:::*" })).toBe("silent");
    expect(list({ Effect: "Deny", NotResource: "arn:aws:s3:::b" })).toBe("denied");
  });

  it("read a star as some resource where the action takes resources", () => {
    const some = (more: object) => verdict({ Action: "s3:GetObject", ...more }, "s3:GetObject", target("*"));
    expect(some(bucket)).toBe("allowed");
    expect(some({ NotResource: object })).toBe("allowed");
    expect(some({ NotResource: "*" })).toBe("silent");
    expect(some({ Effect: "Deny", ...bucket })).toBe("silent");
    expect(some({ Effect: "Deny", NotResource: object })).toBe("silent");
    expect(some({ Effect: "Deny", Resource: "*" })).toBe("denied");
  });

  it("fit nothing where a variable without value decides, and see where it does not", () => {
    const own = `arn:aws:s3:::bucket/\${aws:username}`;
    const deny = (NotResource: unknown, resource: string) =>
      verdict({ Effect: "Deny", Action: "*", NotResource }, "s3:GetObject", target(resource));
    expect(verdict({ Action: "*", Resource: own }, "s3:GetObject", target(object))).toBe("silent");
    expect(verdict({ Action: "*", Resource: [own, object] }, "s3:GetObject", target(object))).toBe("allowed");
    expect(deny(own, object)).toBe("silent");
    expect(deny(own, "arn:aws:s3:::other/key")).toBe("denied");
    expect(deny([own, object], "arn:aws:sqs:us-east-1:111122223333:jobs")).toBe("denied");
  });

  it("remember a bounded number of actions, and answer the same after forgetting", () => {
    const policy = compilePolicies([read({ Action: "s3:Get*", ...bucket })]);
    for (let i = 0; i < 10_000; i++) policy.candidates(`s3:Put${i}`);
    expect(verdictOf(policy, "s3:GetObject", target(object))).toBe("allowed");
    expect(policy.candidates("s3:GetObject")).toBe(policy.candidates("s3:GetObject"));
  });
});
