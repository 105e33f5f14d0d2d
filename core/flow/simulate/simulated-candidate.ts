import type { Severity } from "../../detect/finding.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import type { AccessReason, Layer } from "../../iam/evaluate.ts";
import type { Judged, SeenCalls } from "./simulated-calls.ts";
import { type Containment, containmentJudge } from "./simulated-containment.ts";
import { means } from "./simulated-holder.ts";
import { type CallVerdict, type PolicyCandidate, policyJudge } from "./simulated-policy.ts";

/** How a candidate is asked about calls. */
export interface CallJudge {
  concerns(calls: SeenCalls): boolean;
  judge(calls: SeenCalls): Judged;
}

/** A policy or a boundary for those whom names or ARNs mean. */
export function holdersJudge(
  candidate: Extract<PolicyCandidate, { kind: "policy" | "boundary" }>,
  holders: readonly string[],
  table: ActionTable,
): CallJudge {
  const judge = policyJudge(candidate, table);
  return {
    concerns: ({ principal, attribution }) => holders.some((who) => means(who, principal, attribution)),
    judge: (calls) => judged(judge(calls.conduct, calls.principal), calls),
  };
}

/** An organization's policies over one account, or over all that the records show. */
export function controlsJudge(
  candidate: Extract<PolicyCandidate, { kind: "scp" }>,
  account: string | undefined,
  table: ActionTable,
): CallJudge {
  const judge = policyJudge(candidate, table);
  return {
    concerns: ({ principal, conduct }) => account === undefined || (principal.account ?? conduct.account) === account,
    judge: (calls) => judged(judge(calls.conduct, calls.principal), calls),
  };
}

/** A containment of those whom it names. */
export function contained(containment: Containment, table: ActionTable): CallJudge {
  const judge = containmentJudge(containment, table);
  return {
    concerns: ({ conduct, principal }) => judge(conduct, principal) !== undefined,
    judge: (calls) => judged(judge(calls.conduct, calls.principal) ?? { kind: "allowed" }, calls),
  };
}

function judged(verdict: CallVerdict, { attribution }: SeenCalls): Judged {
  switch (verdict.kind) {
    case "allowed":
      return { kind: "unchanged" };
    case "not-judged":
      return { kind: "not-judged", because: silences[verdict.because] };
    case "denied": {
      const { action, resource, because } = verdict;
      const declared = attribution.kind === "workload" && attribution.declared;
      // A declared workload is known to need what it does: it would stop working.
      const severity: Severity = declared ? "high" : "medium";
      return {
        kind: "denied",
        severity,
        action,
        ...(resource === undefined ? {} : { resource }),
        because: reasonSaid(because),
      };
    }
    case "depends": {
      const { action, resource, on } = verdict;
      const because = on.length === 0 ? "depends on which resource it was" : `depends on ${on.join(", ")}`;
      return { kind: "depends", severity: "info", action, ...(resource === undefined ? {} : { resource }), because };
    }
  }
}

const silences: Readonly<Record<Extract<CallVerdict, { kind: "not-judged" }>["because"], string>> = {
  "unknown-action": "nobody knows which IAM action AWS checks for it",
  "no-policy-asked": "AWS asks no policy about it",
};

const layers: Readonly<Record<Layer, string>> = {
  identityPolicies: "the policy",
  permissionBoundaries: "the boundary",
  sessionPolicy: "the session policy",
  resourcePolicy: "the resource's policy",
  serviceControlPolicies: "the service control policy",
  resourceControlPolicies: "the resource control policy",
};

function reasonSaid(reason: AccessReason): string {
  switch (reason.kind) {
    case "rule":
      return reason.because;
    case "nothing-allows":
      return `${layers[reason.layer]} does not allow it`;
    case "statement":
      return `${layers[reason.layer]} denies it (${reason.sid === undefined ? `statement ${reason.statement + 1}` : `statement ${reason.sid}`})`;
  }
}
