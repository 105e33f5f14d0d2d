import type { EscalationPath } from "../../iam/reach/escalation-path.ts";
import { deploys } from "../deployments/deploy.ts";
import { atLeast, type Severity, severities } from "../finding.ts";
import type { PrivilegeLevel } from "../grants/privilege-level.ts";
import type { Standing } from "./standing.ts";

/** What decides how grave a path is that somebody went. */
export interface Gone {
  readonly standing: Standing;
  readonly path: EscalationPath;
  /** What the table says of it where nobody is declared. */
  readonly undeclared: Severity;
  /** How mighty the role is that was won; absent where the path wins something else. */
  readonly level?: PrivilegeLevel;
  /** True where the signer is known to be as mighty itself: it gains nothing by it. */
  readonly nothingNew: boolean;
  /** True where what is touched is a declared workload's, and somebody else touches it. */
  readonly touchesDeclared: boolean;
}

/**
 * How grave: of a declared workload outside its envelope by what was won; of everybody else by the table, and more where
 * the role is known to be an administrator in all but name, or is a declared workload's own. Less where a manifest names
 * the actor and does not speak of such calls.
 */
export function pathSeverity({ standing, path, undeclared, level, nothingNew, touchesDeclared }: Gone): Severity {
  if (standing.kind === "outside") return level === undefined ? byTable(path) : byLevel(level, byTable(path));
  const mighty = !nothingNew && (level?.kind === "administrator" || level?.kind === "escalates");
  if (atLeast(undeclared, "medium")) return undeclared;
  if (mighty || (touchesDeclared && !deploysWhatItShould(standing))) return "medium";
  return standing.kind === "not-judged" ? "info" : undeclared;
}

/** A deployment that is proven works on declared workloads: that is what it is for. */
const deploysWhatItShould = (standing: Standing): boolean =>
  standing.kind === "not-judged" && deploys(standing.workload);

const byTable = ({ severity }: EscalationPath): Severity => severity;

function byLevel({ kind }: PrivilegeLevel, table: Severity): Severity {
  switch (kind) {
    case "administrator":
    case "escalates":
      return "critical";
    case "credential":
      return "high";
    case "data":
    case "little":
      return "medium";
    case "unknown":
      // Nobody knows what was won: as grave as the path may be, short of certainty.
      return severities[Math.min(severities.indexOf(table), severities.indexOf("high"))] ?? table;
  }
}
