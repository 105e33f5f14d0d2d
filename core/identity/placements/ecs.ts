import type { ApiCall } from "../../event/event.ts";
import { fields, type JsonObject, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/**
 * A task definition names the role of its containers and the role that the agent starts them with; `RunTask` and
 * `StartTask` answer with the tasks, whose ids their sessions are named by (ECS API reference, TaskDefinition and Task).
 */
export const ecsPlacements: PlacementSource = {
  id: "ecs",
  watches: calls("ecs:RegisterTaskDefinition", "ecs:RunTask", "ecs:StartTask"),
  placementsOf: (call) =>
    call.api === "ecs:RegisterTaskDefinition"
      ? definitionIn(call, fields(call.response["taskDefinition"]))
      : list(call.response["tasks"]).flatMap((one, place) => taskIn(call, fields(one), place)),
};

function definitionIn(call: ApiCall, definition: JsonObject): readonly Placement[] {
  const resource = withoutRevision(text(definition["taskDefinitionArn"]));
  const roles = [text(definition["taskRoleArn"]), text(definition["executionRoleArn"])].filter((role) => role !== "");
  return roles.flatMap((role) =>
    placed(call, { kind: "ecs-task", resource, role, field: "responseElements.taskDefinition.taskDefinitionArn" }),
  );
}

/** The role is shown only where the caller put another one over that of the definition. */
function taskIn(call: ApiCall, task: JsonObject, place: number): readonly Placement[] {
  return placed(call, {
    kind: "ecs-task",
    resource: withoutRevision(text(task["taskDefinitionArn"])),
    role: text(fields(task["overrides"])["taskRoleArn"]),
    run: /^arn:[^/]+:task\/(?:[^/]+\/)?([0-9a-f]{32})$/.exec(text(task["taskArn"]))?.[1] ?? "",
    group: text(task["group"]),
    field: `responseElements.tasks[${place}].taskArn`,
  });
}

/** `arn:P:ecs:R:A:task-definition/<family>:<revision>`: every revision is the same family. */
const withoutRevision = (arn: string): string => arn.replace(/:\d+$/, "");
