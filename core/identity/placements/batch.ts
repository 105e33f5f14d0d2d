import type { ApiCall } from "../../event/event.ts";
import { at, fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { placed } from "../placed.ts";
import type { Placement, PlacementSource } from "../placement.ts";

/**
 * A job definition names the role of its containers (Batch API reference, RegisterJobDefinition). `SubmitJob` answers with
 * a job's id; the ECS task that the job becomes, and whose id its sessions carry, is in no record.
 */
export const batchPlacements: PlacementSource = {
  id: "batch",
  watches: calls("batch:RegisterJobDefinition", "batch:SubmitJob"),
  placementsOf: (call) => (call.api === "batch:SubmitJob" ? jobIn(call) : definitionIn(call)),
};

function definitionIn(call: ApiCall): readonly Placement[] {
  const resource = withoutRevision(text(call.response["jobDefinitionArn"]));
  return [...new Set(rolesIn(call))].flatMap((role) =>
    placed(call, { kind: "batch-job", resource, role, field: "responseElements.jobDefinitionArn" }),
  );
}

function rolesIn({ request }: ApiCall): readonly string[] {
  const nodes = list(at(request, "nodeProperties", "nodeRangeProperties")).map((one) => fields(one));
  const containers = [fields(request["containerProperties"]), ...nodes.map((one) => fields(one["container"]))];
  const tasks = [fields(request["ecsProperties"]), ...nodes.map((one) => fields(one["ecsProperties"]))]
    .flatMap((one) => list(one["taskProperties"]))
    .map((one) => fields(one));
  return [
    ...containers.flatMap((one) => [text(one["jobRoleArn"]), text(one["executionRoleArn"])]),
    ...tasks.flatMap((one) => [text(one["taskRoleArn"]), text(one["executionRoleArn"])]),
  ].filter((role) => role !== "");
}

const jobIn = (call: ApiCall): readonly Placement[] =>
  placed(call, {
    kind: "batch-job",
    resource: withoutRevision(text(call.request["jobDefinition"])),
    run: text(call.response["jobId"]),
    group: text(call.request["jobQueue"]),
    field: "responseElements.jobId",
  });

/** `arn:P:batch:R:A:job-definition/<name>:<revision>`, or `<name>:<revision>`. */
const withoutRevision = (definition: string): string => definition.replace(/:\d+$/, "");
