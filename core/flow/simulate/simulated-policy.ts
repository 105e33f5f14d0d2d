import type { Principal } from "../../event/principal.ts";
import type { ActionTable } from "../../iam/action-table.ts";
import { wildcardOnly } from "../../iam/action-table.ts";
import type { Check } from "../../iam/authorisation.ts";
import { type CompiledPolicy, compilePolicies } from "../../iam/compiled-policy.ts";
import { type AccessReason, evaluate, type Layers } from "../../iam/evaluate.ts";
import type { PolicyDocument } from "../../iam/policy.ts";
import { keysInDoubt, readings, type Shown } from "../../iam/unsure-policy.ts";
import type { Conduct } from "../../identity/conduct.ts";
import { spellings } from "../../identity/envelope/envelope.ts";
import { contextOfCall } from "./simulated-context.ts";

/** A policy that is not in force yet. Each list of documents counts together; of an organization's there is one for each level. */
export type PolicyCandidate =
  /** Instead of all identity policies that its holders have. */
  | { readonly kind: "policy" | "boundary"; readonly documents: readonly PolicyDocument[] }
  | { readonly kind: "scp"; readonly levels: readonly (readonly PolicyDocument[])[] }
  /** Beside what its holders have: only its denies say something. */
  | { readonly kind: "denies"; readonly documents: readonly PolicyDocument[] };

/** What a candidate would say to one call that was let through. */
export type CallVerdict =
  | { readonly kind: "allowed" }
  | { readonly kind: "denied"; readonly action: string; readonly resource?: string; readonly because: AccessReason }
  /** It turns on what the record does not show: these context keys, or (where there is none) which resource it was. */
  | { readonly kind: "depends"; readonly action: string; readonly resource?: string; readonly on: readonly string[] }
  | { readonly kind: "not-judged"; readonly because: "unknown-action" | "no-policy-asked" };

/**
 * Judges calls by a candidate alone. What the candidate does not speak of (resource policies, rules of AWS that no policy
 * states) let these calls through when they were made, and is taken to do so again.
 */
export function policyJudge(
  candidate: PolicyCandidate,
  table: ActionTable,
): (conduct: Conduct, principal: Principal) => CallVerdict {
  const ready = layersOf(candidate);
  return (conduct, principal) => {
    const { checks } = conduct;
    // No service control policy binds them (AWS Organizations User Guide, "SCP effects on permissions").
    if (candidate.kind === "scp" && isServiceLinked(principal)) return { kind: "allowed" };
    if (checks === undefined) return { kind: "not-judged", because: "unknown-action" };
    if (checks.length === 0) return { kind: "not-judged", because: "no-policy-asked" };
    let doubt: CallVerdict = { kind: "allowed" };
    for (const check of checks)
      for (const resource of check.resources.length === 0 ? [undefined] : check.resources) {
        const verdict = asked({ check, resource, conduct, principal, ready, table });
        if (verdict.kind === "denied") return verdict;
        if (verdict.kind === "depends") doubt = verdict;
      }
    return doubt;
  };
}

interface Asking {
  readonly check: Check;
  readonly resource: string | undefined;
  readonly conduct: Conduct;
  readonly principal: Principal;
  readonly ready: Ready;
  readonly table: ActionTable;
}

/** A resource that records name in several ways is let through by any of them. */
function asked(asking: Asking): CallVerdict {
  const { resource } = asking;
  const verdicts = (resource === undefined ? [undefined] : spellings(resource)).map((one) => askedAs(one, asking));
  return (
    verdicts.find(({ kind }) => kind === "allowed") ??
    verdicts.find(({ kind }) => kind === "depends") ??
    verdicts[0] ?? { kind: "allowed" }
  );
}

function askedAs(
  spelled: string | undefined,
  { check: { action }, resource, conduct, principal, ready, table }: Asking,
): CallVerdict {
  const call = contextOfCall(conduct, principal, spelled);
  const found = table.find(action);
  const request = {
    action,
    resource: spelled ?? "*",
    resourceAccount: undefined,
    principal: principalName(principal),
    context: call.context,
    wildcardOnly: found !== undefined && wildcardOnly(found),
  };
  const layers = ready.layers(call.key, call.shown);
  const what = { action, ...(resource === undefined || resource === "*" ? {} : { resource }) };
  const sure = refusal(evaluate(request, layers.most).because);
  if (sure !== undefined) return { kind: "denied", ...what, because: sure };
  if (spelled !== undefined && layers.keys.length === 0) return { kind: "allowed" };
  if (refusal(evaluate(request, layers.least).because) === undefined) return { kind: "allowed" };
  return { kind: "depends", ...what, on: resource === undefined ? [] : layers.keys };
}

const isServiceLinked = (principal: Principal): boolean =>
  principal.kind === "assumed-role" && principal.role.includes(":role/aws-service-role/");

const principalName = (principal: Principal): string =>
  principal.arn ?? (principal.kind === "aws-service" ? principal.service : (principal.account ?? "*"));

/** What a policy itself refuses; the first reason of several. Another account, or a key, let the caller in by a policy of its own. */
const refusal = (because: readonly AccessReason[]): AccessReason | undefined =>
  because.find(
    (one) =>
      (one.kind === "statement" && one.effect === "Deny") ||
      (one.kind === "nothing-allows" && one.layer !== "resourcePolicy"),
  );

interface Ready {
  layers(
    key: string,
    shown: Shown,
  ): { readonly most: Layers; readonly least: Layers; readonly keys: readonly string[] };
}

const all: PolicyDocument = {
  version: "2012-10-17",
  statements: [
    {
      effect: "Allow",
      actions: { kind: "only", patterns: ["*"] },
      resources: { kind: "only", patterns: ["*"] },
      conditions: [],
      conditional: false,
    },
  ],
};

function layersOf(candidate: PolicyCandidate): Ready {
  const documents = candidate.kind === "scp" ? candidate.levels.flat() : candidate.documents;
  const known = new Map<string, ReturnType<Ready["layers"]>>();
  return {
    layers(key, shown) {
      const before = known.get(key);
      if (before !== undefined) return before;
      const made = {
        most: layered(candidate, (given) => compilePolicies(readings(given, shown).most)),
        least: layered(candidate, (given) => compilePolicies(readings(given, shown).least)),
        keys: keysInDoubt(documents, shown),
      };
      known.set(key, made);
      return made;
    },
  };
}

type Compile = (documents: readonly PolicyDocument[]) => CompiledPolicy;

function layered(candidate: PolicyCandidate, compile: Compile): Layers {
  switch (candidate.kind) {
    case "policy":
      return { identityPolicies: compile(candidate.documents) };
    case "boundary":
      return { identityPolicies: compile([all]), permissionBoundaries: compile(candidate.documents) };
    case "denies":
      return { identityPolicies: compile([all, ...candidate.documents]) };
    case "scp":
      return {
        identityPolicies: compile([all]),
        // A level of denies only stands beside FullAWSAccess: alone it would refuse everything.
        serviceControlPolicies: candidate.levels.map((level) => compile(onlyDenies(level) ? [...level, all] : level)),
      };
  }
}

/** True when an organization's policies of one level allow nothing, as those do that are attached beside FullAWSAccess. */
export const onlyDenies = (level: readonly PolicyDocument[]): boolean =>
  level.every(({ statements }) => statements.every(({ effect }) => effect === "Deny"));
