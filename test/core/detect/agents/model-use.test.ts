import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  askingApis,
  lookingApis,
  modelUse,
  modelUseMark,
  modelUseOf,
  openingApis,
} from "../../../../core/detect/agents/model-use.ts";
import type { ApiCall } from "../../../../core/event/event.ts";
import { eventOf } from "../../../fixtures/read.ts";
import { type RecordObject, record } from "../../../fixtures/records.ts";

const use = (api: string, over: RecordObject = {}) => {
  const [service, eventName = ""] = api.split(":");
  const requestParameters = { modelId: "vendor.model" };
  return modelUse(
    eventOf(record({ eventSource: `${service}.amazonaws.com`, eventName, requestParameters, ...over })) as ApiCall,
  );
};

describe("what a call has to do with models", () => {
  it("is that it looks, opens or asks; other calls have nothing", () => {
    expect(lookingApis.map((api) => use(api)?.kind)).toEqual(lookingApis.map(() => "looked"));
    expect(openingApis.map((api) => use(api)?.kind)).toEqual(openingApis.map(() => "opened"));
    expect(askingApis.map((api) => use(api)?.kind)).toEqual(askingApis.map(() => "asked"));
    expect(use("bedrock:CreateGuardrail")).toBeUndefined();
  });

  it.each(["ValidationException", "AccessDeniedException", "ResourceNotFoundException", "ModelNotReadyException"])(
    "is that a model was asked and did not answer: %s",
    (errorCode) => expect(use("bedrock:InvokeModel", { errorCode })).toMatchObject({ kind: "asked", refused: true }),
  );

  it.each([
    "ThrottlingException",
    "ServiceUnavailableException",
    "ServiceQuotaExceededException",
    "ModelTimeoutException",
  ])("is nothing where the model was only busy: %s", (errorCode) =>
    expect(use("bedrock:InvokeModel", { errorCode })).toBeUndefined(),
  );
});

it("is read from a mark as it was written, and from nothing else", () => {
  const text = fc.string({ maxLength: 40 });
  fc.assert(
    fc.property(text, text, fc.boolean(), (model, region, refused) => {
      const asked = { kind: "asked", model, region, refused } as const;
      expect(modelUseOf(modelUseMark(asked))).toEqual(asked);
      expect(modelUseOf(JSON.stringify(model))).toBeUndefined();
    }),
  );
  expect(modelUseOf('["asked",1,2,3]')).toBeUndefined();
  expect(modelUseOf('["other","a","b",true]')).toBeUndefined();
});
