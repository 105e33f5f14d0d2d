import type { ApiCall } from "../../event/event.ts";
import { fields, type JsonObject, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/** `StartBuild` answers with the build, its project and its service role (CodeBuild API reference, Build). */
export const codebuildPlacements: PlacementSource = {
  id: "codebuild",
  watches: calls("codebuild:CreateProject", "codebuild:StartBuild", "codebuild:UpdateProject"),
  placementsOf: (call) => [
    ...buildIn(call, fields(call.response["build"])),
    ...projectIn(call, fields(call.response["project"])),
  ],
};

/** A build's id is `<project>:<uuid>`, and its sessions are named `AWSCodeBuild-<uuid>`. */
function buildIn(call: ApiCall, build: JsonObject): readonly Placement[] {
  const [project = "", run = ""] = text(build["id"]).split(":");
  return placed(call, {
    kind: "codebuild-project",
    resource: projectArn(text(build["arn"]), project),
    role: text(build["serviceRole"]),
    run,
    field: "responseElements.build.id",
  });
}

const projectIn = (call: ApiCall, project: JsonObject): readonly Placement[] =>
  placed(call, {
    kind: "codebuild-project",
    resource: text(project["arn"]) || text(project["name"]),
    role: text(project["serviceRole"]),
    field: "responseElements.project.arn",
  });

/** `arn:P:codebuild:R:A:build/<project>:<uuid>` names its project's ARN. */
const projectArn = (buildArn: string, project: string): string =>
  buildArn.includes(":build/") ? `${buildArn.slice(0, buildArn.indexOf(":build/"))}:project/${project}` : project;
