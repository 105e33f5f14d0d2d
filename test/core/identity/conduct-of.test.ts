import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { conductParameters } from "../../../cli/iam-tables.ts";
import { type Head, readHead } from "../../../core/event/head.ts";
import {
  conductKey,
  conductOf,
  isCall,
  mayBeDeclared,
  parametersThatCount,
  recordedConduct,
} from "../../../core/identity/conduct-of.ts";
import { account, type RecordObject, record, region, session, user } from "../../fixtures/records.ts";
import { authorise } from "../iam/tables.ts";

const countingOf = parametersThatCount(conductParameters());

function headOf(over: RecordObject): Head {
  const read = readHead(JSON.parse(JSON.stringify(record(over))));
  if (read.kind !== "read") throw new Error("the record cannot be read");
  return read.head;
}

const recorded = (over: RecordObject) => {
  const head = headOf(over);
  return recordedConduct(head, countingOf(head.source));
};
const conduct = (over: RecordObject) => conductOf(recorded(over), authorise);
const call = (service: string, eventName: string, requestParameters: object, over: object = {}): RecordObject =>
  ({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters, ...over }) as RecordObject;

describe("the conduct of a call", () => {
  it("is what AWS checks, and what envelopes limit", () => {
    expect(conduct(call("bedrock", "Converse", { modelId: "anthropic.claude-3", messages: "secret talk" }))).toEqual({
      api: "bedrock:Converse",
      partition: "aws",
      region,
      account,
      checks: [
        {
          action: "bedrock:InvokeModel",
          resources: [`arn:aws:bedrock:${region}::foundation-model/anthropic.claude-3`],
        },
      ],
      outcome: "done",
      model: "anthropic.claude-3",
      origin: { kind: "address", address: "192.0.2.10" },
    });
  });

  it("has no checks where nobody knows them", () => {
    expect(conduct(call("madeup", "DoSomething", {})).checks).toBeUndefined();
  });

  it.each([
    ["bot/token", "bot/token"],
    [`arn:aws:secretsmanager:${region}:${account}:secret:bot/token-AbCdEf`, "bot/token"],
    [`arn:aws:secretsmanager:${region}:${account}:secret:bot/token`, "bot/token"],
  ])("names the secret %s without its random end", (secretId, name) => {
    expect(conduct(call("secretsmanager", "GetSecretValue", { secretId })).secrets).toEqual([
      `arn:aws:secretsmanager:${region}:${account}:secret:${name}`,
    ]);
  });

  it("counts parameters as secrets where their value was asked for decrypted", () => {
    const parameter = (name: string): string => `arn:aws:ssm:${region}:${account}:parameter/${name}`;
    const asked = (eventName: string, request: object) => conduct(call("ssm", eventName, request)).secrets;
    expect(asked("GetParameter", { name: "/bot/key:3", withDecryption: true })).toEqual([parameter("bot/key")]);
    expect(asked("GetParameters", { names: ["/a", "b"], withDecryption: true })).toEqual(["a", "b"].map(parameter));
    expect(asked("GetParametersByPath", { path: "/bot/", withDecryption: true })).toEqual([parameter("bot/*")]);
    expect(asked("GetParameter", { name: "/bot/key" })).toBeUndefined();
    expect(asked("PutParameter", { name: "/bot/key", withDecryption: true })).toBeUndefined();
  });

  it("comes from a VPC endpoint, an address or a service", () => {
    const from = (over: RecordObject) => conduct(over).origin;
    const endpoint = { sourceIPAddress: "10.0.0.1", vpcEndpointId: "vpce-0abc" };
    expect(from(endpoint)).toEqual({ kind: "vpc-endpoint", id: "vpce-0abc" });
    expect(from({ sourceIPAddress: "2001:db8::1" })).toEqual({ kind: "address", address: "2001:db8::1" });
    for (const name of ["lambda.amazonaws.com", "AWS Internal", "ec2.amazonaws.com.cn"])
      expect(from({ sourceIPAddress: name })).toEqual({ kind: "service", name });
  });

  it("says how long a session was asked for, and of no other call", () => {
    const asked = (service: string) => conduct(call(service, "AssumeRole", { durationSeconds: 900 })).sessionSeconds;
    expect([asked("sts"), asked("madeup")]).toEqual([900, undefined]);
  });

  it("says what became of the call", () => {
    const denied = conduct(call("s3", "GetObject", {}, { errorCode: "AccessDenied" }));
    expect([denied.outcome, denied.errorCode]).toEqual(["denied", "AccessDenied"]);
    expect(conduct(call("s3", "GetObject", {}, { errorCode: "NoSuchKey" })).outcome).toBe("failed");
  });

  it("holds no secret, and nothing of a request that does not count", () => {
    const secret = "ghp_0123456789abcdefghijklmnopqrstuvwxyzAB";
    const text = JSON.stringify(recorded(call("lambda", "Invoke", { functionName: secret, payload: "customer data" })));
    expect(text).not.toContain(secret);
    expect(text).not.toContain("customer data");
  });
});

