import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { isPolicyArn, type PolicyArn, parseArn } from "../../iam/arn.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import { grantsEverything, parsePolicy } from "../../iam/policy.ts";
import { attempted, graded, titled } from "../attempt.ts";
import { defineDetector, type Seen } from "../detector.ts";
import { type Fact, factKey } from "../fact.ts";
import type { Detection, Evidence, Severity } from "../finding.ts";
import { type Touched, touchedBy } from "../touched.ts";

/** Finds the IAM write after which somebody may do everything, or which was too large for anybody to see what it does. */
export const driftAdminGrant = defineDetector({
  id: "drift-admin-grant",
  version: "1",
  title: "A principal was given every permission",
  family: "privilege-drift",
  maturity: "stable",
  needsDeclarations: false,
  attack: ["T1098", "T1098.003"],
  controls: {
    owaspNhi: ["NHI5:2025"],
    owaspAsi: ["ASI03"],
    nistCsf: ["PR.AA-05", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
    maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
  },
  watches: [
    calls(
      "iam:AttachGroupPolicy",
      "iam:AttachRolePolicy",
      "iam:AttachUserPolicy",
      "iam:CreatePolicy",
      "iam:CreatePolicyVersion",
      "iam:PutGroupPolicy",
      "iam:PutRolePolicy",
      "iam:PutUserPolicy",
      "iam:SetDefaultPolicyVersion",
    ),
  ],
  falsePositives: [
    "A platform team sets up a new account or a break-glass role",
    "Infrastructure as code that manages an administrator role on purpose",
  ],
  triage: [
    "Ask the owner of the acting identity whether this change was planned, and where it was reviewed",
    "Look at what the touched principal did after the change: new keys, roles assumed, secrets read",
    "If nobody planned it, contain the touched principal, then take the policy off",
  ],
  references: [
    "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
    "https://stratus-red-team.cloud/attack-techniques/AWS/aws.persistence.iam-create-admin-user/",
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/access_policies_job-functions.html",
  ],
  wants: (event) => (event.kind === "api-call" ? questionsOf(event) : []),
  detect(seen) {
    const { event } = seen;
    if (event.kind !== "api-call") return [];
    const touched = touchedBy(event);
    const resource = touched?.arn === undefined ? {} : { resource: touched.arn };
    if (event.requestOmitted) return [{ ...tooLarge(event), ...resource }];
    const grant = touched === undefined ? undefined : grantOf(seen, event);
    if (touched === undefined || grant === undefined) return [];
    const [did, tried] = titles(grant.reach, kinds[touched.kind]);
    return [
      {
        title: titled(did, tried, event.outcome),
        severity: graded(severityOf(grant, seen), event.outcome),
        confidence: "high",
        ...resource,
        evidence: [
          ...grant.evidence,
          { kind: "field", eventID: event.id, path: touched.path, value: excerpt(touched.name) },
          { kind: "grant", action: "*", resource: "*" },
        ],
      },
    ];
  },
});

/** How far a grant reaches: somebody has it now, all who have the policy have it now, or nobody has it yet. */
interface Grant {
  readonly reach: "attached" | "in-use" | "prepared";
  readonly evidence: readonly [Evidence, ...Evidence[]];
}

const kinds: Readonly<Record<Touched["kind"], string>> = {
  role: "a role",
  user: "a user",
  group: "a group",
  policy: "a policy",
};

function titles(reach: Grant["reach"], what: string): readonly [did: string, tried: string] {
  switch (reach) {
    case "attached":
      return [`A${what.slice(1)} was given every permission`, `give ${what} every permission`];
    case "in-use":
      return ["A policy now grants every permission to all who have it", "make a policy grant every permission"];
    case "prepared":
      return ["A policy that grants every permission was written", "write a policy that grants every permission"];
  }
}

function grantOf({ facts }: Seen, call: ApiCall): Grant | undefined {
  const { api, request, id } = call;
  const policy = text(request["policyArn"]);
  if (writes.has(api)) {
    const parsed = parsePolicy(request["policyDocument"]);
    if (!parsed.ok || !grantsEverything(parsed.document)) return undefined;
    const path = "requestParameters.policyDocument";
    return { reach: reachOf(call), evidence: [{ kind: "field", eventID: id, path, value: excerpt(raw(call)) }] };
  }
  const named = { kind: "field", eventID: id, path: "requestParameters.policyArn", value: excerpt(policy) } as const;
  if (isAdministratorAccess(policy)) return { reach: "attached", evidence: [named] };
  const reach = api === "iam:SetDefaultPolicyVersion" ? "in-use" : "attached";
  return questionsOf(call).some((fact) => {
    const answer = facts.get(factKey(fact));
    return answer?.kind === "managed-policy" && grantsEverything(answer.document);
  })
    ? { reach, evidence: [named] }
    : undefined;
}

/** The calls that bring a document with them. */
const writes: ReadonlySet<ApiName> = new Set<ApiName>([
  "iam:CreatePolicy",
  "iam:CreatePolicyVersion",
  "iam:PutGroupPolicy",
  "iam:PutRolePolicy",
  "iam:PutUserPolicy",
]);

function reachOf({ api, request }: ApiCall): Grant["reach"] {
  if (api === "iam:CreatePolicy") return "prepared";
  if (api !== "iam:CreatePolicyVersion") return "attached";
  return request["setAsDefault"] === true || request["setAsDefault"] === "true" ? "in-use" : "prepared";
}

const raw = ({ request }: ApiCall): string =>
  text(request["policyDocument"]) || JSON.stringify(request["policyDocument"]);

/** Who may everything and was asked about by name; AWS's own policy has its name in every partition and no account. */
function isAdministratorAccess(policy: string): boolean {
  const arn = parseArn(policy);
  return arn?.service === "iam" && arn.account === "aws" && arn.resource === "policy/AdministratorAccess";
}

/** What an attached policy says is not in the event; AWS's own are never asked about, their names say it. */
function questionsOf({ api, request, at }: ApiCall): readonly Fact[] {
  const policy = text(request["policyArn"]);
  if (writes.has(api) || !isPolicyArn(policy) || parseArn(policy)?.account === "aws") return [];
  return [{ kind: "managed-policy", policy: policy satisfies PolicyArn, at }];
}

/** Worst when a workload does it: programs do not need administrators of their own making. */
function severityOf({ reach }: Grant, { attribution, workload }: Seen): Severity {
  if (reach === "prepared") return "medium";
  const deploys = workload?.class === "deployment" || workload?.class === "pipeline";
  return attribution.kind === "workload" && !deploys ? "critical" : "high";
}

const tooLarge = ({ id, name, outcome }: ApiCall): Detection => ({
  title: attempted(outcome)
    ? "Somebody tried an IAM change too large to be recorded"
    : "An IAM change was too large to be recorded: nobody can see what it grants",
  severity: graded("high", outcome),
  confidence: "medium",
  evidence: [
    { kind: "field", eventID: id, path: "requestParameters.omitted", value: excerpt("true") },
    { kind: "field", eventID: id, path: "eventName", value: excerpt(name) },
  ],
});
