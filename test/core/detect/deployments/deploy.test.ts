import { describe, expect, it } from "vitest";
import { atDeployment, deployedBy, deploymentJudge } from "../../../../core/detect/deployments/deploy.ts";
import type { Seen } from "../../../../core/detect/detector.ts";
import type { Attribution } from "../../../../core/identity/attribution.ts";
import type { Workload } from "../../../../core/identity/workload.ts";
import { seenOf } from "../../../fixtures/read.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";

const judge = deploymentJudge(tables.iam);

const deployer = workload("deployer", {
  class: "deployment",
  envelope: {
    statements: [
      { Effect: "Allow", Action: "iam:*", Resource: "arn:aws:iam::111122223333:role/app-*" },
      { Effect: "Deny", Action: "iam:DeleteRolePermissionsBoundary", Resource: "*" },
      {
        Effect: "Allow",
        Action: "iam:AttachUserPolicy",
        Resource: "*",
        Condition: { ArnEquals: { "iam:PolicyARN": "arn:aws:iam::aws:policy/ReadOnlyAccess" } },
      },
    ],
  },
});

const proven: Attribution = {
  kind: "workload",
  id: "deployer",
  declared: true,
  class: "linked",
  confidence: "high",
  because: "the issuing AssumeRoleWithWebIdentity names the subject of the token",
  root: { kind: "workload", id: "deployer" },
  hops: [],
};

function seen(call: string, request: Record<string, unknown>, over: Partial<Attribution> = {}, by = deployer): Seen {
  const record = {
    eventVersion: "1.11",
    eventID: "11111111-1111-4111-8111-000000000401",
    eventTime: "2026-11-20T10:15:00Z",
    eventSource: "iam.amazonaws.com",
    eventName: call,
    awsRegion: "us-east-1",
    userAgent: "APN/1.0 HashiCorp/1.0 Terraform/1.13.0",
    userIdentity: {
      type: "AssumedRole",
      principalId: "AROACKCEVSQ6C2EXAMPLE:run",
      arn: "arn:aws:sts::111122223333:assumed-role/deployer/run",
      accountId: "111122223333",
      accessKeyId: "ASIAIOSFODNN7EXAMPLE",
      sessionContext: { sessionIssuer: { type: "Role", arn: "arn:aws:iam::111122223333:role/deployer" } },
    },
    requestParameters: request,
    recipientAccountId: "111122223333",
  };
  return seenOf({ record, attribution: { ...proven, ...over } as Attribution, workloads: [by.name] }, [by]);
}

const trust = (roleName: string, over: Partial<Attribution> = {}, by: Workload = deployer) =>
  judge(seen("UpdateAssumeRolePolicy", { roleName, policyDocument: "{}" }, over, by));

