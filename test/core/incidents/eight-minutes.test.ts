import { describe, expect, it } from "vitest";
import { atLeast } from "../../../core/detect/finding.ts";
import { account, at, exampleKey, region, sessionKey } from "../../fixtures/records.ts";
import { leaked, recordsOf, replayed, type Step } from "./replaying.ts";

/** From a key in a public bucket to administrator in eight minutes: code put into a function that runs with a mighty role. */
const stolen = leaked("rag-reader", exampleKey);
const admin = leaked("platform-admin", "AKIAI44QH8DHBEXAMPLE");
const lambda = {
  type: "AssumedRole",
  principalId: "AROACKCEVSQ6C2EXAMPLE:init",
  arn: `arn:aws:sts::${account}:assumed-role/init-execution/init`,
  accountId: account,
  accessKeyId: sessionKey(41),
  sessionContext: {
    sessionIssuer: {
      type: "Role",
      principalId: "AROACKCEVSQ6C2EXAMPLE",
      arn: `arn:aws:iam::${account}:role/init-execution`,
      accountId: account,
      userName: "init-execution",
    },
    attributes: { creationDate: at, mfaAuthenticated: "false" },
  },
  inScopeOf: {
    issuerType: "AWS::Lambda::Function",
    credentialsIssuedTo: `arn:aws:lambda:${region}:${account}:function:init`,
  },
};
const functionArn = `arn:aws:lambda:${region}:${account}:function:init`;

const steps: readonly Step[] = [
  { api: "sts:GetCallerIdentity", seconds: 0 },
  ...["iam:ListUsers", "iam:ListRoles", "s3:ListBuckets", "lambda:ListFunctions", "secretsmanager:ListSecrets"].map(
    (api, place): Step => ({ api, seconds: 10 + place * 5 }),
  ),
  ...["cloudformation:ListStacks", "bedrock:ListFoundationModels", "kms:ListKeys", "apigateway:GetRestApis"].map(
    (api, place): Step => ({ api, seconds: 40 + place * 5 }),
  ),
  ...["organizations:DescribeOrganization", "ses:GetSendQuota", "rds:DescribeDBSnapshots", "sns:ListTopics"].map(
    (api, place): Step => ({ api, seconds: 70 + place * 5, refused: true }),
  ),
  {
    api: "lambda:UpdateFunctionCode20150331v2",
    seconds: 200,
    request: { functionName: "init", publish: false, dryRun: false },
    response: { functionArn, functionName: "init", role: `arn:aws:iam::${account}:role/init-execution` },
  },
  {
    api: "lambda:UpdateFunctionConfiguration20150331v2",
    seconds: 210,
    request: { functionName: "init", timeout: 30 },
    response: { functionArn, functionName: "init", role: `arn:aws:iam::${account}:role/init-execution` },
  },
  {
    api: "iam:CreateAccessKey",
    seconds: 330,
    by: lambda,
    request: { userName: "platform-admin" },
    response: { accessKey: { accessKeyId: "AKIAI44QH8DHBEXAMPLE", status: "Active", userName: "platform-admin" } },
  },
  { api: "iam:CreateUser", seconds: 470, by: admin, request: { userName: "backdoor" } },
  {
    api: "iam:AttachUserPolicy",
    seconds: 478,
    by: admin,
    request: { userName: "backdoor", policyArn: "arn:aws:iam::aws:policy/AdministratorAccess" },
  },
  {
    api: "ec2:AuthorizeSecurityGroupIngress",
    seconds: 900,
    by: admin,
    request: {
      groupId: "sg-0123456789abcdef0",
      ipPermissions: {
        items: [{ ipProtocol: "tcp", fromPort: 8888, toPort: 8888, ipRanges: { items: [{ cidrIp: "0.0.0.0/0" }] } }],
      },
    },
  },
  {
    api: "ec2:RunInstances",
    seconds: 960,
    by: admin,
    request: { instanceType: "p4d.24xlarge", instancesSet: { items: [{ minCount: 1, maxCount: 1 }] } },
    response: { instancesSet: { items: [{ instanceId: "i-0abcd1234ef567890", instanceType: "p4d.24xlarge" }] } },
  },
];

describe("eight minutes to administrator", () => {
  const records = recordsOf(steps, stolen);

  it("is found at each step that gives more rights or costs money", async () => {
    const told = await replayed(records);
    expect(told.loud()).toEqual(
      expect.arrayContaining([
        ...["drift-grant", "exposure-enumeration", "exposure-open-port", "scaling-undeclared-gpu", "sprawl-access-key"],
      ]),
    );
    const [grant] = told.by("drift-grant").filter((one) => atLeast(one.severity, "high"));
    expect(grant?.resource ?? grant?.title).toContain("backdoor");
  });

  it("is found before anybody is administrator, by whoever looks around and by the function's new code", async () => {
    const before = await replayed(
      records.slice(
        0,
        steps.findIndex(({ api }) => api === "iam:CreateAccessKey"),
      ),
    );
    expect(before.loud()).toContain("exposure-enumeration");
    const said = before.findings.filter((one) => JSON.stringify(one.evidence).includes("lambda:UpdateFunctionCode"));
    expect(said.length).toBeGreaterThan(0);
  });

  it("is told of the key that the function makes, by the function", async () => {
    const [key] = (await replayed(records)).by("sprawl-access-key");
    expect(key).toMatchObject({ severity: "high" });
    expect(key?.attribution.kind).toBe("workload");
  });
});
