import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const answer = { jobDefinitionName: "train", jobDefinitionArn: arn("batch", "job-definition/train:3"), revision: 3 };
const resource = arn("batch", "job-definition/train");

describe("Batch", () => {
  it("reads the roles of a job definition's container", () =>
    expect(
      shown(
        "batch:RegisterJobDefinition",
        { containerProperties: { jobRoleArn: role("job"), executionRoleArn: role("start") } },
        answer,
      ).map(bare),
    ).toEqual([
      { kind: "batch-job", resource, role: role("job") },
      { kind: "batch-job", resource, role: role("start") },
    ]));
  it("reads each role once from the nodes and the tasks of larger jobs", () => {
    const node = { container: { jobRoleArn: role("node") } };
    const tasks = { taskProperties: [{ taskRoleArn: role("task"), executionRoleArn: role("start") }] };
    expect(
      shown("batch:RegisterJobDefinition", { nodeProperties: { nodeRangeProperties: [node, node] } }, answer).map(bare),
    ).toEqual([{ kind: "batch-job", resource, role: role("node") }]);
    expect(shown("batch:RegisterJobDefinition", { ecsProperties: tasks }, answer)).toMatchObject([
      { role: role("task") },
      { role: role("start") },
    ]);
  });
  it("reads the job that was submitted, without a role", () =>
    expect(
      shown(
        "batch:SubmitJob",
        { jobName: "night", jobQueue: "gpu", jobDefinition: "train:3" },
        { jobId: "7d2f9a51-0000-4000-8000-000000000001", jobName: "night" },
      ).map(bare),
    ).toEqual([{ kind: "batch-job", resource: "train", run: "7d2f9a51-0000-4000-8000-000000000001", group: "gpu" }]));
  it("reads nothing where no role is named", () =>
    expect(shown("batch:RegisterJobDefinition", { containerProperties: { image: "train" } }, answer)).toEqual([]));
});
