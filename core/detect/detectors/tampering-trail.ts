import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, type Json, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { isArn } from "../../iam/arn.ts";
import { attempted, titled } from "../attempt.ts";
import { defineDetector } from "../detector.ts";
import type { Evidence, Severity } from "../finding.ts";
import { narrowingOf } from "../watch/trail-selectors.ts";

/** Finds the call after which CloudTrail records less than before, by what the call itself says. */
export const tamperingTrail = defineDetector({
  id: "tampering-trail",
  version: "1",
  title: "CloudTrail was switched off or records less",
  family: "tampering",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1562.008"],
  controls: {
    owaspNhi: ["NHI6:2025"],
    owaspAsi: ["ASI10"],
    nistCsf: ["PR.PS-04", "DE.CM-03", "DE.AE-03"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
    maestro: ["L5 Evaluation and Observability", "L6 Security and Compliance"],
  },
  watches: [
    calls(
      "cloudtrail:DeleteEventDataStore",
      "cloudtrail:DeleteTrail",
      "cloudtrail:PutEventSelectors",
      "cloudtrail:PutInsightSelectors",
      "cloudtrail:StopEventDataStoreIngestion",
      "cloudtrail:StopLogging",
      "cloudtrail:UpdateTrail",
    ),
  ],
  falsePositives: [
    "An account is being closed or moved to the trail of its organization",
    "A second trail is for data events only, on purpose",
    "Somebody tears down a test stack that had its own trail",
  ],
  triage: [
    "Find out whether another trail still records what this one no longer does",
    "Switch the trail on again, or restore its selectors, from the definition in your repository",
    "Read what the acting identity did just before and, from the other trails, what it did since",
  ],
  references: [
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.cloudtrail-stop/",
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.defense-evasion.cloudtrail-event-selectors/",
    "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-security-best-practices.html",
  ],
  wants: () => [],
  detect({ event }) {
    if (event.kind !== "api-call") return [];
    const worst = weakeningOf(event);
    if (worst === undefined) return [];
    const subject = subjectOf(event);
    return [
      {
        title: titled(worst.did, worst.tried, event.outcome),
        severity: attempted(event.outcome) && worst.severity !== "low" ? "medium" : worst.severity,
        confidence: "high",
        ...(subject.arn === undefined ? {} : { resource: subject.arn }),
        evidence: [...worst.evidence, ...subject.evidence],
      },
    ];
  },
});

interface Weakening {
  readonly severity: Severity;
  readonly did: string;
  readonly tried: string;
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

function weakeningOf(call: ApiCall): Weakening | undefined {
  const name = field(call, "eventName", call.name);
  switch (call.api) {
    case "cloudtrail:StopLogging":
      return { severity: "critical", did: "A trail was stopped", tried: "stop a trail", evidence: [name] };
    case "cloudtrail:DeleteTrail":
      return { severity: "critical", did: "A trail was deleted", tried: "delete a trail", evidence: [name] };
    case "cloudtrail:DeleteEventDataStore":
      return {
        severity: "high",
        did: "An event data store was deleted",
        tried: "delete an event data store",
        evidence: [name],
      };
    case "cloudtrail:StopEventDataStoreIngestion":
      return {
        severity: "high",
        did: "An event data store takes no more events",
        tried: "stop an event data store",
        evidence: [name],
      };
    case "cloudtrail:UpdateTrail":
      return updated(call);
    case "cloudtrail:PutEventSelectors":
      return narrowed(call);
    case "cloudtrail:PutInsightSelectors": {
      const selectors = call.request["insightSelectors"];
      if (!Array.isArray(selectors) || selectors.length > 0) return undefined;
      return {
        severity: "low",
        did: "CloudTrail Insights was switched off for a trail",
        tried: "switch CloudTrail Insights off",
        evidence: [field(call, "requestParameters.insightSelectors", selectors)],
      };
    }
    default:
      return undefined;
  }
}

/** What an update may take away, worst first. It does not say what was before, so a new bucket is only a hint. */
const losses: readonly (readonly [
  parameter: string,
  severity: Severity,
  lost: string,
  bad: (value: Json) => boolean,
])[] = [
  ["isMultiRegionTrail", "high", "no longer covers all Regions", (value) => value === false],
  ["isOrganizationTrail", "high", "no longer covers the organization", (value) => value === false],
  ["includeGlobalServiceEvents", "high", "no longer covers global services such as IAM", (value) => value === false],
  ["enableLogFileValidation", "high", "no longer proves its files with digests", (value) => value === false],
  ["s3BucketName", "medium", "may write to another bucket", (value) => typeof value === "string" && value !== ""],
];

function updated(call: ApiCall): Weakening | undefined {
  const found = losses.filter(([parameter, , , bad]) => {
    const value = call.request[parameter];
    return value !== undefined && bad(value);
  });
  const [worst, ...others] = found;
  if (worst === undefined) return undefined;
  const evidence = ([parameter]: (typeof losses)[number]): Evidence =>
    field(call, `requestParameters.${parameter}`, call.request[parameter]);
  return {
    severity: worst[1],
    did: `A trail was changed: it ${worst[2]}`,
    tried: `change a trail so that it ${worst[2]}`,
    evidence: [evidence(worst), ...others.map(evidence)],
  };
}

function narrowed(call: ApiCall): Weakening | undefined {
  if (call.requestOmitted)
    return {
      severity: "high",
      did: "A trail's selectors were changed by a call too large to be recorded",
      tried: "change a trail's selectors by a call too large to be recorded",
      evidence: [field(call, "requestParameters.omitted", true)],
    };
  const narrowing = narrowingOf(call.request);
  if (narrowing === undefined) return undefined;
  return {
    severity: narrowing.severity,
    did: `A trail was narrowed: ${narrowing.lost}`,
    tried: `narrow a trail: ${narrowing.lost}`,
    evidence: [field(call, `requestParameters.${narrowing.parameter}`, call.request[narrowing.parameter])],
  };
}

const field = (call: ApiCall, path: string, value: unknown): Evidence => ({
  kind: "field",
  eventID: call.id,
  path,
  value: excerpt(value),
});

/** The trail or store that the call names, by ARN; built where it was named by its name. */
function subjectOf(call: ApiCall): { readonly arn?: string; readonly evidence: readonly Evidence[] } {
  for (const parameter of ["name", "trailName", "eventDataStore"]) {
    const name = text(call.request[parameter]);
    if (name === "") continue;
    const evidence = [field(call, `requestParameters.${parameter}`, name)];
    const answered = text(fields(call.response)["trailARN"]);
    if (isArn(answered) || isArn(name)) return { arn: isArn(answered) ? answered : name, evidence };
    const plain = call.account !== undefined && /^[\w.-]{3,128}$/.test(name);
    const kind = parameter === "eventDataStore" ? "eventdatastore" : "trail";
    return plain
      ? { arn: `arn:${call.partition}:cloudtrail:${call.region}:${call.account}:${kind}/${name}`, evidence }
      : { evidence };
  }
  return { evidence: [] };
}
