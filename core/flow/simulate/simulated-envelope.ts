import type { Severity } from "../../detect/finding.ts";
import { gravityOf } from "../../detect/grants/grant-gravity.ts";
import { printInstant } from "../../event/instant.ts";
import type { IamTables } from "../../iam/tables.ts";
import { type CompiledEnvelope, compileEnvelope } from "../../identity/envelope/envelope.ts";
import type { Breach } from "../../identity/envelope/envelope-verdict.ts";
import type { Registry, Workload } from "../../identity/workload.ts";
import type { Judged, SeenCalls } from "./simulated-calls.ts";

/** Judges every call of a declared workload by the envelope and the grants that its manifest declares. */
export function envelopeJudge(registry: Registry, tables: IamTables): (calls: SeenCalls) => Judged {
  const compiled = new Map<Workload, CompiledEnvelope>();
  const escalating = new Set(tables.paths.flatMap(({ actions }) => actions.map((one) => one.toLowerCase())));
  return ({ attribution, conduct, first, last }) => {
    const workload = declaredBy(attribution, registry);
    if (workload === undefined) return { kind: "not-judged", because: "no manifest declares who made it" };
    const envelope = compiled.get(workload) ?? compileEnvelope(workload, workload.grants ?? [], tables);
    compiled.set(workload, envelope);
    // A grant may begin or end between two calls of one day.
    const verdicts = [envelope.judge(conduct, first), envelope.judge(conduct, last)];
    const outside = verdicts.find((one) => one.kind === "outside");
    if (outside === undefined) {
      const silent = verdicts.find((one) => one.kind === "not-judged");
      return silent === undefined ? { kind: "unchanged" } : { kind: "not-judged", because: silent.because };
    }
    const [breach] = outside.breaches;
    const action = "action" in breach ? breach.action : (conduct.checks?.[0]?.action ?? conduct.api);
    const resource = "resource" in breach ? breach.resource : conduct.checks?.[0]?.resources[0];
    return {
      kind: "outside",
      severity: escalating.has(action.toLowerCase()) ? "high" : severityOf[gravityOf(action, tables.table)],
      action,
      ...(resource === undefined || resource === "*" ? {} : { resource }),
      because: breachSaid(breach),
    };
  };
}

/** Of a call that a declared workload made: what it was good for says how grave it is that nobody declared it. */
const severityOf = { credential: "high", data: "medium", change: "medium", look: "low" } as const satisfies Readonly<
  Record<ReturnType<typeof gravityOf>, Severity>
>;

const declaredBy = (attribution: SeenCalls["attribution"], registry: Registry): Workload | undefined =>
  attribution.kind === "workload" && attribution.declared ? registry.named(attribution.id) : undefined;

/** A breach as one clause, without names that differ from call to call. */
function breachSaid(breach: Breach): string {
  switch (breach.kind) {
    case "action":
      return `the envelope does not allow ${breach.action}`;
    case "resource":
      return `the envelope allows ${breach.action} on other resources only`;
    case "region":
      return `the envelope does not allow ${breach.region}`;
    case "model":
      return `the envelope does not allow the model ${breach.model}`;
    case "secret":
      return "the envelope does not list the secret";
    case "origin":
      return "the envelope does not allow where it came from";
    case "session":
      return `the envelope allows sessions of ${breach.limit} s, and ${breach.seconds} s were asked for`;
    case "grant-not-in-force":
      return `the grant ${breach.grant.id} is in force from ${printInstant(breach.grant.from)} until ${printInstant(breach.grant.until)} only`;
  }
}
