import { describe, expect, it } from "vitest";
import type { Json } from "../../../../core/event/json.ts";
import { trustOf } from "../../../../core/flow/inventory/inventory-trust.ts";
import { readAccountState } from "../../../../core/iam/account/account-state.ts";
import { details, policy, roleDetail, trusting, userDetail } from "../../../fixtures/account-details.ts";
import { account, otherAccount } from "../../../fixtures/records.ts";

const trust = (document: Json) => {
  const value = details({
    roles: [roleDetail("bot", { AssumeRolePolicyDocument: document })],
    users: [userDetail("trainer")],
  });
  const { state } = readAccountState([{ file: "iam.json", value }]);
  const role = state.roles.get(`arn:aws:iam::${account}:role/bot`);
  if (role === undefined) throw new Error("the role was not read");
  return trustOf(role, state);
};
const aws = (name: string): string => `arn:aws:iam::${account}:${name}`;
const provider = aws("oidc-provider/token.actions.githubusercontent.com");

describe("whom a trust policy lets in", () => {
  it("says services, accounts, roles and providers, each with its conditions", () => {
    const subject = {
      StringEquals: { "token.actions.githubusercontent.com:sub": "repo:acme/bot:ref:refs/heads/main" },
    };
    const web = { Action: "sts:AssumeRoleWithWebIdentity", Condition: subject };
    expect(trust(trusting({ Federated: provider }, web)).mayAssume).toEqual([
      `${provider} where token.actions.githubusercontent.com:sub string repo:acme/bot:ref:refs/heads/main`,
    ]);
    expect(trust(trusting({ AWS: [account, aws("user/trainer")], Service: "ec2.amazonaws.com" })).mayAssume).toEqual([
      `account ${account}`,
      aws("user/trainer"),
      "ec2.amazonaws.com",
    ]);
  });

  it("leaves out statements that let nobody assume the role, and says what is denied", () => {
    const tag = { Effect: "Allow", Principal: { AWS: otherAccount }, Action: "sts:TagSession" };
    expect(trust(policy(tag))).toMatchObject({ mayAssume: [], foreign: [] });
    const denied = { Effect: "Deny", Principal: { AWS: aws("user/trainer") }, Action: "sts:*" };
    expect(trust(policy(denied)).mayAssume).toEqual([`not ${aws("user/trainer")}`]);
  });

  it("tells other accounts, and those that need meet no condition", () => {
    const condition = { Condition: { StringEquals: { "sts:ExternalId": "x" } } };
    expect(trust(trusting({ AWS: [otherAccount, account] }))).toMatchObject({
      foreign: [otherAccount],
      unconditionalForeign: [otherAccount],
    });
    expect(trust(trusting({ AWS: otherAccount }, condition))).toMatchObject({
      foreign: [otherAccount],
      unconditionalForeign: [],
    });
  });

  it("calls everybody only what has no condition", () => {
    expect(trust(trusting("*")).everybody).toBe(true);
    expect(trust(trusting({ AWS: "*" })).everybody).toBe(true);
    expect(
      trust(trusting("*", { Condition: { StringEquals: { "aws:PrincipalOrgID": "o-example1" } } })).everybody,
    ).toBe(false);
    const allBut = { Effect: "Allow", NotPrincipal: { AWS: aws("user/trainer") }, Action: "sts:AssumeRole" };
    expect(trust(policy(allBut))).toMatchObject({ everybody: true, nowhere: false });
  });

  it("points nowhere when all whom it names were deleted, as far as the state covers their account", () => {
    expect(trust(trusting({ AWS: "AROAI44QH8DHBEXAMPLE" })).nowhere).toBe(true);
    expect(trust(trusting({ AWS: [aws("role/gone"), "AIDAI44QH8DHBEXAMPLE"] })).nowhere).toBe(true);
    expect(trust(trusting({ AWS: aws("user/trainer") })).nowhere).toBe(false);
    expect(trust(trusting({ AWS: `arn:aws:iam::${otherAccount}:role/unknown` })).nowhere).toBe(false);
    expect(trust(trusting({ Service: "ec2.amazonaws.com" })).nowhere).toBe(false);
  });
});
