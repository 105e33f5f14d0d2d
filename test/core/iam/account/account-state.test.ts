import { describe, expect, it } from "vitest";
import { policiesInForce } from "../../../../core/iam/account/account-policies.ts";
import { readAccountState } from "../../../../core/iam/account/account-state.ts";
import {
  details,
  inline,
  managedPolicy,
  policy,
  roleDetail,
  trusting,
  userDetail,
} from "../../../fixtures/account-details.ts";
import { account, otherAccount } from "../../../fixtures/records.ts";

const read = (...values: readonly unknown[]) =>
  readAccountState(values.map((value, at) => ({ file: `iam-${at}.json`, value })));
const arn = `arn:aws:iam::${account}:role/bot`;
const s3 = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };

describe("the state of IAM in an account", () => {
  it("reads a role with its trust, times, policies, boundary and tags", () => {
    const { state, problems } = read(
      details({
        roles: [
          roleDetail("bot", {
            Path: "/ai/",
            Arn: `arn:aws:iam::${account}:role/ai/bot`,
            RolePolicyList: [inline("own", s3)],
            AttachedManagedPolicies: [{ PolicyName: "P", PolicyArn: `arn:aws:iam::${account}:policy/P` }],
            PermissionsBoundary: {
              PermissionsBoundaryType: "Policy",
              PermissionsBoundaryArn: `arn:aws:iam::${account}:policy/B`,
            },
            Tags: [{ Key: "team", Value: "support" }],
          }),
        ],
      }),
    );
    const role = state.roles.get(`arn:aws:iam::${account}:role/ai/bot`);
    expect(problems).toEqual([]);
    expect(role).toMatchObject({
      account,
      name: "bot",
      path: "/ai/",
      id: "AROACKCEVSQ6C2EXAMPLE",
      created: Date.UTC(2025, 0, 1),
      lastUsed: { at: Date.UTC(2026, 0, 30), region: "us-east-1" },
      attached: [`arn:aws:iam::${account}:policy/P`],
      boundary: `arn:aws:iam::${account}:policy/B`,
      tags: { team: "support" },
    });
    expect(role?.inline[0]?.document.statements[0]?.actions.patterns).toEqual(["s3:GetObject"]);
    expect(role?.trust.statements[0]?.principals?.principals).toEqual([
      { kind: "service", name: "lambda.amazonaws.com" },
    ]);
    expect([...state.accounts]).toEqual([account]);
  });

  it("reads documents that are URL-encoded as it reads objects", () => {
    const encoded = encodeURIComponent(JSON.stringify(trusting({ AWS: otherAccount })));
    const { state, problems } = read(details({ roles: [roleDetail("bot", { AssumeRolePolicyDocument: encoded })] }));
    expect(problems).toEqual([]);
    expect(state.roles.get(arn)?.trust.statements[0]?.principals?.principals).toEqual([
      { kind: "account", account: otherAccount },
    ]);
  });

  it("takes a managed policy's default version, whichever stands first", () => {
    const managed = `arn:aws:iam::${account}:policy/P`;
    const { state } = read(details({ policies: [managedPolicy(managed, [s3])] }));
    expect(state.policies.get(managed)).toMatchObject({
      version: "v2",
      document: { statements: [{ actions: { patterns: ["s3:GetObject"] } }] },
    });
  });

  it("joins several files and accounts, and of a role that was made anew keeps the newer one", () => {
    const other = roleDetail("bot", { Arn: `arn:aws:iam::${otherAccount}:role/bot` });
    const anew = roleDetail("bot", { RoleId: "AROAI44QH8DHBEXAMPLE", CreateDate: "2026-01-01T00:00:00Z" });
    for (const order of [
      [details({ roles: [roleDetail("bot")] }), details({ roles: [anew, other] })],
      [details({ roles: [anew, other] }), details({ roles: [roleDetail("bot")] })],
    ]) {
      const { state } = read(...order);
      expect([...state.accounts].sort()).toEqual([account, otherAccount]);
      expect(state.roles.get(arn)?.id).toBe("AROAI44QH8DHBEXAMPLE");
    }
  });

  it("names what it cannot read by file and path, and reads the rest", () => {
    const { state, problems } = read(
      details({
        roles: [
          "bot",
          roleDetail("bad", { Arn: "role/bad" }),
          roleDetail("bot", {
            AssumeRolePolicyDocument: "{",
            RolePolicyList: [{ PolicyName: "x", PolicyDocument: policy({ Effect: "Maybe" }) }],
          }),
        ],
        users: [userDetail("trainer", { CreateDate: "yesterday" })],
        policies: [managedPolicy(`arn:aws:iam::${account}:policy/P`, [s3], { DefaultVersionId: "v9" })],
      }),
      [],
      {},
    );
    expect(problems.map(({ file, path }) => `${file} ${path}`)).toEqual([
      "iam-0.json UserDetailList[0].CreateDate",
      "iam-0.json RoleDetailList[0]",
      "iam-0.json RoleDetailList[1].Arn",
      "iam-0.json RoleDetailList[2].RolePolicyList[0].PolicyDocument",
      "iam-0.json RoleDetailList[2].AssumeRolePolicyDocument",
      "iam-0.json Policies[0]",
      "iam-1.json ",
      "iam-2.json ",
    ]);
    expect([...state.roles.keys()]).toEqual([arn]);
    expect([...state.users.keys()]).toEqual([`arn:aws:iam::${account}:user/trainer`]);
  });

  it("says when only one page of several was given", () => {
    expect(read({ ...details({}), IsTruncated: true }).problems).toMatchObject([{ path: "IsTruncated" }]);
  });
});

describe("the policies in force", () => {
  const managed = `arn:aws:iam::${account}:policy/P`;
  it("are a user's own, those of its groups, and the managed ones of both, each once", () => {
    const group = {
      Path: "/",
      GroupName: "ml",
      GroupId: "AGPACKCEVSQ6C2EXAMPLE",
      Arn: `arn:aws:iam::${account}:group/ml`,
      GroupPolicyList: [inline("of-group", s3)],
      AttachedManagedPolicies: [{ PolicyName: "P", PolicyArn: managed }],
    };
    const user = userDetail("trainer", {
      GroupList: ["ml"],
      UserPolicyList: [inline("own", s3)],
      AttachedManagedPolicies: [
        { PolicyName: "P", PolicyArn: managed },
        { PolicyName: "Q", PolicyArn: `${managed}-gone` },
      ],
    });
    const elsewhere = {
      ...group,
      Arn: `arn:aws:iam::${otherAccount}:group/ml`,
      GroupPolicyList: [inline("elsewhere", s3)],
    };
    const { state } = read(
      details({ users: [user], groups: [group, elsewhere], policies: [managedPolicy(managed, [s3])] }),
    );
    const holder = state.users.get(`arn:aws:iam::${account}:user/trainer`);
    const found = holder && policiesInForce(holder, state);
    expect(found?.identity.map(({ name }) => name)).toEqual(["own", "of-group", managed]);
    expect(found?.missing).toEqual([`${managed}-gone`]);
  });
});
