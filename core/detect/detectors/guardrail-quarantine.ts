import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { parsePolicy } from "../../iam/policy.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Detector, Seen } from "../detector.ts";
import { type Fact, factKey } from "../facts/fact.ts";
import type { Severity } from "../finding.ts";
import { fieldOf, guardRailDetector, type Weakened } from "../guard-rails/guard-rail.ts";
import { isQuarantineInline, isQuarantineTag, quarantinePolicy } from "../guard-rails/quarantine-mark.ts";
import { isOneself } from "../oneself.ts";
import { type Touched, touchedBy } from "../touched.ts";

/** Finds a quarantine that is undone: the deny taken off, the marks removed, the sessions let in again. */
export const guardrailQuarantine = (iam: IamTables): Detector =>
  guardRailDetector(iam, {
    id: "guardrail-quarantine",
    version: "1",
    title: "A quarantine was taken off",
    maturity: "incubating",
    attack: ["T1562.001", "T1098"],
    controls: { nistCsf: ["RS.MI-01", "DE.CM-09", "PR.AA-05"], nistAiRmf: ["MANAGE 2.4", "MANAGE 4.1"] },
    watches: [
      calls(
        "iam:DeleteGroupPolicy",
        "iam:DeleteRolePermissionsBoundary",
        "iam:DeleteRolePolicy",
        "iam:DeleteUserPermissionsBoundary",
        "iam:DeleteUserPolicy",
        "iam:DetachGroupPolicy",
        "iam:DetachRolePolicy",
        "iam:DetachUserPolicy",
        "iam:PutRolePermissionsBoundary",
        "iam:PutRolePolicy",
        "iam:PutUserPermissionsBoundary",
        "iam:PutUserPolicy",
        "iam:UntagRole",
        "iam:UntagUser",
      ),
    ],
    falsePositives: [
      "A release that was approved: declare the releasing function as a deployment with an envelope",
      "A leaked key was replaced, and AWS's own quarantine is taken off as AWS asks",
    ],
    triage: [
      "Look in the ledger whether a release of this principal was approved",
      "If not, contain the principal again, and whoever took the quarantine off as well",
      "Look at what the principal did between the two",
    ],
    references: [
      "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSCompromisedKeyQuarantineV3.html",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_revoke-sessions.html",
      "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSDenyAll.html",
    ],
    wants: questions,
    weakenedBy,
  });

const boundaryCalls: ReadonlySet<string> = new Set([
  "iam:DeleteRolePermissionsBoundary",
  "iam:DeleteUserPermissionsBoundary",
  "iam:PutRolePermissionsBoundary",
  "iam:PutUserPermissionsBoundary",
]);

/** Only a boundary says nothing by the call itself. */
function questions(call: ApiCall): readonly Fact[] {
  const arn = boundaryCalls.has(call.api) ? touchedBy(call)?.arn : undefined;
  return arn === undefined ? [] : [{ kind: "identity", arn, before: { at: call.at, id: call.id } }];
}

function former(call: ApiCall, { facts }: Seen) {
  const [question] = questions(call);
  const answer = question === undefined ? undefined : facts.get(factKey(question));
  return answer?.kind === "identity" ? answer.identity : undefined;
}

/** What was taken off, and how bad that is by itself. */
interface Undone {
  readonly what: string;
  readonly severity: Severity;
  readonly path: string;
  readonly value: string;
}

function weakenedBy(call: ApiCall, seen: Seen): readonly Weakened[] {
  const undone = undoneBy(call, seen);
  const touched = touchedBy(call);
  if (undone === undefined || touched === undefined) return [];
  const arn = former(call, seen)?.arn ?? touched.arn;
  const self = arn !== undefined && isOneself(arn, call);
  const owner = arn === undefined ? undefined : seen.registry.byRole(arn);
  const whom = `${touched.kind} ${excerpt(touched.name)}${owner === undefined ? "" : ` of ${owner.name}`}`;
  return [
    {
      did: `${undone.what} was taken off ${whom}${self ? ", by itself" : ""}`,
      tried: `take ${undone.what.charAt(0).toLowerCase()}${undone.what.slice(1)} off ${whom}${self ? ", being that itself" : ""}`,
      severity: self ? graver(undone.severity) : undone.severity,
      confidence: "high",
      ...(arn === undefined ? {} : { resource: arn }),
      evidence: [fieldOf(call, undone.path, undone.value), named(call, touched)],
    },
  ];
}

const named = (call: ApiCall, { path, name }: Touched) => fieldOf(call, path, name);

/** Whoever frees itself knows that it was contained. */
const graver = (severity: Severity): Severity => (severity === "high" ? "critical" : "high");

function undoneBy(call: ApiCall, seen: Seen): Undone | undefined {
  const { api, request } = call;
  switch (api) {
    case "iam:UntagRole":
    case "iam:UntagUser": {
      const key = list(request["tagKeys"]).map(text).find(isQuarantineTag);
      const what = "The mark of its quarantine";
      return key === undefined
        ? undefined
        : { what, severity: "medium", path: "requestParameters.tagKeys", value: key };
    }
    case "iam:DetachGroupPolicy":
    case "iam:DetachRolePolicy":
    case "iam:DetachUserPolicy":
      return detached(text(request["policyArn"]));
    case "iam:DeleteGroupPolicy":
    case "iam:DeleteRolePolicy":
    case "iam:DeleteUserPolicy":
    case "iam:PutRolePolicy":
    case "iam:PutUserPolicy": {
      const value = text(request["policyName"]);
      if (!isQuarantineInline(value) || stillDenies(call)) return undefined;
      return {
        what: "An inline policy of its quarantine",
        severity: "high",
        path: "requestParameters.policyName",
        value,
      };
    }
    default: {
      const before = former(call, seen)?.boundary;
      if (before?.kind !== "policy" || quarantinePolicy(before.arn) === undefined) return undefined;
      if (quarantinePolicy(text(request["permissionsBoundary"])) !== undefined) return undefined;
      return {
        what: "The boundary that denies everything",
        severity: "high",
        path: "boundary before",
        value: before.arn,
      };
    }
  }
}

function detached(policy: string): Undone | undefined {
  const shared = { path: "requestParameters.policyArn", value: policy } as const;
  switch (quarantinePolicy(policy)) {
    case "deny-all":
      return { ...shared, what: "The policy that denies everything", severity: "high" };
    case "own":
      return { ...shared, what: "A policy of its quarantine", severity: "high" };
    case "aws-compromised-key":
      return { ...shared, what: "AWS's quarantine of a leaked key", severity: "medium" };
    case undefined:
      return undefined;
  }
}

/** A policy that is written under the name of a quarantine's and still denies is one. */
function stillDenies({ api, request }: ApiCall): boolean {
  if (!api.startsWith("iam:Put")) return false;
  const parsed = parsePolicy(request["policyDocument"]);
  return parsed.ok && parsed.document.statements.some(({ effect }) => effect === "Deny");
}
