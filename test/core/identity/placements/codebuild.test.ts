import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const run = "7d2f9a51-0000-4000-8000-000000000001";
const resource = arn("codebuild", "project/deploy");

describe("CodeBuild", () => {
  it("reads a build, its project and its role", () =>
    expect(
      shown(
        "codebuild:StartBuild",
        { projectName: "deploy" },
        { build: { id: `deploy:${run}`, arn: arn("codebuild", `build/deploy:${run}`), serviceRole: role("build") } },
      ).map(bare),
    ).toEqual([{ kind: "codebuild-project", resource, role: role("build"), run }]));
  it.each(["codebuild:CreateProject", "codebuild:UpdateProject"])("reads a project and its role from %s", (api) =>
    expect(
      shown(api, {}, { project: { arn: resource, name: "deploy", serviceRole: role("build") } }).map(bare),
    ).toEqual([{ kind: "codebuild-project", resource, role: role("build") }]),
  );
  it("reads nothing without an answer", () =>
    expect(shown("codebuild:StartBuild", { projectName: "deploy" }, null)).toEqual([]));
});
