import type { ApiCall, Outcome } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Confidence } from "../../identity/attribution.ts";
import { attempted, graded, titled } from "../attempt.ts";
import { changeJudge } from "../deployments/judged-change.ts";
import { type Detector, defineDetector } from "../detector.ts";
import { atLeast, type Detection, type Evidence, type Severity, severities } from "../finding.ts";
import { levelSaid } from "../grants/privilege-level.ts";
import { builtArn } from "../touched.ts";
import { shownRow, type TrustChange, trustChange, trustQuestion } from "../trust/trust-change.ts";
import { gravity, isBadByItself, type Opening } from "../trust/trust-opening.ts";

/** Finds the trust policy that lets somebody new assume a role: a stranger, another account, whoever wrote it. */
export const driftTrustWidened = (iam: IamTables): Detector => {
  const judge = changeJudge(iam);
  return defineDetector({
    id: "drift-trust-widened",
    version: "1",
    title: "A role lets in somebody new",
    family: "privilege-drift",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1098", "T1098.001", "T1199"],
    controls: {
      owaspNhi: ["NHI3:2025", "NHI5:2025"],
      owaspAsi: ["ASI03"],
      nistCsf: ["PR.AA-05", "DE.CM-09"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [calls("iam:CreateRole", "iam:UpdateAssumeRolePolicy")],
    falsePositives: [
      "A new vendor is let in before a manifest names its account",
      "A pipeline moves to another repository or environment",
      "A role is shared with an account of one's own that no manifest names",
    ],
    triage: [
      "Ask the owner of the role who the new principal is, and why it needs this role and no other",
      "Look for sessions of the role since the change: AssumeRole calls by the new principal, and what they did",
      "If nobody knows the principal, put the former trust policy back and revoke the role's sessions",
      "For a provider, ask for the audience and an exact subject; for a vendor, for an external id",
    ],
    references: [
      "https://hackingthe.cloud/aws/exploitation/Misconfigured_Resource-Based_Policies/misconfigured_iam_role_trust_policy/",
      "https://stratus-red-team.cloud/attack-techniques/AWS/aws.persistence.iam-backdoor-role/",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_create_for-idp_oidc.html",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/confused-deputy.html",
    ],
    wants(event) {
      const question = event.kind === "api-call" ? trustQuestion(event) : undefined;
      return question === undefined ? [] : [question];
    },
    detect(seen) {
      const { event } = seen;
      if (event.kind !== "api-call") return [];
      const change = trustChange(seen, event, iam);
      if (change === undefined) return unread(event);
      const found = change.openings.filter((one) => counts(one, change));
      const [gravest, ...others] = found;
      if (gravest === undefined) return [];
      const { arn = "" } = change.role;
      const { severity, because } = judge(seen, {
        severity: severityOf(found, change),
        ...(found.some((one) => isBadByItself(one.kind) && one.kind !== "oneself") ? { floor: "medium" } : {}),
        gained: found.map(({ row }) => ({ kind: "trust", role: arn, principal: row.principal })),
      });
      const also = new Set(others.map(({ who }) => who).filter((who) => who !== gravest.who)).size;
      return [
        {
          title: `${titleOf(gravest, change, event.outcome)}${also === 0 ? "" : ` and ${also} more`}${mightOf(change)}${because}`,
          severity: graded(severity, event.outcome),
          confidence: confidenceOf(gravest, change),
          ...(arn === "" ? {} : { resource: arn }),
          evidence: evidenceOf(event, change, [gravest, ...others]),
        },
      ];
    },
  });
};

/**
 * What is told of a role that is new, or whose policy before is not known, is what is bad whoever had it before: every role
 * lets somebody in. Of a declared role it is also whoever its manifest does not speak of; what runs in it, few manifests say.
 */
function counts({ kind }: Opening, { before, owner }: TrustChange): boolean {
  if (before.kind === "known") return true;
  if (isBadByItself(kind)) return before.kind !== "new-role" || kind !== "oneself";
  if (kind === "foreign-account-on-a-condition") return true;
  return owner !== undefined && kind !== "service";
}

function severityOf(found: readonly Opening[], change: TrustChange): Severity {
  const { owner, before } = change;
  return found
    .map(({ kind }): Severity => {
      const { undeclared, declared } = gravity[kind];
      if (owner === undefined)
        // Nobody has used a new role yet, and it may still be given nothing.
        return before.kind === "new-role" && kind === "foreign-account"
          ? "medium"
          : isMighty(change) && raised.has(kind)
            ? stepUp(undeclared)
            : undeclared;
      return declared;
    })
    .reduce((worst, one) => (atLeast(one, worst) ? one : worst), "info");
}

/** The end of a title, where the role is worth being let in. */
const mightOf = (change: TrustChange): string =>
  change.level !== undefined && isMighty(change) ? `; the role ${levelSaid(change.level)}` : "";

/** Who gains most by a mighty role: whoever lets itself in, and strangers whom a condition lets in. */
const raised: ReadonlySet<Opening["kind"]> = new Set([
  "oneself",
  "everybody-on-a-condition",
  "foreign-account-on-a-condition",
  "provider-loosely",
]);

const isMighty = ({ level }: TrustChange): boolean => level?.kind === "administrator" || level?.kind === "escalates";

const stepUp = (severity: Severity): Severity => severities[severities.indexOf(severity) + 1] ?? severity;

const confidenceOf = ({ kind }: Opening, { before }: TrustChange): Confidence =>
  before.kind !== "unknown" ? "high" : isBadByItself(kind) ? "medium" : "low";

function titleOf({ who: whom, row }: Opening, { role, before, owner }: TrustChange, outcome: Outcome): string {
  const who = row.dropped === undefined ? whom : `${whom}; ${row.dropped.join(" and ")} is no longer asked for`;
  const name = excerpt(role.name);
  const whose = owner === undefined ? "" : ` of ${owner.name}`;
  switch (before.kind) {
    case "new-role":
      return titled(
        `A new role ${name}${whose} lets in ${excerpt(who)}`,
        `make role ${name} for ${excerpt(who)}`,
        outcome,
      );
    case "known":
      return titled(`Role ${name}${whose} now lets in ${excerpt(who)}`, `let role ${name} in ${excerpt(who)}`, outcome);
    case "unknown":
      return titled(
        `Role ${name}${whose} lets in ${excerpt(who)}; what it said before is not known`,
        `have role ${name} let in ${excerpt(who)}`,
        outcome,
      );
  }
}

const mostShown = 8;

function evidenceOf(
  { id }: ApiCall,
  { role, path, before }: TrustChange,
  found: readonly [Opening, ...Opening[]],
): Detection["evidence"] {
  const field = (where: string, value: string): Evidence => ({
    kind: "field",
    eventID: id,
    path: where,
    value: excerpt(value),
  });
  return [
    field("requestParameters.roleName", role.name),
    ...found.slice(0, mostShown).map(({ row }) => field(path, shownRow(row))),
    ...(found.length > mostShown
      ? [{ kind: "count", what: "principals and actions", count: found.length } as const]
      : []),
    ...(before.kind === "unknown" ? [field("trust before", `not known: ${before.because}`)] : []),
    ...(role.arn === undefined ? [] : [{ kind: "grant", action: "sts:AssumeRole", resource: role.arn } as const]),
  ];
}

/** A change whose document is not in the record: an attempt, as a rule; what was written cannot be judged. */
function unread(call: ApiCall): readonly Detection[] {
  if (call.api !== "iam:UpdateAssumeRolePolicy" && !call.requestOmitted) return [];
  const name = text(call.request["roleName"]);
  const resource = name === "" ? undefined : builtArn(call, "role", name);
  const { id, outcome } = call;
  return [
    {
      title: attempted(outcome)
        ? "Somebody tried to change who may assume a role"
        : "Who may assume a role was changed, and the record does not show how",
      severity: graded(call.requestOmitted ? "high" : "medium", outcome),
      confidence: "low",
      ...(resource === undefined ? {} : { resource }),
      evidence: [{ kind: "field", eventID: id, path: "eventName", value: excerpt(call.name) }],
    },
  ];
}
