import { describe, expect, it } from "vitest";
import { statementsOf } from "../../../../core/flow/suggest/suggest-statements.ts";
import { unusedIn } from "../../../../core/flow/suggest/suggest-unused.ts";
import { addUse, emptyUse } from "../../../../core/flow/suggest/suggest-use.ts";
import { readAccountState } from "../../../../core/iam/account/account-state.ts";
import { details, inline, roleDetail } from "../../../fixtures/account-details.ts";
import { tables } from "../../../fixtures/tables.ts";
import { did, drafted, on, roleArn } from "./suggesting.ts";

const accountsWith = (...statements: Parameters<typeof inline>[1][]) =>
  readAccountState([
    {
      file: "iam.json",
      value: details({ roles: [roleDetail("bot", { RolePolicyList: [inline("p", ...statements)] })] }),
    },
  ]).state;
const allow = (...actions: readonly string[]) => ({ Effect: "Allow", Action: [...actions], Resource: "*" });

function unused(accounts: ReturnType<typeof accountsWith>, ...rows: readonly ReturnType<typeof did>[]) {
  const use = emptyUse();
  for (const row of rows) addUse(use, row);
  return unusedIn(accounts, tables.iam)([roleArn("bot")], use, statementsOf(use, tables.iam.table));
}

describe("what is granted and was not used", () => {
  it("is counted by service", () => {
    const found = unused(
      accountsWith(allow("dynamodb:GetItem", "dynamodb:PutItem", "sqs:SendMessage")),
      did(on("dynamodb:GetItem", "*")),
    );
    expect(found).toMatchObject({ granted: 3, actions: 2, administrator: false, paths: [] });
    expect([...(found?.services ?? [])]).toEqual([
      ["dynamodb", 1],
      ["sqs", 1],
    ]);
  });

  it("names the ways to more rights that the draft closes, and keeps those it needs", () => {
    const accounts = accountsWith(allow("iam:CreatePolicyVersion", "iam:AttachUserPolicy"));
    const used = did(on("iam:CreatePolicyVersion", "arn:aws:iam::111122223333:policy/x"));
    expect(unused(accounts, used)?.paths).toEqual(["iam:AttachUserPolicy"]);
    expect(unused(accounts)?.paths).toEqual(["iam:AttachUserPolicy", "iam:CreatePolicyVersion"]);
  });

  it("is not known of a role that the state does not have", () => {
    const use = emptyUse();
    expect(unusedIn(accountsWith(), tables.iam)([roleArn("other")], use, [])).toBeUndefined();
  });

  it("stands in the draft's comments", () => {
    const draft = drafted([did(on("dynamodb:GetItem", "*"))], {
      accounts: accountsWith(allow("dynamodb:GetItem", "iam:CreateUser")),
    });
    expect(JSON.stringify(draft.document)).toContain("Granted today: 2 actions; not used: 1 (iam 1).");
  });
});
