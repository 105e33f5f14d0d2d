import { describe, expect, it } from "vitest";
import { type NearMiss, nearMissOf } from "../../../../core/detect/behaviour/near-miss.ts";
import { instant } from "../../../../core/event/instant.ts";
import type { Conduct } from "../../../../core/identity/conduct.ts";
import type { Breach } from "../../../../core/identity/envelope/envelope-verdict.ts";
import { table } from "../../iam/tables.ts";

const conduct = (action: string, over: Partial<Conduct> = {}): Conduct => ({
  api: "s3:GetObject",
  partition: "aws",
  region: "us-west-2",
  account: "111122223333",
  checks: [{ action, resources: [] }],
  outcome: "done",
  ...over,
});
const meant = (breach: Breach, of: Conduct = conduct("s3:GetObject")): NearMiss["declared"] | undefined =>
  nearMissOf(breach, of, table)?.declared;
const secret = (name: string, account = "111122223333", region = "us-east-1"): string =>
  `arn:aws:secretsmanager:${region}:${account}:secret:${name}`;

describe("a near miss", () => {
  it("of a Region is one in the same part of the world, the most alike first", () => {
    const declared = ["us-east-1", "us-west-1", "eu-west-2"];
    expect(meant({ kind: "region", region: "us-west-2", declared })).toBe("us-west-1");
    expect(meant({ kind: "region", region: "eu-central-1", declared })).toBe("eu-west-2");
    expect(meant({ kind: "region", region: "ap-south-1", declared })).toBeUndefined();
    expect(meant({ kind: "region", region: "", declared })).toBeUndefined();
  });

  it("is none where the call starts machines or hands out rights", () => {
    const breach: Breach = { kind: "region", region: "us-west-2", declared: ["us-east-1"] };
    for (const action of ["ec2:RunInstances", "sagemaker:CreateTrainingJob", "iam:PassRole", "kms:Decrypt"])
      expect(meant(breach, conduct(action)), action).toBeUndefined();
  });

  it.each([
    ["anthropic.claude-3-opus-20240229-v1:0", "anthropic.claude-3-5-*"],
    ["us.anthropic.claude-opus-4-v1:0", "anthropic.claude-3-5-*"],
    ["arn:aws:bedrock:us-east-1::foundation-model/anthropic.claude-v2", "anthropic.claude-3-5-*"],
  ])("of the model %s is one by the same maker", (model, declared) => {
    expect(meant({ kind: "model", model, declared: ["meta.llama3-*", "anthropic.claude-3-5-*"] })).toBe(declared);
  });

  it("of a model is none by another maker, and none where no maker is named", () => {
    const declared = ["anthropic.claude-*", "*"];
    for (const model of ["meta.llama3-1-70b-instruct-v1:0", "my-endpoint"])
      expect(meant({ kind: "model", model, declared })).toBeUndefined();
  });

  it.each([
    ["bot-liv/token", "bot-live/*"],
    ["bot-live2/token", "bot-live/*"],
    ["summariser-test/key", "summariser-prod/*"],
  ])("of the secret %s is %s", (asked, declared) => {
    const [breach] = [{ kind: "secret", secret: secret(asked), declared: [secret(declared)] }] as const;
    expect(meant(breach)).toBe(secret(declared));
  });

  it("of a secret is the same name in another Region, and none in another account or under another name", () => {
    const declared = [secret("bot-live/*")];
    expect(meant({ kind: "secret", secret: secret("bot-live/token", "111122223333", "eu-west-1"), declared })).toBe(
      declared[0],
    );
    expect(meant({ kind: "secret", secret: secret("bot-live/token", "444455556666"), declared })).toBeUndefined();
    for (const name of ["payroll/database", "boss", "rds!db-1234", "b"])
      expect(meant({ kind: "secret", secret: secret(name), declared }), name).toBeUndefined();
  });

  it("of a thing is near by name, and never where the action hands out rights", () => {
    const declared = ["arn:aws:s3:::bot-documents/*", "all but arn:aws:s3:::x", "*"];
    const at = (action: string, resource: string): Breach => ({ kind: "resource", action, resource, declared });
    expect(meant(at("s3:GetObject", "arn:aws:s3:::bot-document/a"))).toBe(declared[0]);
    expect(meant(at("s3:GetObject", "arn:aws:s3:::payroll"))).toBeUndefined();
    expect(meant(at("s3:PutBucketPolicy", "arn:aws:s3:::bot-document"))).toBeUndefined();
    expect(meant(at("s3:GetObject", "*"))).toBeUndefined();
  });

  it("of a secret that is read may also miss the resources of a statement", () => {
    const breach: Breach = {
      kind: "resource",
      action: "secretsmanager:GetSecretValue",
      resource: secret("bot-liv"),
      declared: [secret("bot-live*")],
    };
    expect(meant(breach, conduct("secretsmanager:GetSecretValue", { secrets: [secret("bot-liv")] }))).toBe(
      secret("bot-live*"),
    );
    expect(meant(breach, conduct("secretsmanager:PutSecretValue"))).toBeUndefined();
  });

  it("is never an action, an origin, a session or a grant", () => {
    const grant = { id: "g", statements: [], from: instant(0), until: instant(1), approvedBy: "a" };
    const breaches: readonly Breach[] = [
      { kind: "action", action: "s3:GetObjec", declared: ["s3:GetObject"] },
      { kind: "origin", origin: "192.0.2.1", declared: ["192.0.2.0/28"] },
      { kind: "session", seconds: 3_601, limit: 3_600 },
      { kind: "grant-not-in-force", action: "s3:GetObject", grant },
    ];
    for (const breach of breaches) expect(meant(breach), breach.kind).toBeUndefined();
  });
});
