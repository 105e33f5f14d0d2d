import { describe, expect, it } from "vitest";
import { account, region, session, sessionKey } from "../../fixtures/records.ts";
import { recordsOf, replayed, type Step } from "./replaying.ts";

/** Whoever may manage secrets and keys, and may not read them, lets itself in: by a policy of either, or by a grant. */
const manager = session("secret-admin", "rotation", sessionKey(7));
const self = `arn:aws:iam::${account}:role/secret-admin`;
const secret = `arn:aws:secretsmanager:${region}:${account}:secret:prod/model-registry-AbCdEf`;
const key = `arn:aws:kms:${region}:${account}:key/1234abcd-12ab-34cd-56ef-1234567890ab`;
const policyFor = (action: string, ...who: readonly string[]): string =>
  JSON.stringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: { AWS: [...who] }, Action: action, Resource: "*" }],
  });
const root = `arn:aws:iam::${account}:root`;

const reading = (seconds: number): Step => ({
  api: "secretsmanager:GetSecretValue",
  seconds,
  request: { secretId: secret },
});
const refusedReading: Step = { ...reading(0), refused: true };

const ways: readonly (readonly [name: string, steps: readonly Step[]])[] = [
  [
    "a policy of the secret",
    [
      {
        api: "secretsmanager:PutResourcePolicy",
        seconds: 30,
        request: { secretId: secret, resourcePolicy: policyFor("secretsmanager:GetSecretValue", self) },
        response: { aRN: secret, name: "prod/model-registry" },
      },
    ],
  ],
  [
    "a policy of the key",
    [
      {
        api: "kms:CreateKey",
        seconds: -86_400,
        by: session("platform", "apply", sessionKey(8)),
        request: { policy: policyFor("kms:*", root) },
        response: { keyMetadata: { arn: key, keyId: "1234abcd-12ab-34cd-56ef-1234567890ab" } },
      },
      {
        api: "kms:PutKeyPolicy",
        seconds: 30,
        request: { keyId: key, policyName: "default", policy: policyFor("kms:*", root, self) },
      },
    ],
  ],
  [
    "a grant on the key",
    [
      {
        api: "kms:CreateGrant",
        seconds: 30,
        request: { keyId: key, granteePrincipal: self, operations: ["Decrypt"] },
        response: { grantId: "0c237476b39f8bc44e45212e08498fbe3151305030726c0590dd8d3e9f3d6a60", keyId: key },
      },
    ],
  ],
];

describe.each(ways)("a manager of secrets that lets itself in by %s", (_, steps) => {
  it("is found when it reads, with both records", async () => {
    const told = await replayed(recordsOf([refusedReading, ...steps, reading(60)], manager));
    expect(told.by("exposure-self-grant")).toMatchObject([{ severity: "high", count: 2, principal: manager["arn"] }]);
    expect(told.loud()).toContain("exposure-self-grant");
  });

  it("is not found reading where it did not let itself in, nor where somebody else reads", async () => {
    expect((await replayed(recordsOf([refusedReading, reading(60)], manager))).by("exposure-self-grant")).toEqual([]);
    const other = { ...reading(60), by: session("model-registry", "run", sessionKey(9)) };
    expect((await replayed(recordsOf([...steps, other], manager))).by("exposure-self-grant")).toEqual([]);
  });
});
