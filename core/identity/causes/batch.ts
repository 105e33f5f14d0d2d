import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { arnKey, type CauseSource, type Shown, type Subject } from "../lineage/cause.ts";
import { subject } from "../lineage/cause-fields.ts";

/** Jobs by the id that `SubmitJob` answers, compute environments by name (AWS Batch API reference). */
export const batchCauses: CauseSource = {
  id: "batch",
  watches: calls(
    "batch:CancelJob",
    "batch:CreateComputeEnvironment",
    "batch:DeleteComputeEnvironment",
    "batch:SubmitJob",
    "batch:TerminateJob",
    "batch:UpdateComputeEnvironment",
  ),
  causeIn(call): Shown {
    switch (call.api) {
      case "batch:SubmitJob":
        return {
          kind: "launched",
          subjects: subject(call, "batch", ["job", text(call.response["jobId"])], {
            field: "responseElements.jobId",
            proof: "answered",
          }),
        };
      case "batch:CancelJob":
      case "batch:TerminateJob":
        return {
          kind: "ended",
          subjects: subject(call, "batch", ["job", text(call.request["jobId"])], { field: "requestParameters.jobId" }),
        };
      case "batch:DeleteComputeEnvironment":
        return { kind: "ended", subjects: environmentIn(call) };
      default:
        return { kind: "set-capacity", subjects: environmentIn(call) };
    }
  },
};

/** The answer has the ARN; requests name the environment by its name or its ARN. */
function environmentIn(call: ApiCall): readonly Subject[] {
  const answered = arnKey(text(call.response["computeEnvironmentArn"]));
  if (answered !== undefined)
    return [{ key: answered, field: "responseElements.computeEnvironmentArn", proof: "named" }];
  const field = call.request["computeEnvironment"] === undefined ? "computeEnvironmentName" : "computeEnvironment";
  const asked = text(call.request[field]);
  const key = arnKey(asked);
  return key === undefined
    ? subject(call, "batch", ["compute-environment", asked], { field: `requestParameters.${field}` })
    : [{ key, field: `requestParameters.${field}`, proof: "named" }];
}
