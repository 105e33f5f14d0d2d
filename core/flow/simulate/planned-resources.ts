import { newEntries } from "../../detect/grants/resource-entries.ts";
import { type ResourceOpening, resourceOpenings } from "../../detect/grants/resource-opening.ts";
import { openingSeverity, ownerOfResource } from "../../detect/grants/resource-severity.ts";
import { accountOf } from "../../iam/arn.ts";
import type { PlannedHolder } from "../../iam/plans/planned-access.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { PlannedEffect } from "./planned-effect.ts";
import { noAccount, type PlanWorld } from "./planned-identity.ts";

/** Whom a resource's own policy lets in that it did not before, judged as where it is written at run time. */
export function openedResources({ name, before, after }: PlannedHolder, world: PlanWorld): readonly PlannedEffect[] {
  const { registry, tables } = world;
  const owner = ownerOfResource(name, registry);
  const subject = owner?.name ?? name;
  const old = before.resourcePolicies.flatMap(({ document }) => documentIn(document));
  const said = (over: Omit<PlannedEffect, "subject" | "declared">): PlannedEffect => ({
    subject,
    declared: owner !== undefined,
    ...over,
  });
  const unknown = (address: string, what: string): PlannedEffect =>
    said({ kind: "unknown", severity: "info", address, title: `Not known of ${subject}: ${what}`, details: [] });
  const on = { account: accountOf(name) ?? world.account ?? noAccount, registry, isActor: () => false };
  const known = before.exists || after.unknown.length === 0;
  return [
    ...after.unknown.map(({ what, address }) => unknown(address, what)),
    ...after.resourcePolicies.flatMap(({ address, document }): readonly PlannedEffect[] => {
      const now = parsePolicy(document);
      if (!now.ok) return [unknown(address, `a policy that cannot be read (${now.because})`)];
      const openings = resourceOpenings(newEntries(joined(old), now.document), on, tables.table);
      return openings.map((one) =>
        said({
          kind: "resource-policy",
          severity: openingSeverity(one, { owner, known, outside: false }),
          address,
          title: `${subject} would be open to ${one.who}`,
          details: [grantsOf(one)],
        }),
      );
    }),
  ];
}

function documentIn(given: unknown): readonly PolicyDocument[] {
  const parsed = parsePolicy(given);
  return parsed.ok ? [parsed.document] : [];
}

/** A function has a statement for each permission, which a plan has as resources of their own. */
const joined = (documents: readonly PolicyDocument[]): PolicyDocument | undefined =>
  documents.length === 0
    ? undefined
    : { version: "2012-10-17", statements: documents.flatMap(({ statements }) => statements) };

const grantsOf = ({ entry: { actions, conditions } }: ResourceOpening): string => {
  const more = actions.length > 4 ? ` and ${actions.length - 4} more` : "";
  return `${actions.slice(0, 4).join(", ")}${more}${conditions.length > 0 ? ", on a condition" : ""}`;
};
