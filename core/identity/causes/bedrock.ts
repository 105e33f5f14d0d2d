import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { arnKey, type CauseSource, type Shown } from "../lineage/cause.ts";

/** Jobs that tune a model or run it over a batch, by the ARN that the answer makes up (Amazon Bedrock API reference). */
export const bedrockCauses: CauseSource = {
  id: "bedrock",
  watches: calls(
    "bedrock:CreateModelCustomizationJob",
    "bedrock:CreateModelInvocationJob",
    "bedrock:StopModelCustomizationJob",
    "bedrock:StopModelInvocationJob",
  ),
  causeIn(call): Shown {
    const starts = call.api.startsWith("bedrock:Create");
    const key = arnKey(text(starts ? call.response["jobArn"] : call.request["jobIdentifier"]));
    const field = starts ? "responseElements.jobArn" : "requestParameters.jobIdentifier";
    return {
      kind: starts ? "launched" : "ended",
      subjects: key === undefined ? [] : [{ key, field, proof: starts ? "answered" : "named" }],
    };
  },
};
