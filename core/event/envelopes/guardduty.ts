import { at, fields, type Json, type JsonObject, list } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks, texts } from "./envelope.ts";
import { findingDraft, severityOfScore } from "./finding-draft.ts";

/** Amazon GuardDuty: one finding an event ("GuardDuty finding format"); attack sequences list the resources they crossed. */
export const guardduty: EnvelopeDecoder = {
  sources: ["aws.guardduty"],
  detailTypes: ["GuardDuty Finding"],
  decode(envelope: Envelope): Drafted {
    const { detail } = envelope;
    const type = firstText(detail, "type");
    if (!type) return lacks(envelope, "type");
    const id = firstText(detail, "id", "arn");
    if (!id) return lacks(envelope, "id");
    const severity = detail["severity"];
    if (typeof severity !== "number") return lacks(envelope, "severity");
    return findingDraft(envelope, "guardduty", [
      {
        id,
        type,
        title: firstText(detail, "title") || type,
        // "Severity levels of GuardDuty findings": low from 1, medium from 4, high from 7, critical from 9.
        severity: severityOfScore(severity, [1, 4, 7, 9]),
        open: at(detail, "service", "archived") !== true,
        resources: texts([...envelope.resources, ...affected(detail)]),
      },
    ]);
  },
};

/** Every place where a finding names what it is about, by ARN where it has one. */
function affected(detail: JsonObject): readonly (Json | undefined)[] {
  const resource = fields(detail["resource"]);
  const ofSequence = list(at(detail, "service", "detection", "sequence", "resources")).map(fields);
  return [
    at(resource, "instanceDetails", "instanceArn") ?? at(resource, "instanceDetails", "instanceId"),
    at(resource, "accessKeyDetails", "accessKeyId"),
    at(resource, "accessKeyDetails", "principalId"),
    at(resource, "lambdaDetails", "functionArn"),
    at(resource, "eksClusterDetails", "arn"),
    at(resource, "ecsClusterDetails", "arn"),
    at(resource, "ecsClusterDetails", "taskDetails", "arn"),
    at(resource, "rdsDbInstanceDetails", "dbInstanceArn"),
    ...list(resource["s3BucketDetails"]).map((bucket) => at(bucket, "arn")),
    ...ofSequence.map((one) => one["uid"] ?? one["arn"]),
  ];
}
