import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/** Jobs with their roles, and runs with their ids (Glue API reference, CreateJob, UpdateJob, StartJobRun). */
export const gluePlacements: PlacementSource = {
  id: "glue",
  watches: calls("glue:CreateJob", "glue:StartJobRun", "glue:UpdateJob"),
  placementsOf(call) {
    const { request, response } = call;
    switch (call.api) {
      case "glue:StartJobRun":
        return job(call, text(request["jobName"]), { run: text(response["jobRunId"]) });
      case "glue:UpdateJob":
        return job(call, text(request["jobName"]), { role: text(at(request, "jobUpdate", "role")) });
      default:
        return job(call, text(request["name"]), { role: text(request["role"]) });
    }
  },
};

/** Glue answers with names only; a job's ARN is its account, its Region and its name. */
const job = (call: ApiCall, name: string, more: Partial<Pick<Placement, "role" | "run">>): readonly Placement[] =>
  placed(call, {
    kind: "glue-job",
    resource: name && `arn:${call.partition}:glue:${call.region}:${call.account ?? ""}:job/${name}`,
    ...more,
    field: call.api === "glue:CreateJob" ? "requestParameters.name" : "requestParameters.jobName",
  });
