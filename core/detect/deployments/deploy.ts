import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import type { Check } from "../../iam/authorisation.ts";
import { type CompiledPolicy, compilePolicies, verdictOf } from "../../iam/compiled-policy.ts";
import type { Context } from "../../iam/context.ts";
import { parsePolicy } from "../../iam/policy.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Seen } from "../detector.ts";
import { type Severity, severities } from "../finding.ts";

/** What the envelope of a declared deployment or pipeline says of a change that it made. `because` is one clause for people. */
export type DeploymentVerdict =
  /** Every check is allowed by its statements or by a grant in force: it may be judged more mildly. */
  | { readonly kind: "inside"; readonly workload: string; readonly because: string }
  /** `beyond`: the checks that nothing declared allows. It is to be judged more severely. */
  | {
      readonly kind: "outside";
      readonly workload: string;
      readonly because: string;
      readonly beyond: readonly [Check, ...Check[]];
    }
  /** A manifest names the actor and nothing proves the chain, or the envelope does not speak of such calls: nothing changes. */
  | { readonly kind: "not-proven" | "not-judged"; readonly workload: string; readonly because: string }
  /** The actor is no declared deployment or pipeline, whatever its user agent calls itself. */
  | { readonly kind: "no-deployment" };

/** Judges the call of `seen`; `checks` stand in for what AWS checks for the call itself, such as what it grants to others. */
export type JudgeDeployment = (seen: Seen, checks?: readonly Check[]) => DeploymentVerdict;

/**
 * Judges what deployments change against their own envelopes; envelopes are compiled once. A client that looks like
 * Terraform or CloudFormation proves nothing and is not looked at: what counts is a claim that AWS asserted or an issuing
 * call linked, with somebody known at the far end of the chain.
 */
export function deploymentJudge(tables: IamTables): JudgeDeployment {
  const judge = envelopeJudge(tables);
  return (seen, given) =>
    seen.workload === undefined || !deploys(seen.workload) ? { kind: "no-deployment" } : judge(seen, given);
}

/** The same for a declared workload of any class: whether its own envelope covers the call. */
export function envelopeJudge({ table, authorise }: IamTables): JudgeDeployment {
  const compiled = new WeakMap<readonly unknown[], CompiledPolicy | "unreadable">();
  const policyOf = (statements: readonly unknown[]): CompiledPolicy | "unreadable" => {
    const known = compiled.get(statements);
    if (known !== undefined) return known;
    const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements });
    const made = parsed.ok ? compilePolicies([parsed.document]) : "unreadable";
    compiled.set(statements, made);
    return made;
  };
  return ({ event, attribution, workload }, given) => {
    if (event.kind !== "api-call" || workload === undefined) return { kind: "no-deployment" };
    const { name } = workload;
    const doubt = doubtAbout(attribution);
    if (doubt !== undefined) return { kind: "not-proven", workload: name, because: doubt };
    const inForce = (workload.grants ?? []).filter(({ from, until }) => from <= event.at && event.at < until);
    const declared = [workload.envelope.statements, ...inForce.map(({ statements }) => statements)];
    const policies = declared.filter((one) => one.length > 0).map(policyOf);
    const checks = given ?? checksOf(event, authorise);
    const silence =
      policies.length === 0
        ? "its envelope says nothing about actions"
        : policies.includes("unreadable")
          ? "its envelope has a statement that cannot be read"
          : checks.length === 0
            ? "what AWS checks for this call is not known"
            : undefined;
    if (silence !== undefined) return { kind: "not-judged", workload: name, because: silence };
    const context = contextOfCall(event);
    const says = ({ action, resources }: Check, policy: CompiledPolicy, resource: string) =>
      verdictOf(policy, action, { resource, wildcardOnly: isWildcardOnly(action, resources), context });
    const isWildcardOnly = (action: string, resources: readonly string[]): boolean =>
      resources[0] === "*" && table.find(action)?.resources.length === 0;
    const readable = policies.filter((one) => one !== "unreadable");
    const beyond = checks.filter((check) =>
      // A record that does not say which resource is judged by the action alone.
      (check.resources.length === 0 ? ["*"] : check.resources).some((resource) => {
        const said = readable.map((policy) => says(check, policy, resource));
        return said.includes("denied") || !said.includes("allowed");
      }),
    );
    const [first, ...others] = beyond;
    return first === undefined
      ? { kind: "inside", workload: name, because: `the envelope of ${name} covers it (${workload.where})` }
      : {
          kind: "outside",
          workload: name,
          because: `the envelope of ${name} does not cover ${first.action}`,
          beyond: [first, ...others],
        };
  };
}

/** Inside its envelope a deployment's change goes to the case and pages nobody; outside it is a step graver, at least `medium`. */
export function atDeployment(severity: Severity, { kind }: DeploymentVerdict): Severity {
  const step = severities.indexOf(severity);
  switch (kind) {
    case "inside":
      return step <= severities.indexOf("low") ? "info" : "low";
    case "outside":
      return severities[Math.min(Math.max(step + 1, severities.indexOf("medium")), severities.length - 1)] ?? severity;
    case "not-proven":
    case "not-judged":
    case "no-deployment":
      return severity;
  }
}

/** The end of a title: who deployed, and what that changes; empty where nobody did. */
export function deployedBy(verdict: DeploymentVerdict): string {
  switch (verdict.kind) {
    case "no-deployment":
      return "";
    case "inside":
    case "outside":
      return `; ${verdict.because}`;
    case "not-proven":
    case "not-judged":
      return `; it is not excused as a deployment of ${verdict.workload}: ${verdict.because}`;
  }
}

export const deploys = ({ class: kind }: Workload): boolean => kind === "deployment" || kind === "pipeline";

/** Why the chain does not prove who deployed, if it does not. */
export function doubtAbout(attribution: Attribution): string | undefined {
  if (attribution.kind !== "workload" || !attribution.declared) return "no manifest names who acted";
  if (attribution.class !== "asserted" && attribution.class !== "linked")
    return "a manifest names the role, and nothing proves what runs in it";
  if (attribution.confidence !== "high") return `its attribution has ${attribution.confidence} confidence`;
  return attribution.root.kind === "unknown" ? "nobody is known at the far end of its chain" : undefined;
}

function checksOf(call: ApiCall, authorise: IamTables["authorise"]): readonly Check[] {
  const account = call.account ?? call.principal.account;
  if (account === undefined) return [];
  const { name, region, partition, request: parameters } = call;
  const source = text(call.record["eventSource"]);
  const answer = authorise({ source, name, parameters, account, region, partition });
  return answer.kind === "known" ? answer.checks : [];
}

/** What AWS tells an envelope's conditions about such a call. */
function contextOfCall({ request, region, principal, account }: ApiCall): Context {
  const told: Readonly<Record<string, string>> = {
    "aws:requestedregion": region,
    "aws:principalaccount": principal.account ?? "",
    "aws:principalarn": principal.kind === "assumed-role" ? principal.role : (principal.arn ?? ""),
    "aws:resourceaccount": account ?? "",
    "iam:policyarn": text(request["policyArn"]),
    "iam:permissionsboundary": text(request["permissionsBoundary"]),
  };
  return (key) => (Object.hasOwn(told, key) && told[key] !== "" ? told[key] : undefined);
}
