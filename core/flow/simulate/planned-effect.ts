import type { Severity } from "../../detect/finding.ts";

/** One thing that a plan would make of access. */
export interface PlannedEffect {
  readonly kind: "grant" | "trust" | "guard-rail" | "resource-policy" | "door" | "unknown";
  readonly severity: Severity;
  /** Where the plan says it: a Terraform address or a logical id. */
  readonly address: string;
  /** Who or what is touched: a workload's name, else a kind and a name. */
  readonly subject: string;
  readonly declared: boolean;
  /** The whole sentence. */
  readonly title: string;
  /** Gained grants and what is not known, gravest first; some of them. */
  readonly details: readonly string[];
}
