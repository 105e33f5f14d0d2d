import { describe, expect, it } from "vitest";
import { instant } from "../../../../core/event/instant.ts";
import type { JsonObject } from "../../../../core/event/json.ts";
import type { PlannedEffect } from "../../../../core/flow/simulate/planned-effect.ts";
import { plannedEffects } from "../../../../core/flow/simulate/planned-effects.ts";
import { noAccounts, readAccountState } from "../../../../core/iam/account/account-state.ts";
import { readChangeSet } from "../../../../core/iam/plans/change-set.ts";
import { readTerraformPlan } from "../../../../core/iam/plans/terraform-plan.ts";
import { details, inline, managedPolicy, roleDetail } from "../../../fixtures/account-details.ts";
import { registryWith } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";
import {
  allow,
  change,
  changeSet,
  configured,
  document,
  kept,
  later,
  resourceChange,
  role,
  terraform,
  trust,
} from "../../iam/plan-samples.ts";

const bot = workload("bot", {
  envelope: {
    statements: [{ Effect: "Allow", Action: ["s3:GetObject", "sqs:*"], Resource: "arn:aws:s3:::data/*" }],
  },
  selectors: [
    { kind: "roleArn", value: "arn:aws:iam::111122223333:role/bot" },
    { kind: "lambdaFunction", value: "arn:aws:lambda:us-east-1:111122223333:function:bot" },
  ],
});

const effects = (
  plan: JsonObject,
  over: Partial<Parameters<typeof plannedEffects>[1]> = {},
): readonly PlannedEffect[] => {
  const read = "Changes" in plan ? readChangeSet(plan) : readTerraformPlan(plan);
  if (!read.ok) throw new Error(read.because);
  return plannedEffects(read.access, {
    registry: registryWith([bot]),
    tables: tables.iam,
    accounts: noAccounts,
    account: "111122223333",
    partition: "aws",
    at: instant(Date.parse("2026-01-31T12:00:00Z")),
    ...over,
  });
};

const granting = (name: string, ...statements: readonly JsonObject[]): JsonObject =>
  terraform([
    kept(`aws_iam_role.${name}`, role(name)),
    change("aws_iam_role_policy.p", { after: { name: "own", role: name, policy: document(...statements) } }),
  ]);

