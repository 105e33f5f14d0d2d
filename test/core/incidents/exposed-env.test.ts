import { describe, expect, it } from "vitest";
import type { JsonObject } from "../../../core/event/json.ts";
import { account, exampleKey, otherAccount } from "../../fixtures/records.ts";
import { leaked, recordsOf, replayed, type Step } from "./replaying.ts";

/** Keys from `.env` files that web servers gave to anybody: each looks around, then makes a role that may do everything. */
const questions = [
  ...["iam:ListUsers", "iam:ListRoles", "iam:GetAccountSummary", "s3:ListBuckets", "ses:GetSendQuota"],
  ...["lambda:ListFunctions", "secretsmanager:ListSecrets", "sns:GetSMSAttributes", "organizations:ListAccounts"],
  ...[
    "cloudformation:ListStacks",
    "servicequotas:ListServiceQuotas",
    "bedrock:ListFoundationModels",
    "rds:DescribeDBSnapshots",
  ],
];
const refused = [
  "organizations:ListAccounts",
  "ses:GetSendQuota",
  "bedrock:ListFoundationModels",
  "iam:GetAccountSummary",
];
const trust = {
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" }],
};

const steps = (of: string): readonly Step[] => [
  { api: "sts:GetCallerIdentity", seconds: 0 },
  ...questions.map((api, place): Step => ({ api, seconds: 2 + place * 3, refused: refused.includes(api) })),
  {
    api: "iam:CreateRole",
    seconds: 120,
    request: { roleName: "lambda-ex", assumeRolePolicyDocument: JSON.stringify(trust) },
    response: {
      role: { arn: `arn:aws:iam::${of}:role/lambda-ex`, roleName: "lambda-ex", roleId: "AROACKCEVSQ6C2NEWROLE" },
    },
  },
  {
    api: "iam:AttachRolePolicy",
    seconds: 130,
    request: { roleName: "lambda-ex", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  },
  {
    api: "lambda:CreateFunction20150331",
    seconds: 140,
    request: { functionName: "ex", role: `arn:aws:iam::${of}:role/lambda-ex`, runtime: "python3.12" },
    response: { functionArn: `arn:aws:lambda:us-east-1:${of}:function:ex` },
  },
];

const victims: readonly (readonly [of: string, signer: JsonObject])[] = [
  [account, leaked("web", exampleKey)],
  [otherAccount, leaked("shop", "AKIAI44QH8DHBEXAMPLE", otherAccount)],
  ["777788889999", leaked("blog", "AKIAIOSFODNN8EXAMPLE", "777788889999")],
];

describe("keys from exposed .env files", () => {
  const records = victims.flatMap(([of, signer], place) =>
    recordsOf(
      steps(of).map((one) => ({ ...one, over: { recipientAccountId: of } })),
      signer,
      1 + place * 100,
    ),
  );

  it("are found looking around and making a mighty role, in each account by itself", async () => {
    const told = await replayed(records);
    expect(told.by("exposure-enumeration").map((one) => [one.account, one.severity])).toEqual(
      expect.arrayContaining(victims.map(([of]) => [of, "medium"])),
    );
    expect(
      told
        .by("drift-grant")
        .filter((one) => one.severity === "high")
        .map((one) => one.account)
        .sort(),
    ).toEqual(victims.map(([of]) => of).sort());
    expect(told.cases).toBe(victims.length);
  });

  it("are found by the looking around alone, before anything is changed", async () => {
    const [[of, signer]] = victims as readonly [readonly [string, JsonObject]];
    const told = await replayed(recordsOf(steps(of).slice(0, questions.length + 1), signer));
    expect(told.loud()).toContain("exposure-enumeration");
    const [found] = told.by("exposure-enumeration");
    expect(found?.count).toBe(questions.length);
  });

  it("are not what a colleague does who looks something up", async () => {
    const [[of, signer]] = victims as readonly [readonly [string, JsonObject]];
    const few = steps(of)
      .slice(0, 8)
      .map((one) => ({ ...one, refused: false }));
    expect((await replayed(recordsOf(few, signer))).loud()).toEqual([]);
  });
});
