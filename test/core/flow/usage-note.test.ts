import { describe, expect, it } from "vitest";
import { readHead } from "../../../core/event/head.ts";
import { noteOf } from "../../../core/flow/usage-note.ts";
import { account, record, region } from "../../fixtures/records.ts";

const noted = (service: string, name: string, over: object = {}) => {
  const head = readHead(record({ eventSource: `${service}.amazonaws.com`, eventName: name, ...over }));
  return head.kind === "read" ? noteOf(head.head) : undefined;
};
const secrets = (service: string, name: string, request: object): readonly string[] => {
  const note = noted(service, name, { requestParameters: request });
  return note?.kind === "secret" ? note.secrets : [];
};
const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:bot/token`;
const parameterArn = `arn:aws:ssm:${region}:${account}:parameter`;

describe("what is remembered of a record", () => {
  it("names a secret the same whether it was asked for by ARN, by ARN without its end, or by name", () => {
    for (const secretId of [`${secretArn}-AbC12f`, secretArn, "bot/token"])
      expect(secrets("secretsmanager", "GetSecretValue", { secretId })).toEqual([secretArn]);
  });

  it("takes parameters that were asked for decrypted, by name, version, list or path; plain ones are configuration", () => {
    const decrypted = { withDecryption: true };
    expect(secrets("ssm", "GetParameter", { name: "/a/b:3", ...decrypted })).toEqual([`${parameterArn}/a/b`]);
    expect(secrets("ssm", "GetParameter", { name: `${parameterArn}/a/b`, ...decrypted })).toEqual([
      `${parameterArn}/a/b`,
    ]);
    expect(secrets("ssm", "GetParameters", { names: ["/a", "b"], ...decrypted })).toEqual([
      `${parameterArn}/a`,
      `${parameterArn}/b`,
    ]);
    expect(secrets("ssm", "GetParametersByPath", { path: "/a/", ...decrypted })).toEqual([`${parameterArn}/a/*`]);
    expect(secrets("ssm", "GetParameter", { name: "/a/b" })).toEqual([]);
    expect(secrets("ssm", "GetParameter", { name: "/a/b", withDecryption: false })).toEqual([]);
  });

  it("takes a key from the record's resources, else from the request", () => {
    const key = `arn:aws:kms:${region}:${account}:key/1`;
    expect(noted("kms", "Decrypt", { resources: [{ ARN: key }], requestParameters: null })).toMatchObject({
      secrets: [key],
    });
    expect(secrets("kms", "Decrypt", { keyId: key })).toEqual([key]);
    expect(noted("kms", "Decrypt", { requestParameters: null })).toBeUndefined();
  });

  it("tells refused reads from those that gave the value", () => {
    expect(noted("secretsmanager", "GetSecretValue", { requestParameters: { secretId: "x" } })).toMatchObject({
      outcome: "done",
    });
    expect(
      noted("secretsmanager", "GetSecretValue", { requestParameters: { secretId: "x" }, errorCode: "AccessDenied" }),
    ).toMatchObject({ outcome: "denied" });
  });

  it("tells when identities begin and end, and by whom, but not of attempts", () => {
    const role = `arn:aws:iam::${account}:role/x`;
    const answer = { responseElements: { role: { arn: role } } };
    expect(noted("iam", "CreateRole", answer)).toMatchObject({
      kind: "created",
      id: role,
      by: `arn:aws:iam::${account}:user/trainer`,
    });
    expect(noted("iam", "DeleteRole", { requestParameters: { roleName: "x" } })).toMatchObject({
      kind: "deleted",
      id: role,
    });
    expect(
      noted("iam", "CreateAccessKey", { responseElements: { accessKey: { accessKeyId: "AKIAI44QH8DHBEXAMPLE" } } }),
    ).toMatchObject({
      id: "AKIAI44QH8DHBEXAMPLE",
    });
    expect(noted("iam", "CreateRole", { ...answer, errorCode: "EntityAlreadyExists" })).toBeUndefined();
  });

  it("remembers nothing of other calls, also of other services with the same name", () => {
    expect(noted("s3", "GetObject")).toBeUndefined();
    expect(noted("example", "Decrypt")).toBeUndefined();
    expect(noted("example", "constructor")).toBeUndefined();
  });
});
