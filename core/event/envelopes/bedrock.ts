import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { changeOf, scalingDraft } from "./scaling-draft.ts";

const customization = "Model Customization Job State Change";
const batchInference = "Batch Inference Job State Change";

/** Amazon Bedrock: jobs that tune a model or run it over a batch ("How EventBridge for Amazon Bedrock works"). */
export const bedrock: EnvelopeDecoder = {
  sources: ["aws.bedrock"],
  detailTypes: [customization, batchInference],
  decode(envelope: Envelope): Drafted {
    const { detail } = envelope;
    // A customization job has `jobArn` and `jobStatus`, a batch job `batchJobArn` and `status`.
    const batch = envelope.detailType === batchInference;
    const subject = batch ? firstText(detail, "batchJobArn", "batchJobName") : firstText(detail, "jobArn", "jobName");
    if (!subject) return lacks(envelope, batch ? "batchJobArn" : "jobArn");
    const status = firstText(detail, batch ? "status" : "jobStatus");
    if (!status) return lacks(envelope, batch ? "status" : "jobStatus");
    return scalingDraft(envelope, {
      change: changeOf(status),
      subject,
      role: firstText(detail, "roleArn"),
      cause: firstText(detail, "failureMessage"),
    });
  },
};
