import { describe, expect, it } from "vitest";
import { beyond, listedBeyond } from "../../../core/detect/reach-through.ts";
import type { Envelope } from "../../../core/identity/workload.ts";
import { eventOf } from "../../fixtures/read.ts";
import { account, otherAccount, record, region } from "../../fixtures/records.ts";

const arn = (name: string, owner = account): string => `arn:aws:secretsmanager:${region}:${owner}:secret:${name}`;
const envelope = (over: Partial<Envelope>): Envelope => ({ statements: [], ...over });
const allow = (...Action: string[]) => ({ Effect: "Allow", Action, Resource: "*" });

function act(eventSource: string, eventName: string, requestParameters: Record<string, string | boolean>) {
  const event = eventOf(record({ eventSource: `${eventSource}.amazonaws.com`, eventName, requestParameters }));
  if (event.kind !== "api-call") throw new Error("the test needs a call");
  return event;
}
const read = (secretId: string) => act("secretsmanager", "GetSecretValue", { secretId });

describe("beyond", () => {
  it.each([
    [arn("bot/*"), arn("bot/db-a1B2c3"), true],
    [arn("bot/*"), "bot/db", true],
    [arn("bot/db"), arn("bot/db-a1B2c3"), true],
    [arn("bot/db-a1B2c3"), "bot/db", true],
    [arn("bot/db"), "bot/db", true],
    [arn("bot/*"), "other/db", false],
    [arn("bot/db"), "bot/db2", false],
    [arn("bot/*"), arn("bot/db-a1B2c3", otherAccount), false],
    ["bot/*", "bot/db", false],
  ])("given secrets %s, %s is covered: %s", (pattern, secret, covered) =>
    expect(beyond(envelope({ secrets: [pattern] }), read(secret)) === undefined).toBe(covered),
  );

  it("judges a parameter as a secret only when it was asked for in clear", () => {
    const secrets = [`arn:aws:ssm:${region}:${account}:parameter/bot/*`];
    const get = (name: string, withDecryption: boolean) => act("ssm", "GetParameter", { name, withDecryption });
    expect(beyond(envelope({ secrets }), get("/bot/key", true))).toBeUndefined();
    expect(beyond(envelope({ secrets }), get("/other/key", true))).toMatchObject({
      action: "ssm:GetParameter",
      field: "requestParameters.name",
    });
    expect(beyond(envelope({ secrets }), get("/other/key", false))).toBeUndefined();
  });

  it("judges actions by their names, in any case; a statement that cannot be read counts as allowing", () => {
    const role = act("sts", "AssumeRole", { roleArn: `arn:aws:iam::${account}:role/x` });
    const judged = (...statements: Envelope["statements"]) => beyond(envelope({ statements }), role) === undefined;
    expect(judged()).toBe(true);
    expect(judged(allow("s3:*"))).toBe(false);
    expect(judged(allow("STS:assume*"))).toBe(true);
    expect(judged({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })).toBe(true);
    expect(judged({ Effect: "Allow", NotAction: ["sts:*"], Resource: "*" })).toBe(false);
    expect(judged({ Effect: "Deny", Action: "*", Resource: "*" })).toBe(false);
    expect(judged({ Effect: "Perhaps" })).toBe(true);
  });

  it("is silent about other calls, and those that name nothing", () => {
    expect(beyond(envelope({ secrets: [] }), act("s3", "GetObject", { bucketName: "b" }))).toBeUndefined();
    expect(beyond(envelope({ secrets: [] }), read(""))).toBeUndefined();
  });
});

it("listedBeyond names what the asked may do and the asker may not", () => {
  const asker = envelope({ models: ["anthropic.claude-*"], secrets: [arn("bot/*")], statements: [allow("bedrock:*")] });
  const asked = envelope({
    models: ["anthropic.claude-3", "meta.llama-*"],
    secrets: [arn("bot/db"), arn("prod/*"), `arn:aws:ssm:${region}:${account}:parameter/x`],
    statements: [allow("bedrock:InvokeModel", "s3:GetObject"), { Effect: "Deny", Action: "iam:*", Resource: "*" }],
  });
  expect(listedBeyond(asker, asked)).toEqual([
    { action: "bedrock:InvokeModel", resource: "meta.llama-*" },
    { action: "secretsmanager:GetSecretValue", resource: arn("prod/*") },
    { action: "ssm:GetParameter", resource: `arn:aws:ssm:${region}:${account}:parameter/x` },
    { action: "s3:GetObject", resource: "*" },
  ]);
  expect(listedBeyond(envelope({}), asked)).toEqual([]);
});
