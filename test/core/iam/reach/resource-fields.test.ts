import { describe, expect, it } from "vitest";
import { covers, resourceFields } from "../../../../core/iam/reach/resource-fields.ts";

const covered = (pattern: string, resource: string): boolean =>
  covers(resourceFields(pattern), resourceFields(resource));

describe("a resource pattern", () => {
  it("keeps its wildcards within one field of an ARN", () => {
    expect(covered("arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:eu-west-1:111122223333:subnet/a")).toBe(true);
    expect(covered("arn:aws:ec2:*:subnet/*", "arn:aws:ec2:eu-west-1:111122223333:subnet/a")).toBe(false);
    expect(covered("arn:aws:ec2:*:*:subnet/*", "arn:aws:ec2:eu-west-1:111122223333:instance/a:subnet/b")).toBe(false);
  });

  it("covers any number of fields of the resource itself", () => {
    expect(covered("arn:aws:logs:*:*:*", "arn:aws:logs:eu-west-1:111122223333:log-group:a:log-stream:b")).toBe(true);
    expect(covered("arn:aws:iam::*:role/*", "arn:aws:iam::111122223333:role/a/b/c")).toBe(true);
  });

  it("with fewer fields is compared as a whole", () => {
    expect(covered("*", "arn:aws:s3:::bucket/key")).toBe(true);
    expect(covered("*", "*")).toBe(true);
    expect(covered("arn:aws:iam::*", "arn:aws:iam::111122223333:role/a")).toBe(true);
    expect(covered("arn:aws:s3:::*", "*")).toBe(false);
  });

  it("takes a slash for a colon, and cares for case", () => {
    expect(covered("arn:aws:lambda:*:*:function/*", "arn:aws:lambda:eu-west-1:111122223333:function:a")).toBe(true);
    expect(covered("arn:aws:iam::*:role/A", "arn:aws:iam::111122223333:role/a")).toBe(false);
  });
});