describe("what a plan grants", () => {
  it("is silent inside the envelope of the workload that gets it", () => {
    expect(effects(granting("bot", allow("s3:GetObject", "arn:aws:s3:::data/shard-1")))).toEqual([]);
  });

  it("is grave outside it, by what it is good for", () => {
    const [secrets] = effects(granting("bot", allow("secretsmanager:GetSecretValue")));
    expect(secrets).toMatchObject({
      kind: "grant",
      severity: "high",
      subject: "bot",
      declared: true,
      address: "aws_iam_role_policy.p",
      title: "bot could read or make credentials (secretsmanager:GetSecretValue), beyond its envelope",
    });
    expect(effects(granting("bot", allow("s3:GetObject", "arn:aws:s3:::other/*")))[0]?.severity).toBe("medium");
    const [passing] = effects(
      granting("bot", allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])),
    );
    expect(passing?.severity).toBe("critical");
    expect(passing?.details.some((one) => one.startsWith("opens "))).toBe(true);
  });

  it("pages nobody for whom no manifest declares, but for everything on everything", () => {
    expect(
      effects(granting("tool", allow(["iam:PassRole", "lambda:CreateFunction", "lambda:InvokeFunction"])))[0],
    ).toMatchObject({
      subject: "role tool",
      declared: false,
      severity: "low",
    });
    expect(effects(granting("tool", allow("*")))[0]).toMatchObject({
      severity: "high",
      title: "role tool could do everything",
    });
  });

  it("counts what AWS's own policies grant, and says which one is not known", () => {
    const attaching = (policy: string): JsonObject =>
      terraform([
        kept("aws_iam_role.tool", role("tool")),
        change("aws_iam_role_policy_attachment.a", { after: { role: "tool", policy_arn: policy } }),
      ]);
    expect(effects(attaching("arn:aws:iam::aws:policy/AdministratorAccess"))[0]?.title).toBe(
      "role tool could do everything",
    );
    const arn = "arn:aws:iam::111122223333:policy/shared";
    expect(effects(attaching(arn))).toMatchObject([{ kind: "unknown", severity: "info" }]);
    const { state } = readAccountState([
      {
        file: "iam.json",
        value: details({ roles: [roleDetail("tool")], policies: [managedPolicy(arn, [allow("sqs:*")])] }),
      },
    ]);
    expect(effects(attaching(arn), { accounts: state })).toMatchObject([{ kind: "grant", subject: "role tool" }]);
  });

  it("counts what the account has beside the plan on both sides", () => {
    const { state } = readAccountState([
      {
        file: "iam.json",
        value: details({ roles: [roleDetail("bot", { RolePolicyList: [inline("live", allow("secretsmanager:*"))] })] }),
      },
    ]);
    expect(effects(granting("bot", allow("secretsmanager:GetSecretValue")), { accounts: state })).toEqual([]);
  });

  it("finds in the account who has a policy that the plan rewrites, and says so where nobody known has it", () => {
    const arn = "arn:aws:iam::111122223333:policy/shared";
    const rewriting = (action: string) =>
      terraform([
        change("aws_iam_policy.shared", {
          actions: ["update"],
          before: { arn, name: "shared", policy: document(allow("sqs:SendMessage")) },
          after: { arn, name: "shared", policy: document(allow(["sqs:SendMessage", action])) },
        }),
      ]);
    const { state } = readAccountState([
      {
        file: "iam.json",
        value: details({
          roles: [roleDetail("bot", { AttachedManagedPolicies: [{ PolicyName: "shared", PolicyArn: arn }] })],
          policies: [managedPolicy(arn, [allow("sqs:SendMessage")])],
        }),
      },
    ]);
    expect(effects(rewriting("kms:Decrypt"), { accounts: state })).toMatchObject([
      { subject: "bot", severity: "high", address: "aws_iam_policy.shared", details: ["kms:Decrypt on *"] },
    ]);
    expect(effects(rewriting("kms:Decrypt"))).toMatchObject([
      { subject: "policy shared", severity: "info", title: expect.stringContaining("Whoever has policy shared") },
    ]);
    expect(effects(rewriting("*"))).toMatchObject([{ severity: "medium" }]);
    expect(effects(rewriting("sqs:SendMessage"))).toEqual([]);
  });

  it("lets a grant in force cover it, and no grant that is over", () => {
    const grant = (until: string) => ({
      id: "task",
      statements: [allow("secretsmanager:GetSecretValue")],
      from: instant(Date.parse("2026-01-01T00:00:00Z")),
      until: instant(Date.parse(until)),
      approvedBy: "sam@example.com",
    });
    const under = (until: string) => ({ registry: registryWith([{ ...bot, grants: [grant(until)] }]) });
    const plan = granting("bot", allow("secretsmanager:GetSecretValue"));
    expect(effects(plan, under("2026-03-01T00:00:00Z"))).toEqual([]);
    expect(effects(plan, under("2026-01-02T00:00:00Z"))).toHaveLength(1);
  });

  it("is nothing where a change takes rights away or writes them another way", () => {
    const [old, now] = [document(allow("s3:*")), document(allow("s3:Get*"), allow("s3:GetObject"))];
    const plan = terraform([
      kept("aws_iam_role.bot", role("bot")),
      change("aws_iam_role_policy.p", {
        before: { name: "own", role: "bot", policy: old },
        after: { name: "other", role: "bot", policy: now },
      }),
    ]);
    expect(effects(plan)).toEqual([]);
    expect(effects(terraform([change("aws_iam_role.bot", { before: role("bot"), actions: ["delete"] })]))).toEqual([]);
  });

  it("gives a user what the group of the plan has", () => {
    const plan = terraform([
      kept("aws_iam_group.ops", { name: "ops" }),
      kept("aws_iam_group_policy.ops", { name: "all", group: "ops", policy: document(allow("*")) }),
      kept("aws_iam_user.ci", { name: "ci" }),
      change("aws_iam_user_group_membership.ci", { after: { user: "ci", groups: ["ops"] } }),
    ]);
    expect(effects(plan)).toMatchObject([{ title: "user ci could do everything", severity: "high" }]);
  });
});

