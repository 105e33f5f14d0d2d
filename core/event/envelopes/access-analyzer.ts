import type { JsonObject } from "../json.ts";
import { type Drafted, type Envelope, type EnvelopeDecoder, firstText, lacks } from "./envelope.ts";
import { findingDraft, type Severity } from "./finding-draft.ts";

/** Detail-types, and the `findingType` of those that carry none. */
const families: ReadonlyMap<string, string> = new Map([
  ["Access Analyzer Finding", "ExternalAccess"],
  ["Internal Access Finding", "InternalAccess"],
  ["Unused Access Finding for IAM entities", "UnusedAccess"],
]);

/** IAM Access Analyzer: who can reach a resource, and what nobody uses ("Monitoring IAM Access Analyzer with Amazon EventBridge"). */
export const accessAnalyzer: EnvelopeDecoder = {
  sources: ["aws.access-analyzer"],
  detailTypes: [...families.keys()],
  decode(envelope: Envelope): Drafted {
    const { detail } = envelope;
    // Unused access findings carry `findingId`, the others `id`.
    const id = firstText(detail, "id", "findingId");
    if (!id) return lacks(envelope, "id", "findingId");
    const resource = firstText(detail, "resource");
    if (!resource) return lacks(envelope, "resource");
    const type = firstText(detail, "findingType") || (families.get(envelope.detailType) ?? envelope.detailType);
    return findingDraft(envelope, "access-analyzer", [
      {
        id,
        type,
        title: titleOf(type, detail),
        severity: severityOf(type, detail),
        open: firstText(detail, "status") !== "RESOLVED" && isKept(detail),
        resources: [resource],
      },
    ]);
  },
};

const isKept = (detail: JsonObject): boolean => detail["isDeleted"] !== true && detail["status"] !== "ARCHIVED";

/** Access Analyzer writes no titles. */
function titleOf(type: string, detail: JsonObject): string {
  const what = firstText(detail, "resourceType") || "resource";
  if (firstText(detail, "error")) return `Access Analyzer could not analyse this ${what}`;
  if (detail["isPublic"] === true) return `${what} is open to the public`;
  switch (type) {
    case "ExternalAccess":
      return `${what} can be reached from outside`;
    case "InternalAccess":
      return `${what} can be reached from inside the organization`;
    default:
      return `${what}: ${type}`;
  }
}

/** Access Analyzer grades nothing: public is high, reachable medium, unused low, not analysed info. */
function severityOf(type: string, detail: JsonObject): Severity {
  if (firstText(detail, "error")) return "info";
  if (detail["isPublic"] === true) return "high";
  return type === "ExternalAccess" || type === "InternalAccess" ? "medium" : "low";
}
