import type { ReportedFinding, SecurityFinding } from "../event.ts";
import { type Draft, type Envelope, lacks, type Parked, texts } from "./envelope.ts";

/** How grave a finding is, in the words of the contract. */
export type Severity = ReportedFinding["severity"];

const gravity: Readonly<Record<Severity, number>> = { info: 0, low: 1, medium: 2, high: 3, critical: 4 };

/** The draft of what a product reported: every finding kept, the gravest open one in front. */
export function findingDraft(
  envelope: Envelope,
  product: SecurityFinding["product"],
  findings: readonly ReportedFinding[],
): Draft | Parked {
  const [first, ...others] = findings;
  if (first === undefined) return lacks(envelope, "findings");
  const gravest = others.reduce((worst, finding) => (weight(finding) > weight(worst) ? finding : worst), first);
  return {
    kind: "security-finding",
    product,
    type: gravest.type,
    title: gravest.title,
    resources: texts(findings.flatMap((finding) => finding.resources)),
    findings,
    detail: envelope.detail,
  };
}

const weight = ({ severity, open }: ReportedFinding): number => gravity[severity] + (open ? 5 : 0);

const labels: ReadonlyMap<string, Severity> = new Map([
  ["INFORMATIONAL", "info"],
  ["INFO", "info"],
  ["LOW", "low"],
  ["MEDIUM", "medium"],
  ["HIGH", "high"],
  ["CRITICAL", "critical"],
  ["FATAL", "critical"],
]);

/** The severity that a label of ASFF or OCSF stands for, if it is one of theirs. */
export const severityOfLabel = (label: string): Severity | undefined => labels.get(label.toUpperCase());

/** The severity of a score, given where low, medium, high and critical begin. */
export function severityOfScore(score: number, begins: readonly [number, number, number, number]): Severity {
  const [low, medium, high, critical] = begins;
  if (score >= critical) return "critical";
  if (score >= high) return "high";
  if (score >= medium) return "medium";
  return score >= low ? "low" : "info";
}
