import type { ReportedFinding } from "../event.ts";
import { at, fields, type JsonObject, list, text } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks, texts } from "./envelope.ts";
import { findingDraft, type Severity, severityOfLabel, severityOfScore } from "./finding-draft.ts";

const insight = "Security Hub Insight Results";
const unified = "Findings Imported V2";

/** AWS Security Hub: findings in ASFF, in OCSF from the unified product, and the results of an insight ("EventBridge event formats for Security Hub"). */
export const securityHub: EnvelopeDecoder = {
  sources: ["aws.securityhub"],
  detailTypes: ["Security Hub Findings - Imported", "Security Hub Findings - Custom Action", unified, insight],
  decode(envelope: Envelope): Drafted {
    if (envelope.detailType === insight) return insightResults(envelope);
    const found = list(envelope.detail["findings"]);
    if (found.length === 0) return lacks(envelope, "findings");
    const read = envelope.detailType === unified ? fromOcsf : fromAsff;
    const findings = found.map((one) => read(fields(one)));
    const unnamed = findings.findIndex((finding) => !finding.id);
    if (unnamed >= 0)
      return lacks(envelope, `findings[${unnamed}].${envelope.detailType === unified ? "finding_info.uid" : "Id"}`);
    return findingDraft(envelope, "security-hub", findings);
  },
};

function fromAsff(finding: JsonObject): ReportedFinding {
  const type = text(list(finding["Types"])[0]) || firstText(finding, "GeneratorId");
  return {
    id: firstText(finding, "Id"),
    type,
    title: firstText(finding, "Title") || type,
    severity: severityOfAsff(fields(finding["Severity"])),
    open:
      finding["RecordState"] !== "ARCHIVED" &&
      at(finding, "Compliance", "Status") !== "PASSED" &&
      !["RESOLVED", "SUPPRESSED"].includes(text(at(finding, "Workflow", "Status"))),
    resources: texts(list(finding["Resources"]).map((resource) => at(resource, "Id"))),
  };
}

/** Older findings have a number from 0 to 100 and no label (ASFF, "Severity"). */
function severityOfAsff(severity: JsonObject): Severity {
  const label = severityOfLabel(text(severity["Label"]));
  if (label !== undefined) return label;
  const score = severity["Normalized"];
  return typeof score === "number" ? severityOfScore(score, [1, 40, 70, 90]) : "info";
}

const ocsfClosed: ReadonlySet<string> = new Set(["Suppressed", "Resolved", "Archived", "Deleted"]);

function fromOcsf(finding: JsonObject): ReportedFinding {
  const about = fields(finding["finding_info"]);
  const type = text(list(about["types"])[0]) || firstText(finding, "class_name", "type_name");
  const score = finding["severity_id"];
  // From 1 informational to 6 fatal; 0 is unknown and 99 something else.
  const scored = typeof score === "number" && score <= 6 ? severityOfScore(score, [2, 3, 4, 5]) : "info";
  return {
    id: firstText(about, "uid"),
    type,
    title: firstText(about, "title") || type,
    severity: severityOfLabel(text(finding["severity"])) ?? scored,
    open: !ocsfClosed.has(text(finding["status"])),
    resources: texts(list(finding["resources"]).map((resource) => at(resource, "uid"))),
  };
}

/** A person sent an insight's results: pairs of what was grouped and how often. */
function insightResults(envelope: Envelope): Drafted {
  const { detail } = envelope;
  const id = firstText(detail, "insightArn");
  if (!id) return lacks(envelope, "insightArn");
  const type = firstText(detail, "resultType") || insight;
  const grouped = list(detail["insightResults"]).flatMap((result) => Object.keys(fields(result)));
  return findingDraft(envelope, "security-hub", [
    {
      id,
      type,
      title: firstText(detail, "insightName", "actionName") || type,
      severity: "info",
      open: true,
      resources: texts(grouped),
    },
  ]);
}
