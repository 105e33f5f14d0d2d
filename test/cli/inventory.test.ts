import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import {
  details,
  inline,
  managedPolicy,
  policy,
  roleDetail,
  trusting,
  userDetail,
} from "../fixtures/account-details.ts";
import { logFile, ndjson, roleArn } from "../fixtures/incident.ts";
import {
  account,
  chain,
  eventId,
  exampleKey,
  fromLambda,
  otherAccount,
  record,
  region,
  session,
  sessionKey,
  user,
} from "../fixtures/records.ts";
import { cordon, folderWith, type Line } from "./replay-stage.ts";

const bot = fromLambda()["userIdentity"];
const secretArn = `arn:aws:secretsmanager:${region}:${account}:secret:support-bot/token`;
const reading = (number: number, over: Readonly<Record<string, unknown>> = {}) => ({
  ...record({
    eventID: eventId(100 + number),
    eventTime: `2026-01-31T13:00:0${number}Z`,
    eventSource: "secretsmanager.amazonaws.com",
    eventName: "GetSecretValue",
    requestParameters: { secretId: `${secretArn}-AbCdEf` },
  }),
  userIdentity: bot,
  ...over,
});
const ssm = { eventSource: "ssm.amazonaws.com", eventName: "GetParameter" };
const otherFunction = session("bot", "other", sessionKey(31), {
  inScopeOf: {
    issuerType: "AWS::Lambda::Function",
    credentialsIssuedTo: `arn:aws:lambda:${region}:${account}:function:other`,
  },
});
const records = [
  ...chain(),
  fromLambda(),
  reading(1),
  reading(2, { requestParameters: { secretId: "support-bot/token" } }),
  reading(3, { requestParameters: { secretId: "payroll/key" } }),
  reading(4, { errorCode: "AccessDeniedException", requestParameters: { secretId: "payroll/root" } }),
  reading(5, { ...ssm, requestParameters: { name: "/prod/db", withDecryption: true } }),
  reading(6, { ...ssm, requestParameters: { name: "/prod/flag" } }),
  reading(7, {
    eventSource: "kms.amazonaws.com",
    eventName: "Decrypt",
    requestParameters: null,
    resources: [{ ARN: `arn:aws:kms:${region}:${account}:key/1`, type: "AWS::KMS::Key" }],
  }),
  record({ eventID: eventId(40), userIdentity: otherFunction }),
  record({
    eventID: eventId(41),
    eventSource: "iam.amazonaws.com",
    eventName: "CreateRole",
    eventTime: "2026-01-30T00:00:00Z",
    userIdentity: user({ arn: `arn:aws:iam::${account}:user/leaver`, userName: "leaver", accessKeyId: sessionKey(90) }),
    responseElements: { role: { arn: roleArn("bot") } },
  }),
];
const everything = { Effect: "Allow", Action: "*", Resource: "*" };
const widely = { Effect: "Allow", Action: ["lambda:*", "s3:*"], Resource: "*" };
const iam = details({
  roles: [
    roleDetail("bot", { RolePolicyList: [inline("wide", widely)], CreateDate: "2026-01-30T00:00:00Z" }),
    roleDetail("a"),
    roleDetail("b"),
    roleDetail("idle", { RoleLastUsed: { LastUsedDate: "2025-06-01T00:00:00Z" } }),
    roleDetail("lost", { AssumeRolePolicyDocument: trusting({ AWS: "AROAI44QH8DHBEXAMPLE" }), RoleLastUsed: {} }),
    roleDetail("open", { AssumeRolePolicyDocument: trusting("*") }),
    roleDetail("vendor", {
      AssumeRolePolicyDocument: trusting(
        { AWS: otherAccount },
        { Condition: { StringEquals: { "sts:ExternalId": "x1" } } },
      ),
    }),
    roleDetail("AWSServiceRoleForX", {
      Path: "/aws-service-role/x.amazonaws.com/",
      Arn: `arn:aws:iam::${account}:role/aws-service-role/x.amazonaws.com/AWSServiceRoleForX`,
    }),
    roleDetail("AWSReservedSSO_Admin_0", {
      Arn: `arn:aws:iam::${account}:role/aws-reserved/sso.amazonaws.com/AWSReservedSSO_Admin_0`,
    }),
  ],
  users: [
    userDetail("trainer", {
      AttachedManagedPolicies: [{ PolicyName: "Admin", PolicyArn: `arn:aws:iam::${account}:policy/Admin` }],
    }),
  ],
  policies: [
    managedPolicy(`arn:aws:iam::${account}:policy/Admin`, [everything]),
    managedPolicy(`arn:aws:iam::${account}:policy/Unread`, [everything]),
  ],
});
const manifest = `apiVersion: cordon/v1
kind: Workload
metadata: { name: support-bot, owner: team-support }
spec:
  class: agent
  identifiedBy:
    - lambdaFunction: arn:aws:lambda:${region}:${account}:function:support-bot
  envelope:
    statements: []
    secrets: ["${secretArn.replace("/token", "/*")}"]
`;
const made = folderWith({
  "logs/a.json": logFile(records as never),
  "again/a.ndjson": ndjson(records.toReversed() as never),
  "again/b.json": logFile(records.slice(0, 7) as never),
  "iam/one.json": JSON.stringify(iam),
  "broken.json": JSON.stringify(
    details({ roles: [roleDetail("bot", { AssumeRolePolicyDocument: policy({ Effect: "Maybe" }) })] }),
  ),
  "workloads/bot.yaml": manifest,
});
const at = (name: string): string => join(made, name);
const asked = ["--workloads", at("workloads"), "--account-state", at("iam")];
const lines = async (...words: readonly string[]): Promise<readonly Line[]> =>
  (await cordon("inventory", "--json", ...words)).out.map((line) => JSON.parse(line));
