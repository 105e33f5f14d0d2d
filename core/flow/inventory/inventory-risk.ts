import { type IdentityFlag, type IdentityKind, type RiskReason, type RiskRule, riskPoints } from "./inventory-row.ts";

/** What risk is judged by. */
export interface RiskFacts {
  readonly kind: IdentityKind;
  /** With the reason, for a person. */
  readonly flags: ReadonlyMap<IdentityFlag, string>;
  readonly everybody: boolean;
  readonly unconditionalForeign: readonly string[];
  readonly administrator: boolean;
  /** Severities of the open paths, with their ids. */
  readonly paths: readonly { readonly id: string; readonly severity: "low" | "medium" | "high" | "critical" }[];
  readonly secrets: readonly string[];
  /** Those that no manifest of the reader names, though it has one. */
  readonly undeclaredSecrets: readonly string[];
}

/** Every reason that holds, the heaviest first; the score is their sum, at most 100. */
export function riskOf(facts: RiskFacts): { readonly risk: number; readonly reasons: readonly RiskReason[] } {
  const reasons: RiskReason[] = [];
  const add = (rule: RiskRule, because: string): void => void reasons.push({ rule, points: riskPoints[rule], because });
  if (facts.everybody) add("trusts-everybody", "the trust policy lets anybody in, without a condition");
  if (facts.administrator) add("administrator", "everything is granted on everything");
  else {
    const worst = severities.find((severity) => facts.paths.some((one) => one.severity === severity));
    const count = facts.paths.length;
    const example = facts.paths.find((one) => one.severity === worst);
    if (worst !== undefined && example !== undefined)
      add(
        `escalation-${worst}`,
        `${count} known ${count === 1 ? "way" : "ways"} to more rights, such as ${example.id}`,
      );
  }
  if (facts.unconditionalForeign.length > 0)
    add("trusts-account-unconditionally", `without a condition: ${facts.unconditionalForeign.join(", ")}`);
  for (const [flag, because] of facts.flags) add(flag, because);
  if (facts.kind === "third-party-account") add("third-party", "somebody outside acts in your accounts");
  if (facts.undeclaredSecrets.length > 0)
    add("undeclared-secret", `reads what its manifest does not name: ${facts.undeclaredSecrets[0]}`);
  else if (facts.secrets.length > 0) add("reads-secrets", `reads ${facts.secrets.length}`);
  reasons.sort((a, b) => b.points - a.points || (a.rule < b.rule ? -1 : 1));
  return {
    risk: Math.min(
      100,
      reasons.reduce((sum, one) => sum + one.points, 0),
    ),
    reasons,
  };
}

const severities = ["critical", "high", "medium", "low"] as const;
