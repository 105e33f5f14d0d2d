import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Json, JsonObject } from "../../../core/event/json.ts";
import { mask } from "../../../core/event/mask.ts";
import { plants } from "./planted-secrets.ts";

const exampleSecretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY";
const masked = "[masked]";

describe("masking what came in", () => {
  it("given 200 secrets of every kind in random places, lets none out and keeps everything else", () => {
    const kinds = new Map<string, number>();
    for (const plant of plants(200)) {
      const kept = mask(plant.record);
      expect(JSON.stringify(kept), plant.kind).not.toContain(plant.secret);
      expect(kept, plant.kind).toEqual(plant.expected);
      kinds.set(plant.kind, (kinds.get(plant.kind) ?? 0) + 1);
    }
    expect([...kinds.values()].every((count) => count >= 3)).toBe(true);
  });

  it("given a record without a secret, gives back an equal one that shares nothing with it", () => {
    const record: JsonObject = {
      eventName: "RunInstances",
      userIdentity: { accessKeyId: "AKIAIOSFODNN7EXAMPLE", arn: "arn:aws:iam::111122223333:user/trainer" },
      requestParameters: { instanceType: "p5.48xlarge", maxTokens: 4096, list: [1, null, true, "x"], empty: null },
      errorMessage: "The security token included in the request is invalid",
      digest: "da39a3ee5e6b4b0d3255bfef95601890afd80709",
      role: "arn:aws:iam::111122223333:role/service-role/AmazonSageMakerExecutionRoleForTrainingJob1",
      passwordResetRequired: true,
    };
    const copy = mask(record);
    expect(copy).toEqual(record);
    expect(copy).not.toBe(record);
    expect(copy["requestParameters"]).not.toBe(record["requestParameters"]);
  });

  it("keeps the access key id of issued credentials, which joins the chain, and nothing that opens", () => {
    const credentials = {
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      secretAccessKey: exampleSecretKey,
      sessionToken: "opaque",
      expiration: "Nov 25, 2026, 3:00:00 AM",
    };
    expect(mask({ responseElements: { credentials } })).toEqual({
      responseElements: { credentials: { ...credentials, secretAccessKey: masked, sessionToken: masked } },
    });
  });

  it("keeps the names of environment variables and drops their values, in every form that services use", () => {
    const record: JsonObject = {
      lambda: { environment: { variables: { MODE: "prod", DB: "hunter2" } } },
      sagemaker: { Environment: { HF_HUB: "hunter2" } },
      ecs: { containerDefinitions: [{ environment: [{ name: "DB", value: "hunter2" }], image: "training:1" }] },
      codebuild: {
        environment: {
          type: "LINUX_GPU_CONTAINER",
          image: "aws/codebuild/standard:7.0",
          computeType: "BUILD_GENERAL1_LARGE",
          privilegedMode: true,
          environmentVariables: [{ name: "DB", type: "PLAINTEXT", value: "hunter2" }],
        },
      },
      apprunner: { runtimeEnvironmentVariables: { DB: "hunter2" } },
      tag: { environment: "production" },
    };
    const kept = mask(record);
    expect(JSON.stringify(kept)).not.toContain("hunter2");
    expect(kept).toEqual({
      lambda: { environment: { variables: { MODE: masked, DB: masked } } },
      sagemaker: { Environment: { HF_HUB: masked } },
      ecs: { containerDefinitions: [{ environment: [{ name: "DB", value: masked }], image: "training:1" }] },
      codebuild: {
        environment: {
          type: "LINUX_GPU_CONTAINER",
          image: "aws/codebuild/standard:7.0",
          computeType: "BUILD_GENERAL1_LARGE",
          privilegedMode: true,
          environmentVariables: [{ name: "DB", type: "PLAINTEXT", value: masked }],
        },
      },
      apprunner: { runtimeEnvironmentVariables: { DB: masked } },
      tag: { environment: "production" },
    });
  });

  it("given a pair whose name is that of a secret, masks its value and leaves other pairs alone", () => {
    const pairs = [
      { name: "DB_PASSWORD", value: "hunter2" },
      { ParameterKey: "ApiKey", ParameterValue: "hunter2" },
      { name: "/prod/region", type: "SecureString", value: "hunter2" },
      { key: "team", value: "support" },
    ];
    const kept = mask({ pairs });
    expect(JSON.stringify(kept)).not.toContain("hunter2");
    expect(kept).toMatchObject({ pairs: [{}, {}, {}, { key: "team", value: "support" }] });
  });

  it("given JSON inside text, masks its fields too and otherwise leaves the text exactly as it was", () => {
    const policy =
      '{ "Version":"2012-10-17", "Statement":[{"Condition":{"StringEquals":{"aws:RequestTag/token":"a"}}}] }';
    const kept = mask({ policyDocument: policy, payload: '{"a":{"password":"hunter2"},"b":[1]}' });
    expect(kept).toEqual({ policyDocument: policy, payload: '{"a":{"password":"[masked]"},"b":[1]}' });
  });

  it("given a repeated key in JSON inside text, does not bring back the first value", () => {
    expect(JSON.stringify(mask({ payload: '{"password":"hunter2","password":""}' }))).not.toContain("hunter2");
  });

  it("given keys that reach a prototype, drops and names them", () => {
    const hostile = JSON.parse('{"a":{"__proto__":{"admin":true},"constructor":1,"prototype":2,"b":3}}') as JsonObject;
    const flags: string[] = [];
    const kept = mask(hostile, flags);
    expect(kept).toEqual({ a: { b: 3 } });
    expect(flags).toEqual(["__proto__", "constructor", "prototype"]);
    expect(Object.getPrototypeOf(kept["a"])).toBe(Object.prototype);
    expect(({} as { admin?: unknown }).admin).toBeUndefined();
  });

  it("given nesting without end, masks what lies too deep instead of running out of stack", () => {
    let deep: Json = "hunter2";
    for (let i = 0; i < 20_000; i++) deep = i % 2 === 0 ? { a: deep } : [deep];
    const text = JSON.stringify(mask({ deep }));
    expect(text).not.toContain("hunter2");
    expect(text).toContain(masked);
    expect(mask({ text: "[".repeat(200_000) })).toEqual({ text: "[".repeat(200_000) });
    expect(JSON.stringify(mask({ text: `${"[".repeat(100_000)}1${"]".repeat(100_000)}` }))).toContain(masked);
  });

  it("given a key that is a secret by its shape, writes neither key nor value", () => {
    const token = `ghp_${"a1B2".repeat(9)}`;
    expect(mask({ [token]: "x", safe: "y" })).toEqual({ [masked]: "x", safe: "y" });
  });

  it.each([
    ["a private key without an end", `-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\n\nMIIE`, masked],
    ["a password in a URL", "postgres://app:hunter2@db.example.com/x", `postgres://app:${masked}@db.example.com/x`],
    ["an assignment", "run --password=hunter2 --mode=fast", `run --${masked} --mode=fast`],
    ["a secret key in a sentence", `key ${exampleSecretKey}.`, `key ${masked}.`],
    [
      "a presigned request",
      "https://example.com/?X-Amz-Signature=0123456789abcdef01&x=1",
      `https://example.com/?${masked}&x=1`,
    ],
  ])("given %s, takes out only that", (_, text, kept) => {
    expect(mask({ text })).toEqual({ text: kept });
  });

  it.each([
    ["a commit", "da39a3ee5e6b4b0d3255bfef95601890afd80709"],
    ["a camel-case name of forty characters", "AmazonSageMakerServiceCatalogProductsUse"],
    ["a path", "service/role/AmazonSageMakerExecutionRole"],
    ["an ARN", "arn:aws:secretsmanager:us-east-1:111122223333:secret:support-bot/db-AbCdEf"],
    ["a user agent", "aws-cli/2.15.0 Python/3.11.6 Linux/5.10 exec-env/CloudShell prompt/off command/s3.ls"],
    ["an S3 request id", "wTr0Y2yxHqpF8uQz3sVn7KdLmB1cXeGjRtAiOoPkSfNhZ5Mv4WbE6J9yUaDgCxLqIe2rT8kPsH0="],
  ])("given %s, leaves it as it is", (_, text) => {
    expect(mask({ text })).toEqual({ text });
  });

  it("given any JSON at all, never throws, and masking twice changes nothing more", () => {
    const keys = fc.oneof(
      fc.string(),
      fc.constantFrom("environment", "variables", "value", "name", "onStart", "token"),
    );
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 6 },
        fc.oneof(fc.string(), fc.json(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null)),
        fc.array(tie("tree"), { maxLength: 4 }),
        fc.dictionary(keys, tie("tree"), { maxKeys: 5 }),
      ),
    }));
    fc.assert(
      fc.property(tree, (value) => {
        const once = mask({ value: value as Json });
        expect(mask(once)).toEqual(once);
      }),
      { seed: 20261125, numRuns: 500 },
    );
  });

  it("takes time in proportion to the text, whatever the text is", () => {
    for (const piece of ["eyJ", "://a:", "-----BEGIN PRIVATE KEY-----", "token=", "Aa0/", "xoxb-1", "{", "sk-a"]) {
      const started = performance.now();
      mask({ text: piece.repeat(Math.ceil(300_000 / piece.length)) });
      expect(performance.now() - started, piece).toBeLessThan(2_000);
    }
  });
});
