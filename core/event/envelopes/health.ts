import { at, list } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks, texts } from "./envelope.ts";
import { findingDraft, type Severity } from "./finding-draft.ts";

const abuse = "AWS Health Abuse Event";

/** AWS Health: what AWS tells an account about itself, leaked keys and abuse among it ("AWS Health events Amazon EventBridge schema"). */
export const health: EnvelopeDecoder = {
  sources: ["aws.health"],
  detailTypes: ["AWS Health Event", abuse],
  decode(envelope: Envelope): Drafted {
    const { detail } = envelope;
    const type = firstText(detail, "eventTypeCode");
    if (!type) return lacks(envelope, "eventTypeCode");
    const id = firstText(detail, "eventArn");
    if (!id) return lacks(envelope, "eventArn");
    const category = firstText(detail, "eventTypeCategory");
    const entities = list(detail["affectedEntities"]).map((entity) => at(entity, "entityValue"));
    return findingDraft(envelope, "health", [
      {
        id,
        type,
        title: `AWS Health: ${type}`,
        severity: severityOf(type, category, envelope.detailType),
        open: firstText(detail, "statusCode") !== "closed",
        resources: texts([...entities, ...envelope.resources]),
      },
    ]);
  },
};

/** Health grades nothing. `AWS_RISK_…` are leaked or abused credentials. */
function severityOf(type: string, category: string, detailType: string): Severity {
  if (type.startsWith("AWS_RISK_")) return "critical";
  if (detailType === abuse || type.startsWith("AWS_ABUSE_")) return "high";
  return category === "issue" || category === "investigation" ? "medium" : "info";
}