describe("the key of a conduct", () => {
  it("is equal for two calls only if all that is remembered of them is equal", () => {
    const value = fc.constantFrom<unknown>("a", "a\nmodelId=b", "a\nmodelId=1 b", "b", 1, undefined);
    const call = fc.record({
      sourceIPAddress: fc.constantFrom("192.0.2.1", "AWS Internal"),
      errorCode: fc.constantFrom(undefined, "AccessDenied"),
      requestParameters: fc.record({ agentId: value, modelId: value }),
    });
    const headed = (over: object): Head => headOf({ eventSource: "bedrock.amazonaws.com", ...over });
    fc.assert(
      fc.property(fc.array(call, { minLength: 20, maxLength: 40 }), (calls) => {
        const known = new Map<string, unknown>();
        for (const head of calls.map(headed)) {
          const counting = countingOf(head.source);
          const key = conductKey(head, counting);
          const made = recordedConduct(head, counting);
          expect(known.get(key) ?? made).toEqual(made);
          known.set(key, made);
        }
      }),
    );
  });

  it("is equal for calls that differ in nothing that counts", () => {
    const key = (over: RecordObject): string => {
      const head = headOf(over);
      return conductKey(head, countingOf(head.source));
    };
    const asked = (messages: string) => call("bedrock", "Converse", { modelId: "anthropic.claude-3", messages });
    expect(key(asked("one"))).toBe(key({ ...asked("two"), eventID: "x", eventTime: "2026-02-01T00:00:00Z" }));
  });
});

describe("who may be declared", () => {
  it("is whom a manifest can name", () => {
    expect(mayBeDeclared(session("bot", "s", "ASIAIOSFODNN7EXAMPLE"))).toBe(true);
    expect(mayBeDeclared(user())).toBe(true);
    expect(mayBeDeclared({ type: "WebIdentityUser" })).toBe(true);
    expect(mayBeDeclared({ type: "AWSService", invokedBy: "ec2.amazonaws.com" })).toBe(false);
    expect(mayBeDeclared({ type: "Root" })).toBe(false);
    const arn = `arn:aws:iam::${account}:role/aws-service-role/ecs.amazonaws.com/AWSServiceRoleForECS`;
    expect(mayBeDeclared({ type: "AssumedRole", sessionContext: { sessionIssuer: { arn } } })).toBe(false);
  });

  it("did something only in records of calls", () => {
    const of = (eventType: string): boolean => isCall({ body: { eventType } });
    expect([of("AwsApiCall"), of("AwsConsoleAction"), isCall({ body: {} })]).toEqual([true, true, true]);
    expect([of("AwsServiceEvent"), of("AwsConsoleSignIn"), of("AwsCloudTrailInsight")]).toEqual([false, false, false]);
  });
});
