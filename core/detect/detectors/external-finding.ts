import type { ReportedFinding, SecurityFinding } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { isArn } from "../../iam/arn.ts";
import { atLeast, type Evidence, type Severity, severities } from "../finding.ts";
import { defineWindowDetector, type SeenMark, type Span, type WindowDetection } from "../windows/windowed.ts";

const day = 86_400_000;

/** Takes in what GuardDuty, Access Analyzer, Security Hub and AWS Health found, once for each of their findings and day. */
export const externalFinding = defineWindowDetector({
  id: "external-finding",
  version: "1",
  title: "Another product of AWS found something about an identity",
  family: "external",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1078.004"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI5:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["DE.AE-03", "DE.AE-07"],
    nistAiRmf: ["MEASURE 2.7"],
    maestro: ["L5 Evaluation and Observability", "L6 Security and Compliance"],
  },
  watches: [
    { kind: "envelopes", source: "aws.guardduty", detailTypes: ["GuardDuty Finding"] },
    {
      kind: "envelopes",
      source: "aws.access-analyzer",
      detailTypes: ["Access Analyzer Finding", "Internal Access Finding", "Unused Access Finding for IAM entities"],
    },
    {
      kind: "envelopes",
      source: "aws.securityhub",
      detailTypes: [
        "Findings Imported V2",
        "Security Hub Findings - Custom Action",
        "Security Hub Findings - Imported",
      ],
    },
    { kind: "envelopes", source: "aws.health", detailTypes: ["AWS Health Abuse Event", "AWS Health Event"] },
  ],
  falsePositives: [
    "The other product is wrong, or its finding is known and was not archived there",
    "A check of how things are set up fails on purpose in a test account",
  ],
  triage: [
    "Read the finding in the product that made it: it knows more than its event says",
    "Read the other findings of this case: they are about the same identity",
    "Archive or suppress it there when it is expected; it is then quiet here as well",
  ],
  references: [
    "https://docs.aws.amazon.com/guardduty/latest/ug/guardduty_findings_eventbridge.html",
    "https://docs.aws.amazon.com/securityhub/latest/userguide/securityhub-cwe-event-formats.html",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access-analyzer-eventbridge.html",
  ],
  size: day,
  wants: () => [],
  marks({ event }) {
    if (event.kind !== "security-finding") return [];
    return event.findings
      .filter((one) => one.open && concerns(event, one))
      .map((one): SeenMark => {
        const said: Said = {
          product: names[event.product],
          severity: severityOf(one),
          type: excerpt(one.type),
          title: excerpt(one.title),
          resource: excerpt(one.resources.find(isArn) ?? one.resources[0] ?? event.account ?? ""),
          // An update is told by its event; delivered again it is the same.
          event: event.id,
        };
        return { subject: JSON.stringify([event.account ?? "", lastingId(one.id)]), member: JSON.stringify(said) };
      });
  },
  begins: () => true,
  judge,
});

interface Said {
  readonly product: string;
  readonly severity: Severity;
  readonly type: string;
  readonly title: string;
  readonly resource: string;
  readonly event: string;
}

const names: Readonly<Record<SecurityFinding["product"], string>> = {
  guardduty: "GuardDuty",
  "access-analyzer": "Access Analyzer",
  "security-hub": "Security Hub",
  health: "AWS Health",
};

/** Health tells of maintenance all day; leaked credentials and abuse are what counts here. */
const concerns = ({ product }: SecurityFinding, { severity }: ReportedFinding): boolean =>
  product !== "health" || atLeast(severity, "high");

/** A failed check says how things are set up, not that somebody did something. */
function severityOf({ type, severity }: ReportedFinding): Severity {
  return type.startsWith("Software and Configuration Checks") && atLeast(severity, "low") ? "low" : severity;
}

/** Security Hub takes in the others' findings under their ARN, which ends with the id that their own events have. */
function lastingId(id: string): string {
  const place = id.lastIndexOf("/finding/");
  return id.startsWith("arn:") && place >= 0 ? id.slice(place + "/finding/".length) : id;
}

function judge({ marks }: Span): WindowDetection {
  const all = marks.map(({ member, eventID }) => ({ ...(JSON.parse(member) as Said), eventID }));
  const worst = all.reduce((one, other) =>
    severities.indexOf(other.severity) > severities.indexOf(one.severity) ? other : one,
  );
  const { product, type, title, severity, resource, eventID } = worst;
  const field = (path: string, value: string): Evidence => ({ kind: "field", eventID, path, value: excerpt(value) });
  const also = [...new Set(all.map((one) => one.product))].filter((one) => one !== product);
  const said = title === "" ? type : title.startsWith(`${product}: `) ? title.slice(product.length + 2) : title;
  return {
    title: `${[product, ...also].join(" and ")}: ${said}`,
    severity,
    confidence: "medium",
    ...(resource === "" ? {} : { resource }),
    evidence: [
      field("detail.type", type),
      ...(all.length === 1 ? [] : [{ kind: "count", what: "times it was reported", count: all.length } as const]),
    ],
    marks,
  };
}
