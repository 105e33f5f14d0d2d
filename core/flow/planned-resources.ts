import { accountOfRegistry } from "../detect/declared-account.ts";
import type { Severity } from "../detect/finding.ts";
import { boundsOf } from "../detect/trust-bounds.ts";
import { accountOf } from "../iam/arn.ts";
import { type ShownCondition, shownCondition } from "../iam/condition-shown.ts";
import type { PlannedHolder } from "../iam/planned-access.ts";
import { type PolicyDocument, parsePolicy, type Statement } from "../iam/policy.ts";
import type { PolicyPrincipal } from "../iam/principal-scope.ts";
import { accountNamed, nameOf } from "../iam/trust-body.ts";
import type { Registry } from "../identity/workload.ts";
import type { PlannedEffect } from "./planned-effect.ts";
import type { PlanWorld } from "./planned-identity.ts";

/** Whom a resource's own policy lets in that it did not before. Principals of the resource's account are not named: their own policies count as well. */
export function openedResources(holder: PlannedHolder, world: PlanWorld): readonly PlannedEffect[] {
  const before = holder.before.resourcePolicies.flatMap(({ document }) => allowsIn(document).allows);
  const known = new Set(before.flatMap(openingsIn).map(keyOf));
  const account = accountOf(holder.name) ?? world.account;
  const base = { subject: holder.name, declared: false } as const;
  return [
    ...holder.after.unknown.map(
      ({ what, address }): PlannedEffect => ({
        ...base,
        kind: "unknown",
        severity: "info",
        address,
        title: `Not known of ${holder.name}: ${what}`,
        details: [],
      }),
    ),
    ...holder.after.resourcePolicies.flatMap(({ address, document }): readonly PlannedEffect[] => {
      const { allows, because } = allowsIn(document);
      if (because !== undefined)
        return [
          {
            ...base,
            kind: "unknown",
            severity: "info",
            address,
            title: `Not known of ${holder.name}: a policy that cannot be read (${because})`,
            details: [],
          },
        ];
      const fresh = allows.flatMap(openingsIn).filter((one) => !known.has(keyOf(one)));
      return fresh.flatMap((one): readonly PlannedEffect[] => {
        const judged = judgedOpening(one, { account, registry: world.registry });
        if (judged === undefined) return [];
        return [
          {
            ...base,
            kind: "resource-policy",
            severity: judged.severity,
            address,
            title: `${holder.name} would be open to ${judged.who}`,
            details: [`${actionsOf(one.statement)}${one.statement.conditional ? ", on a condition" : ""}`],
          },
        ];
      });
    }),
  ];
}

function allowsIn(document: unknown): { readonly allows: readonly Statement[]; readonly because?: string } {
  const parsed = parsePolicy(document);
  if (!parsed.ok) return { allows: [], because: parsed.because };
  return { allows: statementsOf(parsed.document) };
}

const statementsOf = ({ statements }: PolicyDocument): readonly Statement[] =>
  statements.filter(({ effect, principals }) => effect === "Allow" && principals !== undefined);

interface Let {
  readonly principal: PolicyPrincipal;
  readonly statement: Statement;
  readonly condition: ShownCondition;
}

/** `NotPrincipal` lets in everybody else. */
function openingsIn(statement: Statement): readonly Let[] {
  const { principals } = statement;
  if (principals === undefined) return [];
  const named = principals.kind === "only" ? principals.principals : [{ kind: "everyone" } as const];
  return named.map((principal) => ({ principal, statement, condition: shownCondition(statement.conditions) }));
}

const keyOf = ({ principal, statement, condition }: Let): string =>
  JSON.stringify([nameOf(principal), statement.actions, statement.resources, condition]);

interface Owner {
  readonly account: string | undefined;
  readonly registry: Registry;
}

interface JudgedLet {
  readonly severity: Severity;
  readonly who: string;
}

function judgedOpening({ principal, condition }: Let, { account, registry }: Owner): JudgedLet | undefined {
  const bounds = boundsOf(condition);
  const isOurs = (one: string): boolean => one === account || accountOfRegistry(one, registry) !== undefined;
  if (principal.kind === "everyone")
    switch (bounds.kind) {
      case "none":
        return boundToSource(condition)
          ? { severity: "low", who: "whoever comes through one source" }
          : { severity: "high", who: "anybody" };
      case "accounts":
        return bounds.accounts.every(isOurs)
          ? undefined
          : { severity: "medium", who: `account ${bounds.accounts.join(" and ")}` };
      case "organization":
        return { severity: "low", who: `anybody in organization ${bounds.ids.join(" or ")}` };
      case "other":
        return { severity: "medium", who: `anybody who meets ${bounds.keys.join(" and ")}` };
    }
  if (principal.kind === "service")
    return boundToSource(condition) ? undefined : { severity: "low", who: `${principal.name}, for any customer of it` };
  const home = accountNamed(principal);
  if (home === undefined) return { severity: "low", who: nameOf(principal) };
  if (home === account) return undefined;
  if (isOurs(home)) return { severity: "low", who: `account ${home}, which is declared` };
  return bounds.kind === "none"
    ? { severity: "high", who: `account ${home}, without a condition` }
    : { severity: "low", who: `account ${home}, on a condition` };
}

/** Conditions on whose behalf a service acts (IAM User Guide, "The confused deputy problem"), and on the way in. */
const boundToSource = (condition: ShownCondition): boolean =>
  Object.entries(condition).some(
    ([operator, keys]) =>
      !/Not|IfExists$|^ForAllValues:|^Null$/.test(operator) && Object.keys(keys).some((key) => sources.has(key)),
  );

const sources: ReadonlySet<string> = new Set([
  "aws:sourcearn",
  "aws:sourceaccount",
  "aws:sourceorgid",
  "aws:sourceorgpaths",
  "aws:sourcevpc",
  "aws:sourcevpce",
]);

const actionsOf = ({ actions: { kind, patterns } }: Statement): string => {
  const shown = patterns.slice(0, 4).join(", ");
  return `${kind === "only" ? "" : "everything but "}${shown}${patterns.length > 4 ? ` and ${patterns.length - 4} more` : ""}`;
};
