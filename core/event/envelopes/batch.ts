import { fields } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { changeOf, scalingDraft } from "./scaling-draft.ts";

const job = "Batch Job State Change";
const blocked = "Batch Job Queue Blocked";
const environment = "Batch Compute Environment State Change";

/** AWS Batch: jobs, queues that are stuck, compute environments ("AWS Batch events": its detail is what DescribeJobs answers). */
export const batch: EnvelopeDecoder = {
  sources: ["aws.batch"],
  detailTypes: [job, blocked, environment],
  decode(envelope: Envelope): Drafted {
    const { detail, detailType } = envelope;
    const subject =
      detailType === environment
        ? firstText(detail, "computeEnvironmentArn", "computeEnvironmentName")
        : firstText(detail, "jobArn", "jobId");
    if (!subject) return lacks(envelope, detailType === environment ? "computeEnvironmentArn" : "jobArn");
    const status = firstText(detail, "status");
    if (!status) return lacks(envelope, "status");
    const container = fields(detail["container"]);
    return scalingDraft(envelope, {
      change: detailType === blocked ? "warned" : changeOf(status),
      subject,
      instanceType: firstText(container, "instanceType"),
      role: firstText(container, "jobRoleArn"),
      cause: firstText(detail, "statusReason"),
    });
  },
};
