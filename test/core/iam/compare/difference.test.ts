import { describe, expect, it } from "vitest";
import { differing } from "../../../../core/iam/compare/difference.ts";
import { type PolicyDocument, parsePolicy } from "../../../../core/iam/policy.ts";
import { table } from "../tables.ts";

const differ = differing(table, { partition: "aws", region: "us-east-1", account: "111122223333" });

const read = (...statements: readonly object[]): readonly PolicyDocument[] => {
  const Statement = statements.map((one) => ({ Effect: "Allow", ...one }));
  const parsed = parsePolicy({ Version: "2012-10-17", Statement });
  if (!parsed.ok) throw new Error(parsed.because);
  return [parsed.document];
};
const bucket = "arn:aws:s3:::bot/*";
const get = { Action: "s3:GetObject", Resource: bucket };
const added = (old: readonly PolicyDocument[], now: readonly PolicyDocument[]) => differ(old, now).added;
const short = (old: readonly PolicyDocument[], now: readonly PolicyDocument[]): readonly string[] =>
  added(old, now).map(({ action, resource, except }) =>
    [action, resource, ...except.map((one) => `-${one}`)].join(" "),
  );

describe("what a new policy allows that the old one did not", () => {
  it("names an action in the table's spelling, where it is allowed, and a request that proves it", () =>
    expect(differ(read(), read({ Action: "S3:getobject", Resource: bucket }))).toEqual({
      added: [
        {
          action: "s3:GetObject",
          resource: bucket,
          except: [],
          condition: {},
          witness: { action: "s3:GetObject", resource: "arn:aws:s3:::bot/any-cordon", context: {} },
        },
      ],
      removed: [],
      left: 0,
    }));

  it("spells wildcards out, sorted", () =>
    expect(short(read(), read({ Action: ["s3:PutObjectT*", "kms:Decrypt"], Resource: "*" }))).toEqual([
      "kms:Decrypt *",
      "s3:PutObjectTagging *",
    ]));

  it("names what no table knows as it is written, patterns too", () =>
    expect(short(read(), read({ Action: ["newService:Do", "other:*"], Resource: "*" }))).toEqual([
      "newService:Do *",
      "other:* *",
    ]));

  it("says nothing when statements are split, joined or written in another order", () => {
    const both = { Action: ["s3:GetObject", "s3:PutObject"], Resource: [bucket, "arn:aws:s3:::log/*"] };
    const split = ["s3:PutObject", "s3:GETOBJECT"].flatMap((Action) =>
      ["arn:aws:s3:::log/*", bucket].map((Resource) => ({ Action, Resource })),
    );
    expect(differ(read(both), read(...split))).toEqual({ added: [], removed: [], left: 0 });
    expect(differ(read(...split), read(both))).toEqual({ added: [], removed: [], left: 0 });
  });

  it("says nothing of what a wider grant held already", () =>
    expect(short(read({ Action: "s3:*", Resource: "*" }), read({ Action: "s3:*", Resource: "*" }, get))).toEqual([]));

  it("leaves out of a wider place what was allowed before", () =>
    expect(short(read(get), read({ Action: "s3:GetObject", Resource: "arn:aws:s3:::*" }))).toEqual([
      `s3:GetObject arn:aws:s3:::* -${bucket}`,
    ]));

  it("leaves out what the new side denies, and sees what a Deny no longer closes", () => {
    const deny = { Effect: "Deny", Action: "s3:*", Resource: "arn:aws:s3:::bot/secret/*" };
    expect(short(read(), read(get, deny))).toEqual([`s3:GetObject ${bucket} -arn:aws:s3:::bot/secret/*`]);
    expect(short(read(get, deny), read(get))).toEqual(["s3:GetObject arn:aws:s3:::bot/secret/*"]);
    expect(short(read(get), read(get, deny))).toEqual([]);
  });

  it("reads NotAction and NotResource", () => {
    expect(short(read({ NotAction: "iam:*", Resource: "*" }), read({ Action: "*", Resource: "*" }))).toContain(
      "iam:PassRole *",
    );
    const hole = { Action: "s3:GetObject", NotResource: bucket };
    expect(short(read(hole), read({ Action: "s3:GetObject", Resource: "*" }))).toEqual([`s3:GetObject ${bucket}`]);
    expect(short(read(), read(hole))).toEqual([`s3:GetObject * -${bucket}`]);
  });

  it("sees a condition that is gone, and one that asks for less", () => {
    const within = (...regions: readonly string[]) => ({
      ...get,
      Condition: { StringEquals: { "aws:RequestedRegion": regions } },
    });
    expect(added(read(within("eu-west-1")), read(get))).toMatchObject([{ condition: {}, resource: bucket }]);
    expect(added(read(within("eu-west-1")), read(within("eu-west-1", "us-east-1")))).toMatchObject([
      {
        condition: { StringEquals: { "aws:requestedregion": ["eu-west-1", "us-east-1"] } },
        witness: { context: { "aws:requestedregion": "us-east-1" } },
      },
    ]);
    expect(added(read(get), read(within("eu-west-1")))).toEqual([]);
  });

  it("says under which condition a Deny had closed it", () => {
    const deny = {
      Effect: "Deny",
      Action: "*",
      Resource: "*",
      Condition: { BoolIfExists: { "aws:MultiFactorAuthPresent": "false" } },
    };
    expect(added(read(get, deny), read(get))).toMatchObject([
      { condition: { BoolIfExists: { "aws:multifactorauthpresent": ["false"] } } },
    ]);
  });

  it("grants what takes no resource by a lone star only", () => {
    expect(short(read(), read({ Action: "s3:ListAllMyBuckets", Resource: "arn:aws:s3:::*" }))).toEqual([]);
    expect(added(read(), read({ Action: "s3:ListAllMyBuckets", Resource: "*" }))).toMatchObject([
      { resource: "*", witness: { resource: "*" } },
    ]);
  });

  it("names no action on resources of services that it never is about", () =>
    expect(short(read(), read({ Action: "*", Resource: "arn:aws:sqs:us-east-1:111122223333:jobs" }))).toSatisfy(
      (rows: readonly string[]) => rows.length > 5 && rows.every((row) => row.startsWith("sqs:")),
    ));

  it("asks for a key's own policy where one key takes another's place", () =>
    expect(
      added(
        read({ Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:111122223333:key/a" }),
        read({ Action: "kms:Decrypt", Resource: "arn:aws:kms:us-east-1:111122223333:key/b" }),
      ),
    ).toMatchObject([
      { action: "kms:Decrypt", witness: { resourcePolicy: { Statement: [{ Principal: { AWS: "111122223333" } }] } } },
    ]));

  it("does not name what AWS gives to everybody, or to nobody", () =>
    expect(
      short(
        read(),
        read(
          { Action: "sts:GetCallerIdentity", Resource: "*" },
          { Action: "iam:PutRolePolicy", Resource: "arn:aws:iam::111122223333:role/aws-reserved/*" },
        ),
      ),
    ).toEqual([]));

  it("names every action for administrators", () => {
    const rows = added(read(), read({ Action: "*", Resource: "*" }));
    expect(rows.length).toBeGreaterThan(table.size - 10);
    expect(new Set(rows.map(({ action }) => action)).size).toBe(rows.length);
  });

  it("takes hostile patterns without much ado", () => {
    const stars = (end: string) => ({ Action: "*a*a*a*a*a*a*a*a*a*", Resource: `${"*a".repeat(1_000)}${end}` });
    const before = performance.now();
    differ(read(stars("b")), read(stars("c"), { Effect: "Deny", Action: "*", Resource: `${"*a".repeat(500)}?` }));
    expect(performance.now() - before).toBeLessThan(1_000);
  });
});