const found = await lines(at("logs"), ...asked);
const named = (id: string, from = found): Line | undefined => from.find((one) => one["id"] === id);
const role = (name: string, from = found): Line | undefined => named(`role:${roleArn(name)}`, from);
const rules = (line: Line | undefined): readonly string[] =>
  ((line?.["reasons"] ?? []) as { rule: string }[]).map((one) => one.rule);

describe("cordon inventory", () => {
  it("lists roles, users, keys, workloads, third parties and collapsed service-linked roles, but no person's role", () => {
    const kinds = found.filter((one) => one.type === "identity").map((one) => `${one["kind"]} ${one["id"]}`);
    expect(kinds).toEqual(
      expect.arrayContaining([
        `access-key ${exampleKey}`,
        `iam-user user:arn:aws:iam::${account}:user/trainer`,
        `role role:${roleArn("a")}`,
        "workload support-bot",
        `workload lambda:arn:aws:lambda:${region}:${account}:function:other`,
        `third-party-account account:${otherAccount}`,
        `service-linked-roles service-linked-roles:${account}`,
      ]),
    );
    expect(kinds.filter((one) => /Reserved|AWSServiceRole/.test(one))).toEqual([]);
    expect(new Set(kinds).size).toBe(kinds.length);
  });

  it("says who declares and owns each, and never leaves the owner blank", () => {
    expect(named("support-bot")).toMatchObject({ workload: "support-bot", owner: "team-support", flags: [] });
    expect(role("idle")).toMatchObject({ owner: "undeclared" });
    expect(role("idle")?.["flags"]).toContain("undeclared");
    for (const one of found.filter((line) => line.type === "identity")) expect(one["owner"]).not.toBe("");
  });

  it("says who may assume a role, by its trust policy, and who did, by the records", () => {
    expect(role("b")).toMatchObject({
      mayAssume: ["lambda.amazonaws.com"],
      assumedBy: [`arn:aws:sts::${account}:assumed-role/a`],
    });
    expect(role("vendor")?.["mayAssume"]).toEqual([`account ${otherAccount} where sts:ExternalId string x1`]);
    expect(rules(role("vendor"))).not.toContain("trusts-account-unconditionally");
    expect(rules(role("open"))).toContain("trusts-everybody");
  });

  it("compares what is granted with what was used, and names the ways to more rights", () => {
    const line = role("bot");
    // s3:GetObject, bedrock:InvokeModel, secretsmanager:GetSecretValue, ssm:GetParameter, kms:Decrypt
    expect(line).toMatchObject({ used: 5 });
    expect(line?.["granted"]).toBeGreaterThan(100);
    expect(line?.["flags"]).toContain("over-granted");
    expect(line?.["escalation"]).toContain("lambda:UpdateFunctionCode");
    expect(role("a")).toMatchObject({ granted: 0, escalation: [] });
    expect(role("a")?.["flags"]).not.toContain("over-granted");
  });

  it("gives a key the rights of its user", () => {
    expect(rules(named(exampleKey))).toEqual(expect.arrayContaining(["administrator", "static", "undeclared"]));
    expect(named(exampleKey)).toMatchObject({ credential: "static", lastUsed: "2026-01-31T12:00:00Z" });
  });

  it("flags dormant, orphaned and shared ones with the reason, and quiet ones not", () => {
    expect(role("idle")?.["flags"]).toContain("dormant");
    expect(role("lost")?.["flags"]).toEqual(expect.arrayContaining(["orphaned", "dormant"]));
    expect(role("bot")?.["flags"]).toEqual(expect.arrayContaining(["orphaned", "shared"]));
    expect(role("bot")).toMatchObject({
      createdBy: `arn:aws:iam::${account}:user/leaver`,
      created: "2026-01-30T00:00:00Z",
    });
    expect(role("a")?.["flags"]).toEqual(["undeclared"]);
  });

  it("judges dormancy from --until", async () => {
    const early = await lines(at("logs"), ...asked, "--until", "2025-07-01");
    expect(role("idle", early)?.["flags"]).not.toContain("dormant");
  });

  it("sorts by risk, which is the sum of the named reasons", () => {
    const identities = found.filter((one) => one.type === "identity");
    const risks = identities.map((one) => Number(one["risk"]));
    expect(risks).toEqual(risks.toSorted((a, b) => b - a));
    for (const one of identities) {
      const sum = (one["reasons"] as { points: number }[]).reduce((total, { points }) => total + points, 0);
      expect(one["risk"]).toBe(Math.min(100, sum));
    }
  });

  it("tells secrets from the side of their readers, declared or not, refused reads apart", () => {
    const secret = (name: string): Line | undefined =>
      found.find((one) => one.type === "secret" && String(one["id"]).endsWith(name));
    expect(secret("support-bot/token")).toMatchObject({
      reads: 2,
      denied: 0,
      readers: [{ id: "support-bot", reads: 2, last: "2026-01-31T13:00:02Z", declared: "declared" }],
    });
    expect(secret("payroll/key")).toMatchObject({ readers: [{ id: "support-bot", declared: "not-declared" }] });
    expect(secret("payroll/root")).toMatchObject({ reads: 0, denied: 1 });
    expect(secret("parameter/prod/db")).toMatchObject({ kind: "parameter", reads: 1 });
    expect(secret("prod/flag")).toBeUndefined();
    expect(secret("key/1")).toMatchObject({ kind: "kms-key", reads: 1 });
    expect(named("support-bot")).toMatchObject({ decrypts: 1 });
    expect(named("support-bot")?.["secrets"]).toHaveLength(3);
    expect(rules(named("support-bot"))).toContain("undeclared-secret");
  });

  it("prints the same whatever the order, the duplicates and the files", async () => {
    const one = await cordon("inventory", "--json", at("logs"), ...asked);
    const other = await cordon("inventory", "--json", at("again"), ...asked);
    expect(other.out).toEqual(one.out);
  });

  it("keeps one holder of a key that two users seem to have, whatever order the records come in", async () => {
    const twice = [
      record(),
      record({ eventID: eventId(2), userIdentity: user({ arn: `arn:aws:iam::${account}:user/another` }) }),
    ];
    const folder = folderWith({ "a.ndjson": ndjson(twice), "b.ndjson": ndjson(twice.toReversed()) });
    const [one, other] = await Promise.all(
      ["a.ndjson", "b.ndjson"].map((name) => cordon("inventory", "--json", join(folder, name), ...asked)),
    );
    expect(one?.out).toEqual(other?.out);
  });

  it("lists what the records show being made, also when it never acted, but not when it was deleted again", async () => {
    const made = (number: number, eventName: string, over: object) =>
      record({ eventID: eventId(number), eventSource: "iam.amazonaws.com", eventName, ...over });
    const gone = { requestParameters: { accessKeyId: "AKIAI55QH8DHBEXAMPLE", userName: "trainer" } };
    const key = (accessKeyId: string) => ({ responseElements: { accessKey: { accessKeyId, userName: "trainer" } } });
    const token = { serviceName: "bedrock.amazonaws.com", userName: "trainer" };
    const folder = folderWith({
      "a.ndjson": ndjson([
        made(301, "CreateAccessKey", key("AKIAI44QH8DHBEXAMPLE")),
        made(302, "CreateAccessKey", key("AKIAI55QH8DHBEXAMPLE")),
        made(303, "DeleteAccessKey", { eventTime: "2026-01-31T13:00:00Z", ...gone }),
        made(304, "CreateServiceSpecificCredential", { responseElements: { serviceSpecificCredential: token } }),
        made(305, "CreateUser", { responseElements: { user: { arn: `arn:aws:iam::${account}:user/fresh` } } }),
      ]),
    });
    const from = await lines(folder);
    expect(named("AKIAI44QH8DHBEXAMPLE", from)).toMatchObject({
      kind: "access-key",
      calls: 0,
      created: "2026-01-31T12:00:00Z",
    });
    expect(named("AKIAI55QH8DHBEXAMPLE", from)).toBeUndefined();
    expect(named(`bedrock-key:arn:aws:iam::${account}:user/trainer`, from)).toMatchObject({ credential: "static" });
    expect(named(`user:arn:aws:iam::${account}:user/fresh`, from)).toMatchObject({
      createdBy: `arn:aws:iam::${account}:user/trainer`,
    });
    // The account's IAM state has no such user any more.
    expect(named(`user:arn:aws:iam::${account}:user/fresh`, await lines(folder, ...asked))).toBeUndefined();
  });

  it("counts use within the window only", async () => {
    const window = await lines(at("logs"), ...asked, "--since", "2026-01-31T13:00:06Z");
    expect(role("bot", window)).toMatchObject({ used: 2, calls: 2 });
    expect(window.filter((one) => one.type === "secret")).toHaveLength(1);
    expect(named(exampleKey, window)).toBeUndefined();
  });

  it("works from the IAM state alone, and from records alone", async () => {
    const state = await cordon("inventory", "--json", "--account-state", at("iam/one.json"));
    expect(state.code).toBe(0);
    expect(
      role(
        "bot",
        state.out.map((line) => JSON.parse(line)),
      ),
    ).toMatchObject({ calls: 0 });
    const alone = await lines(at("logs"));
    expect(role("bot", alone)).not.toHaveProperty("granted");
    expect(role("bot", alone)).toMatchObject({ used: 5 });
  });

  it("reads a store, and says what a store does not know", async () => {
    const store = join(mkdtempSync(join(tmpdir(), "cordon-inventory-")), "s.sqlite");
    await cordon("replay", at("logs"), "--store", store, "--quiet");
    const { code, out, err } = await cordon("inventory", "--json", "--store", store);
    expect(code).toBe(0);
    expect(
      role(
        "bot",
        out.map((line) => JSON.parse(line)),
      ),
    ).not.toHaveProperty("used");
    expect(err.join("\n")).toContain("a store does not keep who used which call");
  });

  it("exits with 3 and names file and path where a part of the IAM state cannot be read, with 2 where none of it can", async () => {
    const { code, out, err } = await cordon("inventory", "--json", "--account-state", at("broken.json"));
    expect(code).toBe(3);
    expect(err[0]).toContain(`${at("broken.json")}: RoleDetailList[0].AssumeRolePolicyDocument`);
    expect(out).toHaveLength(1);
    expect((await cordon("inventory", "--account-state", at("absent.json"))).code).toBe(2);
  });

  it("refuses to run without anything to read, or with two formats", async () => {
    expect((await cordon("inventory")).code).toBe(2);
    expect((await cordon("inventory", "--json", "--format", "csv", at("logs"))).code).toBe(2);
    expect((await cordon("inventory", "--account-state", "")).code).toBe(2);
  });

  it("prints tables that fit the terminal, and says what is not known", async () => {
    const table = await cordon("inventory", at("logs"), ...asked);
    expect(Math.max(...table.out.map((line) => line.length))).toBeLessThanOrEqual(120);
    expect(table.out[0]).toMatch(/^RISK +KIND +IDENTITY +OWNER +LAST USED +USED\/GRANTED +WAYS +SECRETS +FLAGS$/);
    expect(table.err.join("\n")).toMatch(/by flag .*\d+ undeclared/);
    const secrets = await cordon("inventory", at("logs"), ...asked, "--secrets");
    expect(secrets.out[0]).toMatch(/^KIND +SECRET +READ BY/);
    expect(secrets.out.join("\n")).toContain("not-declared");
    expect((await cordon("inventory", at("logs"))).err.join("\n")).toContain("without --account-state");
  });

  it("prints CSV with one cell for each column", async () => {
    const { out } = await cordon("inventory", at("logs"), ...asked, "--format", "csv");
    expect(out[0]?.split(",").slice(0, 3)).toEqual(["risk", "kind", "id"]);
    expect(out).toHaveLength(found.filter((one) => one.type === "identity").length + 1);
    const secrets = await cordon("inventory", at("logs"), ...asked, "--format", "csv", "--secrets");
    expect(secrets.out[0]).toBe("kind,secret,reader,reader kind,declared,reads,denied,last");
  });
});
