import { calls } from "../../event/watch.ts";
import type { IamTables } from "../../iam/tables.ts";
import { graded, titled } from "../attempt.ts";
import { type Detector, defineDetector } from "../detector.ts";
import { standingJudge } from "../escalation/standing.ts";
import { entryRows } from "../exposure/entry-rows.ts";
import { weakenedByRow } from "../guard-rails/row-weakened.ts";

const rows = new Map(entryRows.map((row) => [row.api, row] as const));
const [first = "ec2:EnableSerialConsoleAccess", ...others] = [...rows.keys()].sort();

/** Finds ways for a person into machines, tasks and builds that are no known path to their rights, and what opens them. */
export function exposureInteractiveEntry(iam: IamTables): Detector {
  const standingOf = standingJudge(iam);
  return defineDetector({
    id: "exposure-interactive-entry",
    version: "1",
    title: "A way in for people was opened or used, into machines, tasks or builds",
    family: "exposure",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1021.007", "T1021.008"],
    controls: {
      owaspNhi: ["NHI10:2025"],
      owaspAsi: ["ASI02", "ASI05"],
      nistCsf: ["PR.AA-05", "DE.CM-03"],
      nistAiRmf: ["MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure"],
    },
    watches: [calls(first, ...others)],
    falsePositives: [
      "Somebody looks for a fault on a machine or in a build by hand",
      "A team lets itself into its tasks by default",
    ],
    triage: [
      "Ask the owner of the workload whether somebody was to come in",
      "Where a workload came in by itself, look at what called it: programs have no use for a shell",
      "Close the way again, and look at what was done inside",
    ],
    references: [
      "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
      "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/connect-with-ec2-instance-connect-endpoint.html",
      "https://docs.aws.amazon.com/codebuild/latest/userguide/session-manager.html",
    ],
    wants: () => [],
    detect(seen) {
      const { event, attribution } = seen;
      const row = event.kind === "api-call" ? rows.get(event.api) : undefined;
      if (event.kind !== "api-call" || row === undefined || attribution.kind === "service") return [];
      const standing = standingOf(seen, []);
      if (standing.kind === "inside") return [];
      const outside = standing.kind === "outside" ? `; ${standing.because}` : "";
      return weakenedByRow(event, row).map(({ did, tried, severity, confidence, resource, evidence }) => ({
        title: `${titled(did, tried, event.outcome)}${outside}`,
        severity: graded(standing.kind === "outside" ? "medium" : severity, event.outcome),
        confidence,
        ...(resource === undefined ? {} : { resource }),
        evidence,
      }));
    },
  });
}