describe("what else a plan opens", () => {
  const trusting = (text: string, name = "tool"): JsonObject =>
    terraform([
      change(`aws_iam_role.${name}`, { before: role(name), after: role(name, { assume_role_policy: text }) }),
    ]);

  it("names whom a trust policy newly lets in, by how strange they are", () => {
    expect(effects(trusting(trust("*")))).toMatchObject([{ kind: "trust", severity: "high" }]);
    expect(effects(trusting(trust({ AWS: "444455556666" })))).toMatchObject([{ severity: "high" }]);
    expect(
      effects(trusting(trust({ AWS: "444455556666" }, { Condition: { StringEquals: { "sts:ExternalId": "x1" } } }))),
    ).toMatchObject([{ severity: "low" }]);
    expect(effects(trusting(trust("*"), "bot"))).toMatchObject([{ severity: "critical", subject: "bot" }]);
  });

  it("is silent about whom the manifest expects", () => {
    const text = trust({ Service: ["lambda.amazonaws.com"] });
    expect(
      effects(terraform([change("aws_iam_role.bot", { after: role("bot", { assume_role_policy: text }) })])),
    ).toEqual([]);
  });

  it("says that a boundary would be taken off", () => {
    const limit = "arn:aws:iam::111122223333:policy/limit";
    const plan = (name: string, after: JsonObject): JsonObject =>
      terraform([change(`aws_iam_role.${name}`, { before: role(name, { permissions_boundary: limit }), after })]);
    expect(effects(plan("tool", role("tool")))).toMatchObject([{ kind: "guard-rail", severity: "high" }]);
    expect(effects(plan("bot", role("bot")))).toMatchObject([{ severity: "critical" }]);
    expect(effects(plan("tool", role("tool", { permissions_boundary: limit })))).toEqual([]);
  });

  it("names whom a resource's own policy newly lets in", () => {
    const bucket = (statement: JsonObject, before?: JsonObject): JsonObject =>
      terraform([
        change("aws_s3_bucket_policy.b", {
          ...(before === undefined ? {} : { before: { bucket: "data", policy: document(before) } }),
          after: { bucket: "data", policy: document(statement) },
        }),
      ]);
    const open = { ...allow("s3:GetObject"), Principal: "*" };
    expect(effects(bucket(open))).toMatchObject([
      {
        kind: "resource-policy",
        severity: "medium",
        title: "data would be open to anybody",
        details: ["s3:GetObject"],
      },
    ]);
    expect(effects(bucket({ ...open, Action: "s3:*" }))[0]?.severity).toBe("high");
    expect(effects(bucket(open, open))).toEqual([]);
    const foreign = { ...open, Principal: { AWS: "arn:aws:iam::444455556666:root" } };
    expect(effects(bucket(foreign))[0]?.severity).toBe("medium");
    const asked = { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-abc" } } };
    expect(effects(bucket({ ...foreign, ...asked }))[0]?.severity).toBe("low");
    expect(effects(bucket({ ...open, Principal: { AWS: "arn:aws:iam::111122223333:root" } }))).toEqual([]);
    expect(effects(bucket({ ...open, Effect: "Deny" }))).toEqual([]);
    const service = { ...allow("s3:PutObject"), Principal: { Service: "logging.s3.amazonaws.com" } };
    expect(effects(bucket(service))[0]?.severity).toBe("info");
    const bound = { Condition: { StringEquals: { "aws:SourceAccount": "111122223333" } } };
    expect(effects(bucket({ ...service, ...bound }))).toEqual([]);
  });

  it("names lasting credentials and providers", () => {
    const plan = terraform([
      change("aws_iam_access_key.k", { after: { user: "ci" } }),
      change("aws_iam_openid_connect_provider.p", { after: { url: "https://token.example.com" } }),
      kept("aws_iam_access_key.old", { user: "ops" }),
    ]);
    expect(effects(plan).map(({ kind, severity, subject }) => [kind, severity, subject])).toEqual([
      ["door", "medium", "user ci"],
      ["door", "medium", "https://token.example.com"],
    ]);
  });

  it("says what is not known until the change is applied", () => {
    const plan = terraform(
      [
        kept("aws_iam_role.bot", role("bot")),
        change("aws_iam_role_policy.p", { after: { role: "bot" }, after_unknown: { policy: true } }),
        change("aws_iam_role_policy.q", { after: { policy: document(allow("*")) }, after_unknown: { role: true } }),
        change("aws_iam_role_policy.r", { after: { role: "bot", policy: "{}" } }),
      ],
      [configured("aws_iam_role_policy.q", { role: ["local.name"] })],
    );
    const found = effects(plan);
    expect(found.every(({ kind, severity }) => kind === "unknown" && severity === "info")).toBe(true);
    expect(found.map(({ address }) => address)).toEqual([
      "aws_iam_role_policy.p",
      "aws_iam_role_policy.q",
      "aws_iam_role_policy.r",
    ]);
  });

  it("shows a grant on a resource that is known later as such", () => {
    const plan = (resource: string) =>
      changeSet([
        resourceChange("AWS::IAM::RolePolicy", "Own", {
          after: {
            RoleName: "bot",
            PolicyDocument: { Version: "2012-10-17", Statement: [allow(["kms:Decrypt", "s3:GetObject"], resource)] },
          },
        }),
      ]);
    expect(effects(plan(later))[0]?.details).toContain("kms:Decrypt on something (known after apply)");
    const [narrow] = effects(plan(`arn:aws:s3:::${later}/*`));
    expect(narrow?.details).toContain("s3:GetObject on arn:aws:s3:::…/* (known after apply)");
  });

  it("judges a change set by the same words", () => {
    const plan = changeSet([
      resourceChange("AWS::IAM::Policy", "Own", {
        after: {
          Roles: ["bot"],
          PolicyDocument: { Version: "2012-10-17", Statement: [allow("secretsmanager:GetSecretValue")] },
        },
      }),
    ]);
    expect(effects(plan)).toMatchObject([{ kind: "grant", severity: "high", subject: "bot", address: "Own" }]);
  });

  it("finds a workload by the role's name alone where no account is known", () => {
    const found = effects(granting("bot", allow("secretsmanager:GetSecretValue")), { account: undefined });
    expect(found).toMatchObject([{ subject: "bot", severity: "high" }]);
    const plan = changeSet([
      resourceChange("AWS::IAM::RolePolicy", "Own", {
        after: {
          RoleName: "bot",
          PolicyDocument: { Version: "2012-10-17", Statement: [allow("secretsmanager:GetSecretValue")] },
        },
      }),
    ]);
    expect(effects(plan, { account: undefined })).toMatchObject([{ subject: "bot", severity: "high" }]);
  });
});
