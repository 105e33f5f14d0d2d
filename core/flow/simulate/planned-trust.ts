import { expects } from "../../detect/trust/trust-expected.ts";
import { gravity, isBadByItself, openingsOf } from "../../detect/trust/trust-opening.ts";
import { trustDifference } from "../../iam/compare/trust-difference.ts";
import { type PolicyDocument, parsePolicy } from "../../iam/policy.ts";
import type { PlannedEffect } from "./planned-effect.ts";
import { noAccount, type PlannedIdentity, type PlanWorld } from "./planned-identity.ts";

/** Whom the new trust policy of a role lets in that the old one did not, but for those whom the role's manifest expects. */
export function openedTrust(identity: PlannedIdentity, world: PlanWorld): readonly PlannedEffect[] {
  const { holder, workload, arn } = identity;
  const { trust } = holder.after;
  if (trust === undefined) return [];
  const subject = workload?.name ?? `${holder.kind} ${holder.name}`;
  const now = parsePolicy(trust.document);
  if (!now.ok)
    return [
      {
        kind: "unknown",
        severity: "info",
        address: trust.address,
        subject,
        declared: workload !== undefined,
        title: `Not known of ${subject}: its trust policy cannot be read (${now.because})`,
        details: [],
      },
    ];
  const account = arn?.split(":")[4] ?? world.account ?? noAccount;
  const around = { partition: world.partition, region: "", account };
  const { added } = trustDifference(documentsIn(holder.before.trust?.document), [now.document], {
    table: world.tables.table,
    around,
  });
  return openingsOf(added, { account, registry: world.registry }).flatMap(
    ({ kind, row, who }): readonly PlannedEffect[] => {
      if (workload !== undefined && expects(workload, row) && !isBadByItself(kind)) return [];
      return [
        {
          kind: "trust",
          severity: gravity[kind][workload === undefined ? "undeclared" : "declared"],
          address: trust.address,
          subject,
          declared: workload !== undefined,
          title: `${subject} could be assumed by ${who}`,
          details: [
            ...(row.dropped === undefined ? [] : [`no longer asked for: ${row.dropped.join(", ")}`]),
            ...(row.missing === undefined ? [] : [`not bounded by: ${row.missing.join(", ")}`]),
          ],
        },
      ];
    },
  );
}

function documentsIn(given: unknown): readonly PolicyDocument[] {
  if (given === undefined) return [];
  const parsed = parsePolicy(given);
  return parsed.ok ? [parsed.document] : [];
}
