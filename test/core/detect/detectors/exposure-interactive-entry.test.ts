import { expect, it } from "vitest";
import { exposureInteractiveEntry } from "../../../../core/detect/detectors/exposure-interactive-entry.ts";
import { entryRows } from "../../../../core/detect/exposure/entry-rows.ts";
import { runDetector } from "../../../../core/detect/run.ts";
import { seenOf } from "../../../fixtures/read.ts";
import { record, session } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";
import { workload } from "../../../fixtures/workloads.ts";

const detector = exposureInteractiveEntry(tables.iam);
const letsIn = record({
  userIdentity: session("operator", "run-1", "ASIAIOSFODNN7EXAMPLE"),
  eventSource: "ecs.amazonaws.com",
  eventName: "UpdateService",
  requestParameters: { service: "gateway", cluster: "inference", enableExecuteCommand: true },
});
const found = (actions: readonly string[]) => {
  const operator = workload("operator", {
    class: "orchestration",
    envelope: { statements: [{ Effect: "Allow", Action: [...actions], Resource: "*" }] },
  });
  return runDetector(detector, seenOf({ record: letsIn, workloads: ["operator"] }, [operator]));
};

it("is quiet where the envelope of a workload allows it", () => expect(found(["ecs:UpdateService"])).toEqual([]));

it("speaks up where a workload's envelope does not allow it", () =>
  expect(found(["s3:GetObject"])).toMatchObject([
    {
      severity: "medium",
      title: "Tasks let people in to run commands: gateway; its envelope does not allow ecs:UpdateService",
    },
  ]));

it("leaves to escalation paths what is one", () => {
  const told = tables.iam.paths.flatMap(({ shows }) =>
    shows.flatMap(({ steps }) => steps.flatMap(({ calls }) => calls)),
  );
  for (const { api, says } of entryRows) if (says === undefined) expect(told).not.toContain(api);
});
