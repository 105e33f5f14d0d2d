import { describe, expect, it } from "vitest";
import { tamperingWatch } from "../../../../core/detect/detectors/tampering-watch.ts";
import { runDetector, wakeIndex } from "../../../../core/detect/run.ts";
import { bucketRows } from "../../../../core/detect/watch/watch-bucket-rows.ts";
import { logRows } from "../../../../core/detect/watch/watch-log-rows.ts";
import { ownRows } from "../../../../core/detect/watch/watch-own-rows.ts";
import { productRows } from "../../../../core/detect/watch/watch-product-rows.ts";
import { eventOf, registryWith, seenOf } from "../../../fixtures/read.ts";
import { type RecordObject, record } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";

const ours = [
  "arn:aws:events:us-east-1:111122223333:rule/cordon-writes",
  "arn:aws:sqs:us-east-1:111122223333:cordon-audit",
  "arn:aws:lambda:us-east-1:111122223333:function:cordon-audit",
  "/aws/lambda/cordon-audit",
  "cordon-ledger",
];
const guarded = tamperingWatch(tables.iam, ours);
const call = (api: string, requestParameters: object, over: RecordObject = {}): RecordObject => {
  const [service, eventName = ""] = api.split(":");
  const parameters = JSON.parse(JSON.stringify(requestParameters));
  return record({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters: parameters, ...over });
};
const found = (made: RecordObject, detector = guarded) => {
  const seen = seenOf({ record: made }, []);
  return wakeIndex([detector])
    .awake(seen.event, registryWith([]))
    .flatMap((one) => runDetector(one, seen));
};

describe("what this deployment runs on", () => {
  it.each([
    ["events:DisableRule", { name: "cordon-writes", eventBusName: "default" }, "rule cordon-writes was disabled"],
    ["events:RemoveTargets", { rule: "cordon-writes", ids: ["1"] }, "rule cordon-writes lost targets"],
    [
      "sqs:PurgeQueue",
      { queueUrl: "https://sqs.us-east-1.amazonaws.com/111122223333/cordon-audit" },
      "queue cordon-audit was emptied",
    ],
    ["dynamodb:DeleteTable", { tableName: "cordon-ledger" }, "table cordon-ledger was deleted"],
    [
      "lambda:UpdateFunctionCode",
      { functionName: "arn:aws:lambda:us-east-1:111122223333:function:cordon-audit" },
      "function cordon-audit got other code",
    ],
  ])("is guarded: %s", (api, parameters, says) => {
    expect(found(call(api, parameters))).toMatchObject([
      { severity: "critical", title: `The ${says}; it belongs to this deployment` },
    ]);
  });

  it("is guarded by calls that are watched anyway, and graver than for others", () => {
    expect(found(call("logs:DeleteLogGroup", { logGroupName: "/aws/lambda/cordon-audit" }))[0]?.severity).toBe(
      "critical",
    );
    expect(found(call("logs:DeleteLogGroup", { logGroupName: "/aws/lambda/other" }))[0]?.severity).toBe("low");
  });

  it("is quiet about what only looks alike, about other accounts and about harmless changes", () => {
    expect(found(call("events:DisableRule", { name: "cordon-writes-2" }))).toEqual([]);
    expect(
      found(call("events:DisableRule", { name: "cordon-writes" }, { recipientAccountId: "444455556666" })),
    ).toEqual([]);
    expect(
      found(call("logs:PutRetentionPolicy", { logGroupName: "/aws/lambda/cordon-audit", retentionInDays: 365 })),
    ).toEqual([]);
  });

  it("is one step less grave when it was tried in vain", () => {
    const denied = call("dynamodb:DeleteTable", { tableName: "cordon-ledger" }, { errorCode: "AccessDeniedException" });
    expect(found(denied)).toMatchObject([
      { severity: "high", title: "Somebody tried to delete the table cordon-ledger; it belongs to this deployment" },
    ]);
  });

  it("costs nothing where no stack hands names over", () => {
    const plain = tamperingWatch(tables.iam);
    expect(wakeIndex([plain]).apis).not.toContain("lambda:UpdateFunctionCode");
    expect(wakeIndex([plain]).awake(eventOf(call("lambda:UpdateFunctionCode", {})), registryWith([]))).toEqual([]);
  });
});

describe("the tables of calls", () => {
  it("name each call once, and AWS's page for it", () => {
    const apis = [...bucketRows, ...logRows, ...productRows].map(({ api }) => api);
    expect(apis.toSorted()).toEqual([...new Set(apis)].sort());
    for (const { source, api } of [...bucketRows, ...logRows, ...productRows, ...ownRows])
      expect(source, api).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  });
});
