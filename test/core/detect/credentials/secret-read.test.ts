import { describe, expect, it } from "vitest";
import { opensNoSecret, secretReads } from "../../../../core/detect/credentials/secret-read.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import type { Json } from "../../../../core/event/json.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";

const call = (api: string, requestParameters: Json): ApiCall => {
  const [service, eventName = ""] = api.split(":");
  return eventOf(record({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters })) as ApiCall;
};
const reads = (api: string, request: Json) => secretReads(call(api, request));
const arn = "arn:aws:secretsmanager:us-east-1:111122223333:secret:team/db";

describe("a secret that is read", () => {
  it("is one and the same by name, by ARN, in a batch, and as KMS names it", () => {
    const named = [{ kind: "named", arn }];
    expect(reads("secretsmanager:GetSecretValue", { secretId: "team/db" })).toEqual(named);
    expect(reads("secretsmanager:GetSecretValue", { secretId: `${arn}-AbC1dE` })).toEqual(named);
    expect(reads("secretsmanager:BatchGetSecretValue", { secretIdList: ["team/db"] })).toEqual(named);
    expect(reads("kms:Decrypt", { encryptionContext: { SecretARN: `${arn}-AbC1dE` } })).toEqual(named);
  });

  it("is not named by a batch with a filter, which may leave out hardly any", () => {
    const batch = (filters: Json) => reads("secretsmanager:BatchGetSecretValue", { filters });
    expect(batch([{ key: "tag-key", values: ["app"] }])).toEqual([{ kind: "batch", everything: false }]);
    expect(batch([{ key: "tag-key", values: ["!app"] }])).toEqual([{ kind: "batch", everything: true }]);
    expect(batch([])).toEqual([{ kind: "batch", everything: true }]);
    expect(reads("secretsmanager:BatchGetSecretValue", { maxResults: 20 })).toEqual([]);
  });

  it("is a parameter where it was decrypted, and none of AWS's own", () => {
    const parameter = (name: string) => `arn:aws:ssm:us-east-1:111122223333:parameter/${name}`;
    const get = (request: Json) => reads("ssm:GetParameters", request);
    expect(get({ names: ["/app/key:3", "token"], withDecryption: true })).toEqual([
      { kind: "named", arn: parameter("app/key") },
      { kind: "named", arn: parameter("token") },
    ]);
    expect(get({ names: ["/app/key"], withDecryption: false })).toEqual([]);
    expect(get({ names: ["/aws/service/ami"], withDecryption: true })).toEqual([]);
    expect(reads("ssm:GetParametersByPath", { path: "/app/", withDecryption: true })).toEqual([
      { kind: "named", arn: parameter("app/*") },
    ]);
    expect(reads("kms:Decrypt", { encryptionContext: { PARAMETER_ARN: parameter("app/key") } })).toEqual([
      { kind: "named", arn: parameter("app/key") },
    ]);
  });

  it("is nothing where the record names nothing", () => {
    for (const request of [null, {}, { secretId: 7 }, { encryptionContext: "x" }])
      for (const api of ["secretsmanager:GetSecretValue", "kms:Decrypt", "ssm:GetParameter", "s3:GetObject"])
        expect(reads(api, request)).toEqual([]);
  });
});

describe("a record that nobody need look at again", () => {
  it("decrypts something else than a secret, or reads parameters as they lie", () => {
    expect(opensNoSecret("Decrypt", { encryptionContext: { "aws:s3:arn": "arn:aws:s3:::b" } })).toBe(true);
    expect(opensNoSecret("Decrypt", {})).toBe(true);
    expect(opensNoSecret("GetParameter", { name: "/app/key" })).toBe(true);
  });

  it("is none that opens one", () => {
    expect(opensNoSecret("Decrypt", { encryptionContext: { SecretARN: arn } })).toBe(false);
    expect(opensNoSecret("Decrypt", { encryptionContext: { PARAMETER_ARN: "p" } })).toBe(false);
    expect(opensNoSecret("GetParametersByPath", { path: "/", withDecryption: true })).toBe(false);
    expect(opensNoSecret("GetSecretValue", { secretId: "x" })).toBe(false);
    expect(opensNoSecret("DescribeParameters", {})).toBe(false);
  });
});
