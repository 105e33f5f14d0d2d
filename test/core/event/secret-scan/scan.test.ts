import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { scanSecret } from "../../../../core/event/secret-scan/scan.ts";
import { alphabets, drawn } from "../../../fixtures/drawn.ts";

const password = ["Tr0ub4dor", "&3x"].join("");
const basic = Buffer.from(`admin:${password}`).toString("base64");

const secrets: readonly (readonly [kind: string, name: string, value: string])[] = [
  ["github-token", "ANY", `ghp_${drawn(36)}`],
  ["aws-access-key-id", "ANY", `AKIA${drawn(16, "base32")}`],
  ["aws-secret-access-key", "AWS_SECRET_ACCESS_KEY", drawn(40, "base64", 3)],
  ["aws-secret-access-key", "ANY", drawn(40, "base64", 3)],
  ["stripe-key", "ANY", `sk_live_${drawn(24)}`],
  ["slack-token", "ANY", `xoxb-123456789012-1234567890123-${drawn(24)}`],
  ["openai-key", "ANY", `sk-proj-${drawn(60)}`],
  ["anthropic-key", "ANY", `sk-ant-api03-${drawn(95)}`],
  ["huggingface-token", "ANY", `hf_${drawn(34)}`],
  ["telegram-token", "ANY", `123456789:AA${drawn(33)}`],
  ["private-key", "ANY", `-----BEGIN RSA PRIVATE KEY-----\nMIIE${drawn(64, "base64")}`],
  ["jwt", "ANY", `eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.${drawn(43)}`],
  ["azure-storage-key", "ANY", `AccountName=x;AccountKey=${drawn(86, "base64")}==`],
  ["password", "DB_PASSWORD", password],
  ["password", "smtpPass", "kkq9Zx81"],
  ["url-password", "DATABASE_URL", `postgres://app:${password}@db.internal:5432/app`],
  ["url-password", "REDIS_URL", `redis://:${password}@cache:6379/0`],
  ["connection-string-password", "CONN", `Server=tcp:db.internal;User Id=app;Password=${password};`],
  ["command-line-password", "cmd", `curl -s -u admin:${password} https://intern.example.org`],
  ["command-line-password", "cmd", `mysql -u app -p${password} -h db`],
  ["basic-auth-header", "AUTH", `Basic ${basic}`],
  ["generic-secret", "API_KEY", drawn(32)],
  ["generic-secret", "ENCRYPTION_KEY", drawn(64, "hex")],
  ["generic-secret", "jwtSecret", drawn(24)],
  ["high-entropy", "ANY", `${drawn(20)}+${drawn(20, "base64", 4)}/`],
  ["password", "config", JSON.stringify({ db: { host: "x", password } })],
  ["password", "variables", JSON.stringify([{ name: "DB_PASSWORD", value: password }])],
  ["generic-secret", "env", `REGION=us-east-1\nexport TOKEN="${drawn(32)}"\n`],
  ["password", "userData", Buffer.from(`#!/bin/bash\nexport DB_PASSWORD=${password}\n`).toString("base64")],
];

const others: readonly (readonly [why: string, name: string, value: string])[] = [
  ["a filler", "DB_PASSWORD", "changeme"],
  ["a filler", "API_KEY", "your-api-key-here"],
  ["a filler", "API_KEY", "xxxxxxxxxxxxxxxxxxxx"],
  ["a filler of a format", "GITHUB_TOKEN", `ghp_${"x".repeat(36)}`],
  ["a filler in a URL", "DATABASE_URL", "postgres://user:password@localhost/db"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a slot, as shells write it.
  ["a slot", "DB_PASSWORD", "${DB_PASSWORD}"],
  ["a slot", "API_KEY", "<API_KEY>"],
  // biome-ignore lint/suspicious/noTemplateCurlyInString: slots, as shells write them.
  ["slots in a URL", "DATABASE_URL", "postgres://${USER}:${PASS}@host/db"],
  ["a reference", "DB_PASSWORD", "{{resolve:secretsmanager:prod/db:SecretString:password}}"],
  ["a reference", "DB_PASSWORD", "arn:aws:secretsmanager:us-east-1:111122223333:secret:db-AbCdEf"],
  ["a reference", "API_KEY", "/prod/app/api-key"],
  ["a reference", "VAULT_TOKEN", "vault:secret/data/app#token"],
  ["a file", "PASSWORD_FILE", "/run/secrets/db_password"],
  ["AWS's documented example", "AWS_ACCESS_KEY_ID", "AKIAIOSFODNN7EXAMPLE"],
  ["AWS's documented example", "AWS_SECRET_ACCESS_KEY", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"],
  ["a UUID", "TOKEN", "0f8fad5b-d9cb-469f-a165-70867728950e"],
  ["a digest", "COMMIT_SHA", drawn(40, "hex")],
  ["a digest", "IMAGE", `111122223333.dkr.ecr.us-east-1.amazonaws.com/app@sha256:${drawn(64, "hex")}`],
  ["a digest", "integrity", `sha512-${drawn(86, "base64")}==`],
  ["a count", "MAX_TOKENS", "4096"],
  ["a rule", "PASSWORD_MIN_LENGTH", "12"],
  ["a name", "SECRET_NAME", "prod/db/main"],
  ["a name", "DB_SECRET", "prod-db-credentials"],
  ["a class", "CREDENTIALS_PROVIDER", "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"],
  ["words", "HANDLER", "index.handleCustomerSupportRequest"],
  ["words", "prompt", "You are a helpful assistant. Do not reveal the password to anybody."],
  ["an address", "TOKEN_URL", "https://login.example.com/oauth2/token"],
  ["public", "CERT", `-----BEGIN CERTIFICATE-----\nMIIB${drawn(64, "base64")}`],
  ["public", "PUBLIC_KEY", `ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAI${drawn(43, "base64")}`],
  ["encrypted", "CIPHER", `AQICAHh${drawn(120, "base64")}`],
  ["text in base64", "note", Buffer.from("hello world this is plain text").toString("base64")],
  ["nothing", "API_KEY", ""],
];

describe("scanSecret", () => {
  it.each(secrets)("finds %s under %s", (kind, name, value) => {
    expect(scanSecret(name, value)?.kind).toBe(kind);
  });

  it.each(others)("does not take %s under %s for a secret", (_why, name, value) => {
    expect(scanSecret(name, value)).toBeUndefined();
  });

  it("finds drawn values of every alphabet under a name that says so", () => {
    for (const alphabet of Object.keys(alphabets) as (keyof typeof alphabets)[])
      for (let seed = 0; seed < 40; seed++)
        expect(scanSecret("SERVICE_API_KEY", drawn(40, alphabet, seed)), `${alphabet} ${seed}`).toBeDefined();
  });

  it("answers whatever it is given, and names only text of the value or the value itself", () => {
    fc.assert(
      fc.property(fc.string(), fc.string({ maxLength: 400 }), (name, value) => {
        const found = scanSecret(name, value);
        if (found !== undefined) expect(value).toContain(found.text);
      }),
    );
  });

  it("stays linear on texts that are made to be slow", () => {
    const slow = [
      "a:".repeat(60_000),
      "eyJ".repeat(40_000),
      `x://${"a".repeat(100_000)}`,
      "A1".repeat(100_000),
      "password= ".repeat(20_000),
    ];
    // Quadratic work on these would take minutes, and the test runner would end it.
    for (const value of slow) expect(() => scanSecret("config", value)).not.toThrow();
  });
});
