import { describe, expect, it } from "vitest";
import { exampleKey } from "../../fixtures/records.ts";
import { leaked, recordsOf, replayed, type Step } from "./replaying.ts";

/** A stolen key looks whether model calls are logged, opens models that were closed, and lets others ask at the victim's cost. */
const model = "anthropic.claude-sonnet-4-20250514-v1:0";
const thief = leaked("ci-legacy", exampleKey);

const looking: readonly Step[] = [
  { api: "sts:GetCallerIdentity", seconds: 0 },
  { api: "bedrock:ListFoundationModels", seconds: 5 },
  { api: "bedrock:GetModelInvocationLoggingConfiguration", seconds: 8 },
  { api: "bedrock:GetFoundationModelAvailability", seconds: 11, request: { modelId: model } },
];
const probing: Step = {
  api: "bedrock:InvokeModel",
  seconds: 20,
  request: { modelId: model },
  over: { errorCode: "ValidationException", errorMessage: "max_tokens_to_sample: range: -1..1,000,000" },
};
const opening: readonly Step[] = [
  { api: "bedrock:PutUseCaseForModelAccess", seconds: 60 },
  { api: "bedrock:CreateFoundationModelAgreement", seconds: 70, request: { modelId: model, offerToken: "x" } },
  { api: "bedrock:PutFoundationModelEntitlement", seconds: 80, request: { modelId: model } },
];
const asking = (seconds: number): Step => ({
  api: "bedrock:InvokeModelWithResponseStream",
  seconds,
  request: { modelId: model },
});
const unlogging: Step = { api: "bedrock:DeleteModelInvocationLoggingConfiguration", seconds: 100 };

describe("LLMjacking", () => {
  it("is found from looking to asking, in one case", async () => {
    const told = await replayed(
      recordsOf([...looking, probing, ...opening, unlogging, asking(120), asking(130)], thief),
    );
    expect(told.loud()).toEqual(expect.arrayContaining(["ai-model-access", "ai-model-hijack", "ai-safeguard"]));
    expect(told.by("ai-model-hijack")[0]?.eventIDs.length).toBeGreaterThan(1);
    expect(told.cases).toBe(1);
  });

  it("is found before the first answer, by the models that are opened", async () => {
    expect((await replayed(recordsOf([...looking, ...opening], thief))).loud()).toContain("ai-model-access");
  });

  it("is not a colleague who looks which models there are", async () => {
    expect((await replayed(recordsOf(looking, thief))).loud()).toEqual([]);
  });
});
