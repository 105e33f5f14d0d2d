import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { agentChangeRows } from "../../../../core/detect/agents/agent-change-rows.ts";
import { resourceArn, saidByRow } from "../../../../core/detect/agents/ai-row.ts";
import { aiSafeguardRows } from "../../../../core/detect/agents/ai-safeguard-rows.ts";
import { modelAccessRows } from "../../../../core/detect/agents/model-access-rows.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import type { Json } from "../../../../core/event/json.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { record } from "../../../fixtures/records.ts";
import { tables } from "../../../fixtures/tables.ts";

const rows = [...modelAccessRows, ...aiSafeguardRows, ...agentChangeRows];

const call = (api: string, requestParameters: Json = null): ApiCall => {
  const [service, eventName = ""] = api.split(":");
  return eventOf(record({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters })) as ApiCall;
};

describe("the tables of calls about models and agents", () => {
  it("name each call once, over all of them, and AWS's page for it", () => {
    const apis = rows.map(({ api }) => api);
    expect(apis.toSorted()).toEqual([...new Set(apis)].sort());
    for (const { source, api } of rows) expect(source, api).toMatch(/^https:\/\/docs\.aws\.amazon\.com\/.+\.html$/);
  });

  it("name calls that IAM knows as actions", () => {
    const unknown = rows.map(({ api }) => api).filter((api) => tables.iam.table.find(api) === undefined);
    // Marketplace's agreements are authorised under aws-marketplace, and recorded under the name of their endpoint too.
    expect(unknown).toEqual(["agreement-marketplace:AcceptAgreementRequest"]);
  });

  it("say something of every call whose parameters are not recorded, or are quiet, and never fail", () => {
    const parameters = fc.oneof(fc.constant(null), fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(...rows), parameters, (row, request) => {
        const said = saidByRow(call(row.api, request as Json), row);
        if (said !== undefined) expect(`${said.did} ${said.tried}`).not.toMatch(/\{\}|undefined/);
      }),
    );
  });

  it("leave no trace of a name where a call names nothing", () => {
    for (const row of rows) {
      const said = saidByRow(call(row.api), row);
      if (said !== undefined) expect(said.did, row.api).not.toMatch(/[: ]$|\{\}/);
    }
  });
});

describe("the ARN of what a call names", () => {
  it("has no account where it is a foundation model, and the caller's elsewhere", () => {
    const one = call("bedrock:InvokeModel");
    expect(resourceArn(one, "bedrock:foundation-model/", "vendor.model-v1:0")).toBe(
      "arn:aws:bedrock:us-east-1::foundation-model/vendor.model-v1:0",
    );
    expect(resourceArn(one, "bedrock:guardrail/", "abcd1234efgh")).toBe(
      "arn:aws:bedrock:us-east-1:111122223333:guardrail/abcd1234efgh",
    );
  });

  it("is what the caller wrote where that is an ARN, and nothing where it is no name", () => {
    const one = call("bedrock:InvokeModel");
    const arn = "arn:aws:bedrock:eu-west-1::foundation-model/vendor.model";
    expect(resourceArn(one, "bedrock:foundation-model/", arn)).toBe(arn);
    for (const name of ["", "a b", "<script>", "x".repeat(257)])
      expect(resourceArn(one, "bedrock:guardrail/", name)).toBeUndefined();
  });
});
