import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../../core/event/json.ts";
import { afterApply, type HolderKey, type PlannedHolder } from "../../../../core/iam/plans/planned-access.ts";
import { readTerraformPlan } from "../../../../core/iam/plans/terraform-plan.ts";
import { allow, change, configured, document, kept, role, terraform, trust } from "../plan-samples.ts";

const holdersOf = (plan: JsonObject): ReadonlyMap<HolderKey, PlannedHolder> => {
  const read = readTerraformPlan(plan);
  if (!read.ok) throw new Error(read.because);
  return new Map(read.access.holders.map((one) => [one.key, one]));
};

describe("a Terraform plan", () => {
  it("gives an inline policy to the role that it names, before and after", () => {
    const [old, now] = [document(allow("s3:GetObject")), document(allow("s3:*"))];
    const holders = holdersOf(
      terraform([
        kept("aws_iam_role.bot", role("bot")),
        change("aws_iam_role_policy.bot", {
          actions: ["update"],
          before: { name: "own", role: "bot", policy: old },
          after: { name: "own", role: "bot", policy: now },
        }),
      ]),
    );
    const bot = holders.get("role bot");
    expect(bot?.arn).toBe("arn:aws:iam::111122223333:role/bot");
    expect(bot?.before.documents).toEqual([{ name: "own", address: "aws_iam_role_policy.bot", document: old }]);
    expect(bot?.after.documents).toEqual([{ name: "own", address: "aws_iam_role_policy.bot", document: now }]);
    expect(bot?.before.managed).toBe(true);
  });

  it("follows a reference to a role whose name is not known yet, and one to a policy of its own", () => {
    const text = document(allow("sqs:SendMessage"));
    const holders = holdersOf(
      terraform(
        [
          change("aws_iam_role.new", { after: { name_prefix: "new-" }, after_unknown: { name: true, arn: true } }),
          change("aws_iam_policy.own", { after: { name: "own", policy: text }, after_unknown: { arn: true } }),
          change("aws_iam_role_policy_attachment.a", { after: {}, after_unknown: { role: true, policy_arn: true } }),
        ],
        [
          configured("aws_iam_role_policy_attachment.a", {
            role: ["aws_iam_role.new.name", "aws_iam_role.new"],
            policy_arn: ["aws_iam_policy.own.arn", "aws_iam_policy.own"],
          }),
        ],
      ),
    );
    expect([...holders.keys()]).toEqual(["role aws_iam_role.new"]);
    expect(holders.get("role aws_iam_role.new")?.after.documents).toEqual([
      { name: "aws_iam_policy.own", address: "aws_iam_policy.own", document: text },
    ]);
  });

  it("follows a reference of several instances to one, and to the one of the same key of several", () => {
    const attached = (key: string) =>
      change(`aws_iam_role_policy.p["${key}"]`, { index: key, after: { policy: "{}" }, after_unknown: { role: true } });
    const made = (address: string, over: JsonObject = {}) =>
      change(address, { after: {}, after_unknown: { name: true }, ...over });
    const configuration = [configured("aws_iam_role_policy.p", { role: ["aws_iam_role.r.name", "aws_iam_role.r"] })];
    const one = holdersOf(terraform([made("aws_iam_role.r"), attached("a"), attached("b")], configuration));
    expect(one.get("role aws_iam_role.r")?.after.documents).toHaveLength(2);
    const several = ["a", "b"].map((key) => made(`aws_iam_role.r["${key}"]`, { index: key }));
    const each = holdersOf(terraform([...several, attached("a")], configuration));
    expect(each.get('role aws_iam_role.r["a"]')?.after.documents).toHaveLength(1);
    expect(each.get('role aws_iam_role.r["b"]')?.after.documents).toEqual([]);
  });

  it("follows a reference through the variable and the output of a module, by the instance of the same key", () => {
    const text = document(allow("sqs:SendMessage"));
    const module = 'module.bots["a.b"]';
    const plan = terraform(
      [
        change("aws_iam_policy.own", { after: { policy: text }, after_unknown: { arn: true } }),
        change(`${module}.aws_iam_role.r`, { module_address: module, after: {}, after_unknown: { name: true } }),
        change(`${module}.aws_iam_role_policy_attachment.x`, {
          module_address: module,
          after: {},
          after_unknown: { role: true, policy_arn: true },
        }),
      ],
      [],
      {
        configuration: {
          root_module: {
            module_calls: {
              bots: {
                expressions: { policy: { references: ["aws_iam_policy.own.arn", "aws_iam_policy.own"] } },
                module: {
                  resources: [
                    configured("aws_iam_role_policy_attachment.x", {
                      role: ["aws_iam_role.r.name", "aws_iam_role.r"],
                      policy_arn: ["var.policy"],
                    }),
                  ],
                },
              },
            },
          },
        },
      },
    );
    expect(holdersOf(plan).get(`role ${module}.aws_iam_role.r`)?.after.documents[0]?.document).toBe(text);
  });

  it("says what is known after apply only, and reads the rest of a deferred policy document", () => {
    const data = change("data.aws_iam_policy_document.d", {
      actions: ["read"],
      after: {
        version: "2012-10-17",
        statement: [
          { effect: "Allow", actions: ["s3:GetObject"], resources: [null], condition: [], principals: [], sid: null },
          {
            effect: "Deny",
            actions: ["s3:PutObject"],
            resources: ["*"],
            condition: [{ test: "Bool", variable: "aws:SecureTransport", values: ["false"] }],
          },
        ],
      },
      after_unknown: { json: true, statement: [{ resources: [true] }, {}] },
    });
    const holders = holdersOf(
      terraform(
        [
          kept("aws_iam_role.bot", role("bot")),
          data,
          change("aws_iam_role_policy.told", { after: { role: "bot" }, after_unknown: { policy: true } }),
          change("aws_iam_role_policy.untold", { after: { role: "bot" }, after_unknown: { policy: true } }),
        ],
        [
          configured("aws_iam_role_policy.told", {
            policy: ["data.aws_iam_policy_document.d.json", "data.aws_iam_policy_document.d"],
          }),
          configured("aws_iam_role_policy.untold", { policy: ["local.text"] }),
        ],
      ),
    );
    const bot = holders.get("role bot");
    expect(bot?.after.documents[0]?.document).toEqual({
      Version: "2012-10-17",
      Statement: [
        { Effect: "Allow", Action: ["s3:GetObject"], Resource: [afterApply] },
        {
          Effect: "Deny",
          Action: ["s3:PutObject"],
          Resource: ["*"],
          Condition: { Bool: { "aws:SecureTransport": ["false"] } },
        },
      ],
    });
    expect(bot?.after.unknown).toEqual([
      { what: "policy is known after apply", address: "aws_iam_role_policy.untold" },
    ]);
  });

  it("does not take for unknown what the provider fills in by itself", () => {
    const filled = {
      arn: true,
      inline_policy: true,
      managed_policy_arns: true,
      policy: true,
      permissions_boundary: true,
    };
    const plan = (mentioned: readonly string[]) =>
      terraform(
        [
          change("aws_iam_role.new", { after: { name: "new" }, after_unknown: filled }),
          change("aws_s3_bucket.b", { after: { bucket: "b" }, after_unknown: filled }),
        ],
        ["aws_iam_role.new", "aws_s3_bucket.b"].map((one) =>
          configured(one, Object.fromEntries(mentioned.map((name) => [name, ["local.x"]]))),
        ),
      );
    expect([...holdersOf(plan([])).values()].flatMap(({ after }) => after.unknown)).toEqual([]);
    const mentioned = holdersOf(plan(["inline_policy", "policy"]));
    expect(mentioned.get("role new")?.after.unknown).toHaveLength(1);
    expect(mentioned.get("resource b")?.after.unknown).toHaveLength(1);
  });

  it("reads boundaries, groups, doors, providers and resource policies", () => {
    const bucket = document({ ...allow("s3:GetObject"), Principal: "*" });
    const holders = holdersOf(
      terraform([
        change("aws_iam_role.bot", {
          actions: ["update"],
          before: role("bot", { permissions_boundary: "arn:aws:iam::111122223333:policy/limit" }),
          after: role("bot"),
        }),
        change("aws_iam_user_group_membership.u", { after: { user: "ci", groups: ["admins"] } }),
        change("aws_iam_access_key.k", { after: { user: "ci" } }),
        change("aws_iam_openid_connect_provider.gh", { after: { url: "https://token.example.com" } }),
        change("aws_s3_bucket_policy.b", { after: { bucket: "data", policy: bucket } }),
        change("aws_lambda_permission.p", {
          after: { function_name: "f", principal: "*", action: "lambda:InvokeFunction" },
        }),
        change("aws_iam_instance_profile.ip", { after: { role: "bot", name: "bot" } }),
      ]),
    );
    expect(holders.get("role bot")?.before.boundary?.policy).toBe("arn:aws:iam::111122223333:policy/limit");
    expect(holders.get("role bot")?.after.boundary).toBeUndefined();
    expect(holders.get("role bot")?.after.doors).toEqual([
      { door: "instance-profile", address: "aws_iam_instance_profile.ip" },
    ]);
    expect(holders.get("user ci")?.after.groups).toEqual(["group admins"]);
    expect(holders.get("user ci")?.after.doors[0]?.door).toBe("access-key");
    expect(holders.get("provider https://token.example.com")?.after.doors[0]?.door).toBe("identity-provider");
    expect(holders.get("resource data")?.after.resourcePolicies[0]?.document).toBe(bucket);
    expect(holders.get("resource f")?.after.resourcePolicies[0]?.document).toMatchObject({
      Statement: [{ Principal: "*", Action: "lambda:InvokeFunction" }],
    });
  });

  it("knows the account that it is for", () => {
    const caller = {
      type: "aws_caller_identity",
      values: { account_id: "444455556666", arn: "arn:aws-us-gov:iam::444455556666:root" },
    };
    const told = { prior_state: { values: { root_module: { resources: [caller] } } } };
    expect(readTerraformPlan(terraform([], [], told))).toMatchObject({
      account: "444455556666",
      partition: "aws-us-gov",
    });
    expect(readTerraformPlan(terraform([kept("aws_iam_role.bot", role("bot"))]))).toMatchObject({
      account: "111122223333",
    });
  });

  it.each([
    ["a text", "plan"],
    ["a state", { format_version: "1.0", values: {} }],
    ["a format of the future", { format_version: "2.0", resource_changes: [] }],
    ["no format", { resource_changes: [] }],
  ])("refuses %s", (_, value) => expect(readTerraformPlan(value).ok).toBe(false));

  it("passes over what it does not know, without harm from names like __proto__", () => {
    const odd = change("aws_x.__proto__", { after: JSON.parse('{"__proto__":{"role":"x"}}') });
    const names = change("constructor.toString", { after: { role: "bot" } });
    expect(holdersOf(terraform([odd, names, { address: "half" }])).size).toBe(0);
  });

  it("takes a trust policy for what it says", () => {
    const text = trust({ AWS: "arn:aws:iam::444455556666:root" });
    const holders = holdersOf(
      terraform([change("aws_iam_role.bot", { after: role("bot", { assume_role_policy: text }) })]),
    );
    expect(holders.get("role bot")?.after.trust?.document).toBe(text);
    expect(holders.get("role bot")?.before.exists).toBe(false);
  });
});
