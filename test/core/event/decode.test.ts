import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { apiOf, decode } from "../../../core/event/decode.ts";
import type { ApiCall } from "../../../core/event/event.ts";
import type { RecordObject } from "../../fixtures/records.ts";
import {
  account,
  envelope,
  fromLambda,
  insight,
  instanceEnvelope,
  lookupEntry,
  oneOfEach,
  putRolePolicy,
  record,
  serviceEvent,
  signIn,
} from "../../fixtures/records.ts";

function callOf(item: unknown): ApiCall {
  const decoded = decode(item);
  if (decoded.kind !== "event" || decoded.event.kind !== "api-call") throw new Error(JSON.stringify(decoded));
  return decoded.event;
}

describe("decoding a record", () => {
  it("is the same for a record alone, in an envelope and in a LookupEvents entry", () => {
    for (const item of [record(), fromLambda(), serviceEvent(), signIn("Failure"), putRolePolicy("{}")]) {
      const alone = callOf(item);
      expect(callOf(envelope(item))).toEqual(alone);
      expect(callOf(lookupEntry(item))).toEqual(alone);
    }
  });

  it("keeps the whole record, unknown fields too", () =>
    expect(callOf(record({ eventFuture: { a: [1] } })).record).toMatchObject({ eventFuture: { a: [1] } }));

  it("takes nothing for empty where CloudTrail writes null or text", () => {
    for (const nothing of [null, "", undefined, [], 7]) {
      const call = callOf(record({ requestParameters: nothing, responseElements: nothing }));
      expect([Object.keys(call.request), Object.keys(call.response)]).toEqual([[], []]);
    }
  });

  it("says that the request was left out", () => {
    expect(callOf(record({ requestParameters: { omitted: true, originalSize: 1 } })).requestOmitted).toBe(true);
    expect(callOf(record({ requestParameters: { omitted: "true" } })).requestOmitted).toBe(false);
  });

  it("leaves the account out where it is not one", () => {
    expect(callOf(record()).account).toBe(account);
    for (const recipientAccountId of ["anonymous", "12345", "1111222233334"])
      expect(callOf(record({ recipientAccountId })).account).toBeUndefined();
  });

  it("drops keys that could reach a prototype, and pollutes nothing", () => {
    const hostile = JSON.parse(
      JSON.stringify(record()).replace(
        '"bucketName"',
        '"__proto__":{"admin":true},"constructor":{"prototype":{"admin":true}},"bucketName"',
      ),
    );
    const call = callOf(hostile);
    expect(Object.keys(call.request)).toEqual(["bucketName", "key"]);
    expect(({} as { admin?: boolean }).admin).toBeUndefined();
    expect((call.request as { admin?: boolean }).admin).toBeUndefined();
  });

  it("lets no secret out", () => {
    const secret = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
    const call = callOf(
      record({ responseElements: { accessKey: { secretAccessKey: secret, accessKeyId: "AKIAIOSFODNN7EXAMPLE" } } }),
    );
    expect(JSON.stringify(call)).not.toContain(secret);
    expect(JSON.stringify(call)).toContain("AKIAIOSFODNN7EXAMPLE");
  });
});

describe("what became of a call", () => {
  it.each([
    [{}, "done"],
    [{ errorCode: "AccessDenied" }, "denied"],
    [{ errorCode: "AccessDeniedException" }, "denied"],
    [{ errorCode: "Client.UnauthorizedOperation" }, "denied"],
    [{ errorCode: "NotAuthorized" }, "denied"],
    [{ errorCode: "AuthFailure" }, "denied"],
    [{ errorCode: "NoSuchBucket" }, "failed"],
    [{ errorCode: "Client.DryRunOperation" }, "failed"],
    [{ errorMessage: "only a message" }, "done"],
  ] as const)("given %j, is %s", (over, outcome) => expect(callOf(record(over)).outcome).toBe(outcome));

  it("is what the console says for a sign-in, and unknown for an Insight event", () => {
    expect(callOf(signIn("Success"))).toMatchObject({ outcome: "done", origin: "console-sign-in" });
    expect(callOf(signIn("Failure", { errorMessage: "Failed authentication" })).outcome).toBe("denied");
    expect(callOf(insight())).toMatchObject({ outcome: "unknown", origin: "insight" });
    expect(callOf(serviceEvent()).origin).toBe("service-event");
  });
});

describe("the api of a record", () => {
  it.each([
    ["lambda.amazonaws.com", "CreateFunction20150331", "lambda:CreateFunction"],
    ["lambda.amazonaws.com", "UpdateFunctionCode20150331v2", "lambda:UpdateFunctionCode"],
    ["lambda.amazonaws.com", "Invoke", "lambda:Invoke"],
    ["s3.amazonaws.com", "Thing20150331", "s3:Thing20150331"],
    ["s3.amazonaws.com.cn", "GetObject", "s3:GetObject"],
    ["aws.internal", "X", "aws.internal:X"],
  ])("of %s and %s is %s", (source, name, api) => expect(apiOf(source, name)).toBe(api));
});

describe("decoding an envelope", () => {
  it("given one that a decoder claims, is its event", () =>
    expect(decode(instanceEnvelope())).toMatchObject({
      kind: "event",
      event: { kind: "scaling", instanceId: "i-0abcd1234efgh5678" },
    }));
  it("given one that no decoder claims, is ignored", () => {
    for (const over of [{ "detail-type": "Tea Time" }, { source: "my.app" }])
      expect(decode(instanceEnvelope(over)), JSON.stringify(over)).toMatchObject({ kind: "ignored" });
  });
});

describe("other partitions", () => {
  const partitions = [
    { partition: "aws-us-gov", region: "us-gov-west-1" },
    { partition: "aws-cn", region: "cn-north-1" },
  ];
  /** Every string with the partition of its ARNs and the name of its Region replaced. */
  const moved = (value: unknown, { partition, region }: { partition: string; region: string }): unknown =>
    JSON.parse(JSON.stringify(value).replaceAll("arn:aws:", `arn:${partition}:`).replaceAll("us-east-1", region));

  it.each(partitions)("given the same records in $partition, decodes to the same with other strings only", (there) =>
    fc.assert(
      fc.property(fc.constantFrom(...oneOfEach()), fc.constantFrom("bot", "a/b/c", "x".repeat(64)), (item, name) => {
        const here: RecordObject = {
          ...item,
          ...(item["detail-type"] === undefined ? { note: `arn:aws:iam::${account}:role/${name}` } : {}),
        };
        const decoded = decode(here);
        const elsewhere = decode(moved(here, there));
        expect(elsewhere.kind).toBe(decoded.kind);
        const expected = moved(decoded, there) as { event?: { partition?: string } };
        if (expected.event !== undefined) expected.event.partition = there.partition;
        expect(JSON.parse(JSON.stringify(elsewhere))).toEqual(expected);
      }),
      { numRuns: 100 },
    ),
  );
});

it("never throws and always answers with JSON", () => {
  const anything = fc.oneof(fc.jsonValue(), fc.constantFrom(undefined, Number.NaN, ...oneOfEach()));
  fc.assert(
    fc.property(anything, (item) => {
      const decoded = decode(item);
      expect(["event", "parked", "ignored"]).toContain(decoded.kind);
      expect(JSON.parse(JSON.stringify(decoded))).toMatchObject({ kind: decoded.kind });
    }),
    { numRuns: 500 },
  );
});
