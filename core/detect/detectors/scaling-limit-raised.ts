import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { at, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { attempted, graded, titled } from "../attempt.ts";
import type { AcceleratorTable } from "../capacity/accelerator.ts";
import { quotaOf } from "../capacity/accelerator-quotas.ts";
import { type Detector, defineDetector, type Seen } from "../detector.ts";
import type { Detection, Evidence, Severity } from "../finding.ts";

/** Finds requests for more capacity than an account has so far: quotas of accelerated instances and of models, and new Regions. */
export const scalingLimitRaised = (table: AcceleratorTable): Detector =>
  defineDetector({
    id: "scaling-limit-raised",
    version: "1",
    title: "More accelerators, models or Regions were asked for than the account may use",
    family: "gpu-scaling",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1578.005", "T1535", "T1496.001"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02"],
      nistCsf: ["DE.CM-09", "ID.AM-08"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 4.1"],
      maestro: ["L4 Deployment and Infrastructure"],
    },
    watches: [
      calls(
        "account:EnableRegion",
        "servicequotas:PutServiceQuotaIncreaseRequestIntoTemplate",
        "servicequotas:RequestServiceQuotaIncrease",
        "support:CreateCase",
      ),
    ],
    falsePositives: [
      "A platform team prepares a training run, and asks for quota from its pipeline",
      "An account is set up for a new Region by a landing zone's own role",
    ],
    triage: [
      "Ask the owner of the identity which work needs this, and who approved it",
      "See what the same identity called before and after: launches that failed for a quota, other Regions, new credentials",
      "If nobody planned it, withdraw the request in Service Quotas, or disable the Region, and contain the identity",
    ],
    references: [
      "https://attack.mitre.org/techniques/T1578/005/",
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/ec2-on-demand-instances.html",
      "https://docs.aws.amazon.com/servicequotas/latest/userguide/logging-using-cloudtrail.html",
      "https://docs.aws.amazon.com/accounts/latest/reference/manage-acct-regions.html",
    ],
    wants: () => [],
    detect(seen) {
      const { event } = seen;
      const raised = event.kind === "api-call" ? raisedBy(event, table) : undefined;
      if (event.kind !== "api-call" || raised === undefined) return [];
      const severity = severityFor(seen, raised);
      return severity === undefined ? [] : [detectionOf(event, seen, raised, severity)];
    },
  });

interface Raised {
  readonly what: string;
  /** costly: accelerators, or a Region that nobody looks at. ordinary: the rest. */
  readonly weight: "costly" | "ordinary";
  readonly fields: readonly (readonly [path: string, value: unknown])[];
}

function raisedBy(call: ApiCall, table: AcceleratorTable): Raised | undefined {
  switch (call.api) {
    case "account:EnableRegion":
      return {
        what: "a Region that was switched off",
        weight: "costly",
        fields: [["requestParameters.regionName", text(call.request["regionName"])]],
      };
    case "support:CreateCase": {
      const service = text(call.request["serviceCode"]);
      if (!service.includes("limit-increase")) return undefined;
      return {
        what: "a higher limit, by a support case",
        weight: "ordinary",
        fields: [["requestParameters.serviceCode", service]],
      };
    }
    default:
      return quotaRaised(call, table);
  }
}

function quotaRaised(call: ApiCall, table: AcceleratorTable): Raised | undefined {
  const { request, response } = call;
  const asked = { service: text(request["serviceCode"]), code: text(request["quotaCode"]) };
  const name = text(at(response, "requestedQuota", "quotaName"));
  const quota = quotaOf({ ...asked, name }, table);
  if (quota === undefined) return undefined;
  return {
    what: `a higher quota of ${quota.what}`,
    weight: quota.accelerated ? "costly" : "ordinary",
    fields: [
      ["requestParameters.serviceCode", asked.service],
      ["requestParameters.quotaCode", asked.code],
      ["requestParameters.desiredValue", request["desiredValue"]],
      ["responseElements.requestedQuota.quotaName", name],
      ["requestParameters.awsRegion", request["awsRegion"]],
    ],
  };
}

/** People and deployments set accounts up; agents, jobs and strangers have no business with it. */
function severityFor({ attribution, workload }: Seen, { weight }: Raised): Severity | undefined {
  const costly = weight === "costly";
  if (workload !== undefined) {
    const deploys = workload.class === "deployment" || workload.class === "pipeline";
    if (deploys) return costly ? "low" : "info";
    return costly ? "high" : "medium";
  }
  switch (attribution.kind) {
    case "service":
      return undefined;
    case "person":
      return costly ? "low" : "info";
    case "workload":
    case "external":
    case "contested":
    case "unattributed":
      return costly ? "medium" : "low";
  }
}

function detectionOf(
  call: ApiCall,
  { workload, attribution }: Seen,
  { what, fields }: Raised,
  severity: Severity,
): Detection {
  const whose = workload === undefined ? "an identity that no manifest declares" : workload.name;
  const by = attribution.kind === "person" ? "a person" : whose;
  const evidence = fields.flatMap(([path, value]): readonly Evidence[] =>
    value === undefined || value === "" ? [] : [{ kind: "field", eventID: call.id, path, value: excerpt(value) }],
  );
  return {
    title: titled(`${by} asked for ${what}`, `get ${what}: ${by}`, call.outcome),
    severity: graded(severity, call.outcome),
    confidence: attribution.confidence,
    evidence: [
      { kind: "field", eventID: call.id, path: "awsRegion", value: excerpt(call.region) },
      ...evidence,
      ...(attempted(call.outcome) && call.errorCode !== undefined
        ? [{ kind: "field", eventID: call.id, path: "errorCode", value: excerpt(call.errorCode) } as const]
        : []),
    ],
  };
}