describe("a declared deployment", () => {
  it("is inside where its envelope allows the call on that resource", () => {
    expect(trust("app-web")).toMatchObject({ kind: "inside", workload: "deployer" });
  });

  it("is outside on another resource, and the check is named", () => {
    expect(trust("billing")).toMatchObject({
      kind: "outside",
      beyond: [{ action: "iam:UpdateAssumeRolePolicy", resources: ["arn:aws:iam::111122223333:role/billing"] }],
    });
  });

  it("is outside where its envelope denies what it allows elsewhere", () => {
    const verdict = judge(seen("DeleteRolePermissionsBoundary", { roleName: "app-web" }));
    expect(verdict).toMatchObject({ kind: "outside", because: expect.stringContaining("iam:DeleteRolePerm") });
  });

  it("may attach the policy that its envelope's condition names, and no other", () => {
    const attach = (policy: string) =>
      judge(seen("AttachUserPolicy", { userName: "eve", policyArn: `arn:aws:iam::aws:policy/${policy}` })).kind;
    expect([attach("ReadOnlyAccess"), attach("AdministratorAccess")]).toEqual(["inside", "outside"]);
  });

  it("is judged by what it grants to others when that is asked", () => {
    const asked = judge(seen("PutRolePolicy", { roleName: "app-web" }), [{ action: "s3:GetObject", resources: ["*"] }]);
    expect(asked).toMatchObject({ kind: "outside", beyond: [{ action: "s3:GetObject" }] });
  });

  it("is judged by the action alone where the record names no resource", () => {
    expect(judge(seen("UpdateAssumeRolePolicy", {})).kind).toBe("inside");
  });

  it("has the rights of a grant while it is in force, and not a moment longer", () => {
    const during = (from: string, until: string) =>
      trust(
        "billing",
        {},
        {
          ...deployer,
          grants: [
            {
              id: "billing-move",
              statements: [{ Effect: "Allow", Action: "iam:*", Resource: "arn:aws:iam::111122223333:role/billing" }],
              from: Date.parse(from) as never,
              until: Date.parse(until) as never,
              approvedBy: "security-lead@example.com",
            },
          ],
        },
      ).kind;
    expect(during("2026-11-20T00:00:00Z", "2026-11-21T00:00:00Z")).toBe("inside");
    expect(during("2026-11-20T00:00:00Z", "2026-11-20T10:15:00Z")).toBe("outside");
  });

  it("is outside where its envelope denies what a grant allows", () => {
    const granted = {
      ...deployer,
      grants: [
        {
          id: "unbound",
          statements: [{ Effect: "Allow", Action: "iam:*", Resource: "*" }],
          from: Date.parse("2026-11-20T00:00:00Z") as never,
          until: Date.parse("2026-11-21T00:00:00Z") as never,
          approvedBy: "security-lead@example.com",
        },
      ],
    };
    expect(judge(seen("DeleteRolePermissionsBoundary", { roleName: "billing" }, {}, granted)).kind).toBe("outside");
  });

  it("changes nothing where its envelope says nothing about actions", () => {
    const bare = workload("deployer", { class: "pipeline" });
    expect(trust("app-web", {}, bare)).toMatchObject({ kind: "not-judged" });
  });
});

describe("what nobody proves", () => {
  it.each<[string, Partial<Attribution>]>([
    ["a role that a manifest names", { class: "indexed" }],
    ["a name that the caller chose", { class: "inferred", confidence: "low" }],
    ["a claim without high confidence", { confidence: "medium" }],
    ["a chain whose far end nobody knows", { root: { kind: "unknown", id: "role:x" } }],
  ])("is not excused: %s", (_, over) => expect(trust("app-web", over).kind).toBe("not-proven"));

  it("a client that calls itself Terraform is no deployment", () => {
    const bot = workload("support-bot", { class: "agent" });
    expect(trust("app-web", { id: "support-bot" } as Partial<Attribution>, bot).kind).toBe("no-deployment");
  });
});

it("lowers what is inside to the case, raises what is outside, and leaves the rest", () => {
  const inside = { kind: "inside", workload: "deployer", because: "" } as const;
  const outside = { ...inside, kind: "outside", beyond: [{ action: "iam:PassRole", resources: [] }] } as const;
  const doubt = { ...inside, kind: "not-proven" } as const;
  const none = { kind: "no-deployment" } as const;
  const graded = (["info", "low", "medium", "high", "critical"] as const).map((one) => [
    atDeployment(one, inside),
    atDeployment(one, outside),
    atDeployment(one, doubt),
    atDeployment(one, none),
  ]);
  expect(graded).toEqual([
    ["info", "medium", "info", "info"],
    ["info", "medium", "low", "low"],
    ["low", "high", "medium", "medium"],
    ["low", "critical", "high", "high"],
    ["low", "critical", "critical", "critical"],
  ]);
  expect(deployedBy(none)).toBe("");
  expect(deployedBy({ ...doubt, because: "nobody is known" })).toContain("not excused as a deployment of deployer");
});
