import { describe, expect, it } from "vitest";
import { arn, bare, role, shown } from "./shown.ts";

const resource = arn("glue", "job/nightly");

describe("Glue", () => {
  it("reads a job's role, as an ARN or as the bare name that Glue also takes", () => {
    expect(shown("glue:CreateJob", { name: "nightly", role: role("etl") }, { name: "nightly" }).map(bare)).toEqual([
      { kind: "glue-job", resource, role: role("etl") },
    ]);
    expect(shown("glue:UpdateJob", { jobName: "nightly", jobUpdate: { role: "etl" } }, null).map(bare)).toEqual([
      { kind: "glue-job", resource, role: role("etl") },
    ]);
  });
  it("reads a run", () =>
    expect(shown("glue:StartJobRun", { jobName: "nightly" }, { jobRunId: "jr_0123" }).map(bare)).toEqual([
      { kind: "glue-job", resource, run: "jr_0123" },
    ]));
  it("reads nothing without a name", () => expect(shown("glue:CreateJob", { role: role("etl") }, null)).toEqual([]));
});
