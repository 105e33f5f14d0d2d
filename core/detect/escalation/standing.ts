import type { ApiCall } from "../../event/event.ts";
import { text } from "../../event/json.ts";
import type { Check } from "../../iam/authorisation.ts";
import type { IamTables } from "../../iam/tables.ts";
import { type CompiledEnvelope, compileEnvelope } from "../../identity/envelope/envelope.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import type { Workload } from "../../identity/workload.ts";
import { deploys, doubtAbout } from "../deployments/deploy.ts";
import type { Seen } from "../detector.ts";

/** What the manifest of whoever acts says of a call. */
export type Standing =
  | { readonly kind: "undeclared" }
  | { readonly kind: "inside"; readonly workload: Workload }
  /** A manifest names the actor, and does not speak of such calls. */
  | { readonly kind: "not-judged"; readonly workload: Workload; readonly because: string }
  /** A manifest names the role of a deployment, and nothing proves that it runs there: no better than undeclared. */
  | { readonly kind: "unproven"; readonly workload: Workload; readonly because: string }
  | { readonly kind: "outside"; readonly workload: Workload; readonly because: string };

/** Judges a call, and the roles that it hands over, against the envelope of whoever acts. Envelopes are compiled once. */
export function standingJudge(tables: IamTables): (seen: Seen, roles: readonly string[]) => Standing {
  const compiled = new WeakMap<Workload, CompiledEnvelope>();
  const envelopeOf = (workload: Workload): CompiledEnvelope => {
    const known = compiled.get(workload) ?? compileEnvelope(workload, workload.grants ?? [], tables);
    compiled.set(workload, known);
    return known;
  };
  return ({ event, attribution, workload }, roles) => {
    if (event.kind !== "api-call" || workload === undefined) return { kind: "undeclared" };
    const doubt = deploys(workload) ? doubtAbout(attribution) : undefined;
    if (doubt !== undefined) return { kind: "unproven", workload, because: doubt };
    const { api, partition, region, account = event.principal.account, outcome } = event;
    if (account === undefined) return { kind: "not-judged", workload, because: "the record names no account" };
    const checks = checksOf(event, account, roles, tables);
    const verdict = envelopeOf(workload).judge(
      { api, partition, region, account, outcome, ...(checks === undefined ? {} : { checks }) },
      event.at,
    );
    switch (verdict.kind) {
      case "inside":
        return { kind: "inside", workload };
      case "not-judged":
        return { kind: "not-judged", workload, because: verdict.because };
      case "outside":
        return outside(workload, verdict.breaches);
    }
  };
}

/**
 * The call is outside where its action, its resource or the role is: a wrong Region, model or origin is told by those who
 * judge behaviour, and gives nobody more rights.
 */
function outside(workload: Workload, breaches: readonly Breach[]): Standing {
  const because = breaches.flatMap((one) => said(one) ?? [])[0];
  if (because !== undefined) return { kind: "outside", workload, because };
  return workload.envelope.statements.length > 0
    ? { kind: "inside", workload }
    : { kind: "not-judged", workload, because: "its envelope declares no actions" };
}

/** What AWS checks for the call; the roles of instance profiles, which the record does not name, in place of none. */
function checksOf(
  call: ApiCall,
  account: string,
  roles: readonly string[],
  { authorise }: IamTables,
): readonly Check[] | undefined {
  const { name, region, partition, request: parameters } = call;
  const source = text(call.record["eventSource"]);
  const known = authorise({ source, name, parameters, account, region, partition });
  if (known.kind === "unknown") return undefined;
  return known.checks.map((check) =>
    check.action === "iam:PassRole" && check.resources.length === 0 && roles.length > 0
      ? { ...check, resources: roles }
      : check,
  );
}

function said(breach: Breach): string | undefined {
  switch (breach.kind) {
    case "action":
    case "resource":
      return `its envelope does not allow ${breach.action}`;
    case "grant-not-in-force":
      return `its grant for ${breach.action} is not in force`;
    case "region":
    case "model":
    case "secret":
    case "origin":
    case "session":
      return undefined;
  }
}
