import type { IamTables } from "../../iam/tables.ts";
import type { Seen } from "../detector.ts";
import { atLeast, type Severity } from "../finding.ts";
import { announcedVerdict, atAnnouncement, type Gained } from "./announced-change.ts";
import { atDeployment, deployedBy, deploymentJudge, deploys, envelopeJudge } from "./deploy.ts";

/** How grave a change is by itself, before it is asked who made it. */
export interface ChangeFound {
  readonly severity: Severity;
  /** What no envelope excuses it below; an announcement still may. */
  readonly floor?: Severity;
  /** All that it brings about, to be compared with what was announced. */
  readonly gained: readonly Gained[];
}

/** The severity that is left, and the end of a title that says why it is not the usual one; empty where it is. */
export interface ChangeJudged {
  readonly severity: Severity;
  readonly because: string;
}

/**
 * Judges a change by who made it. An announced change of a proven run is `info`, more than announced at least `high`. A
 * declared deployment inside its envelope goes to the case, outside of it is a step graver. A declared workload that
 * deploys nothing has no business in changing others: at least `medium`, but for a call of little weight that its own
 * envelope covers, which is what it is there for.
 */
export function changeJudge(iam: IamTables): (seen: Seen, found: ChangeFound) => ChangeJudged {
  const judgeDeployment = deploymentJudge(iam);
  const judgeEnvelope = envelopeJudge(iam);
  const isItsWork = (seen: Seen, { severity, gained }: ChangeFound): boolean =>
    !atLeast(severity, "medium") &&
    gained.every(({ kind }) => kind === "call") &&
    judgeEnvelope(seen).kind === "inside";
  return (seen, found) => {
    const { severity, floor = "info", gained } = found;
    const announced = announcedVerdict(seen, gained);
    if (announced.kind !== "not-announced")
      return { severity: atAnnouncement(severity, announced), because: `; ${announced.because}` };
    const { workload } = seen;
    if (workload !== undefined && !deploys(workload) && isItsWork(seen, found))
      return { severity: atLeast(severity, floor) ? severity : floor, because: "" };
    if (workload !== undefined && !deploys(workload))
      return { severity: atLeast(severity, "medium") ? severity : "medium", because: `; made by ${workload.name}` };
    const verdict = judgeDeployment(seen);
    const graded = atDeployment(severity, verdict);
    return { severity: atLeast(graded, floor) ? graded : floor, because: deployedBy(verdict) };
  };
}
