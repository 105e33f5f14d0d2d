import { describe, expect, it } from "vitest";
import { problemsOf, registryFrom, workload } from "./manifest-examples.ts";

const deployer = workload("deployer", "- roleArn: arn:aws:iam::111122223333:role/deployer");
const change = `apiVersion: cordon/v1
kind: Change
metadata: { name: app-roles, owner: team-platform }
spec:
  workload: deployer
  run: { subject: "repo:acme/infra:environment:prod", session: run-42 }
  plan: sha256:${"0123456789abcdef".repeat(4)}
  ticket: OPS-42
  approvedBy: security-lead@example.com
  posted: 2026-11-20T09:00:00Z
  from: 2026-11-20T10:00:00Z
  until: 2026-11-20T12:00:00Z
  grants:
    - principal: arn:aws:iam::111122223333:role/app
      statements: [ { Effect: Allow, Action: "s3:GetObject", Resource: "arn:aws:s3:::models/*" } ]
  trust:
    - { role: "arn:aws:iam::111122223333:role/app", principals: [lambda.amazonaws.com, "444455556666"] }
  calls:
    - { call: "iam:DeleteRolePermissionsBoundary", resource: "arn:aws:iam::111122223333:role/app" }
`;
const changed = (from: string | RegExp, to: string) => problemsOf(deployer, change.replace(from, to));

describe("an announced change", () => {
  it("is read with all that it announces, and found in the registry", () => {
    expect(problemsOf(deployer, change)).toEqual([]);
    expect(registryFrom(deployer, change).changes).toMatchObject([
      {
        name: "app-roles",
        workload: "deployer",
        ticket: "OPS-42",
        from: Date.parse("2026-11-20T10:00:00Z"),
        trust: [{ principals: ["lambda.amazonaws.com", "444455556666"] }],
      },
    ]);
  });

  it("is posted before it may begin", () =>
    expect(changed("posted: 2026-11-20T09", "posted: 2026-11-20T11")[0]).toContain("announced before it may begin"));

  it("lasts, and at most seven days", () => {
    expect(changed("until: 2026-11-20T12", "until: 2026-11-20T10")[0]).toContain("ends after it begins");
    expect(changed("until: 2026-11-20T12", "until: 2026-11-27T10")).toEqual([]);
    expect(changed("until: 2026-11-20T12", "until: 2026-11-27T11")[0]).toContain("at most 7 days");
  });

  it("says what it gains", () => expect(changed(/ {2}grants:[\s\S]*/, "")[0]).toContain("lists what it gains"));

  it("names its plan by a digest, its principals exactly, and a workload that is there", () => {
    expect(changed("sha256:0", "sha256:g")[0]).toContain("64 lower-case hex digits");
    expect(
      changed("principal: arn:aws:iam::111122223333:role/app", "principal: arn:aws:iam::111122223333:role/app-*")[0],
    ).toContain("without a pattern");
    expect(changed("workload: deployer", "workload: deplyer")[0]).toContain('did you mean "deployer"?');
    expect(changed(/run: .*/, "run: {}")[0]).toContain("a run is named by");
  });
});
