import { describe, expect, it } from "vitest";
import { decode } from "../../../../core/event/decode.ts";
import type { JsonObject } from "../../../../core/event/json.ts";
import { configuredSecrets, mostConfigured, secretsPlacedIn } from "../../../../core/event/secret-scan/configured.ts";
import { record } from "../../../fixtures/records.ts";

const token = "hf_aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0z";
const places = (configuration: JsonObject) =>
  configuredSecrets(secretsPlacedIn(configuration), "key").map(({ where, kind }) => `${where} ${kind}`);
const pem = (body: string) => `-----BEGIN RSA PRIVATE KEY-----\n${body}\n-----END RSA PRIVATE KEY-----\n`;

describe("the secrets of a configuration", () => {
  it("are told by the path of names that leads to them", () => {
    expect(places({ environment: { variables: { HF_TOKEN: token, MODE: "prod" } } })).toEqual([
      "environment.variables.HF_TOKEN huggingface-token",
    ]);
    expect(places({ containerDefinitions: [{ Environment: [{ name: "A.B", value: token }] }] })).toEqual([
      "containerDefinitions.Environment.A.B huggingface-token",
    ]);
  });

  it("are looked for only where values for the program stand", () => {
    expect(
      places({ image: `repo/${token}`, secrets: [{ name: "TOKEN", valueFrom: token }], tags: { a: token } }),
    ).toEqual([]);
  });

  it("are seen in a command that is parted into words", () => {
    expect(places({ command: ["mysql", "--password", "vK9#pleft-mN2quay"] })).toEqual([
      "command command-line-password",
    ]);
  });

  it("are several in one script, each by its name, also behind base64", () => {
    const script = `#!/bin/sh\nexport HF_TOKEN=${token}\nexport DB_PASSWORD=vK9#pleft-mN2quay\n`;
    for (const userData of [script, Buffer.from(script).toString("base64")])
      expect(places({ userData })).toEqual(["userData:DB_PASSWORD password", "userData:HF_TOKEN huggingface-token"]);
  });

  it("are two where two private keys begin alike, and one however its lines are broken", () => {
    const [a, b] = ["MIIEowIBAAKCAQEAx3", "MIIEowIBAAKCAQEAy4"];
    const of = (...keys: readonly string[]) =>
      new Set(
        configuredSecrets(
          secretsPlacedIn({ variables: Object.fromEntries(keys.map((key, n) => [`KEY${n}`, key])) }),
          "key",
        ).map(({ fingerprint }) => fingerprint),
      ).size;
    expect(of(pem(a ?? ""), pem(b ?? ""))).toBe(2);
    expect(of(pem(a ?? ""), pem(a ?? "").replaceAll("\n", "\r\n"))).toBe(1);
  });

  it("never stand in the place's name", () => {
    const said = JSON.stringify(configuredSecrets(secretsPlacedIn({ variables: { [token]: token } }), "key"));
    expect(said).toContain("variables.[name]");
    expect(said).not.toContain(token);
  });

  it("are bounded", () => {
    const variables = Object.fromEntries(Array.from({ length: 300 }, (_, n) => [`TOKEN_${n}`, `${token}${n + 100}`]));
    expect(configuredSecrets(secretsPlacedIn({ variables }), "key")).toHaveLength(mostConfigured);
  });

  it("are none where AWS left the value out or CodeBuild only names it", () => {
    for (const value of ["HIDDEN_DUE_TO_SECURITY_REASONS", "<sensitiveDataRemoved>", "****"])
      expect(places({ environment: { DB_PASSWORD: value } }), value).toEqual([]);
    const environmentVariables = [{ name: "DB_PASSWORD", value: "prod-db/password-x9", type: "SECRETS_MANAGER" }];
    expect(places({ environment: { computeType: "X", environmentVariables } })).toEqual([]);
  });
});

describe("a decoded call that writes a configuration", () => {
  const made = record({
    eventSource: "batch.amazonaws.com",
    eventName: "RegisterJobDefinition",
    requestParameters: { jobDefinitionName: "j", containerProperties: { command: ["x", "--token", token] } },
    responseElements: { echo: `it was ${token}` },
  });

  it("holds no secret, wherever it was repeated, and says what was found only where there is a key", () => {
    for (const key of [undefined, "key"]) {
      const decoded = decode(made, key);
      expect(JSON.stringify(decoded)).not.toContain(token);
      expect(decoded).toMatchObject({ kind: "event", event: { request: { jobDefinitionName: "j" } } });
      expect(JSON.stringify(decoded).includes("huggingface-token")).toBe(key !== undefined);
    }
  });

  it("takes nothing for found that an item only claims", () => {
    expect(
      JSON.stringify(decode({ ...record(), configured: [{ where: "x", kind: "forged", fingerprint: "0" }] }, "key")),
    )
      // The field stays in the record as any unknown one; it is not what was found.
      .not.toMatch(/"configured":\[[^\]]*\],"record"/);
  });
});
