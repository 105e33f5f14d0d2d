import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { arnKey, type CauseSource, type Shown, type Subject } from "../lineage/cause.ts";

/** Tasks by the ARNs that `RunTask` answers, services by theirs (Amazon ECS API reference). */
export const ecsCauses: CauseSource = {
  id: "ecs",
  watches: calls(
    "ecs:CreateService",
    "ecs:DeleteService",
    "ecs:RunTask",
    "ecs:StartTask",
    "ecs:StopTask",
    "ecs:UpdateService",
  ),
  causeIn(call): Shown {
    switch (call.api) {
      case "ecs:RunTask":
      case "ecs:StartTask":
        return { kind: "launched", subjects: tasksIn(call) };
      case "ecs:StopTask":
        return { kind: "ended", subjects: one(text(at(call.response, "task", "taskArn")), "task.taskArn") };
      case "ecs:DeleteService":
        return { kind: "ended", subjects: serviceIn(call) };
      default:
        return { kind: "set-capacity", subjects: serviceIn(call) };
    }
  },
};

const tasksIn = (call: ApiCall): readonly Subject[] =>
  list(call.response["tasks"]).flatMap((task, place) =>
    one(text(fields(task)["taskArn"]), `tasks[${place}].taskArn`, "answered"),
  );

const serviceIn = (call: ApiCall): readonly Subject[] =>
  one(text(at(call.response, "service", "serviceArn")), "service.serviceArn");

function one(arn: string, field: string, proof: Subject["proof"] = "named"): readonly Subject[] {
  const key = arnKey(arn);
  return key === undefined ? [] : [{ key, field: `responseElements.${field}`, proof }];
}
