import type { OpenPath } from "../../iam/reach/escalates.ts";
import { atDeployment, type DeploymentVerdict } from "../deployments/deploy.ts";
import { atLeast, type Severity, severities } from "../finding.ts";
import type { GrantGain } from "./grant-gain.ts";

/** Who gave what to whom, as far as it decides how grave that is. */
export interface GrantSituation {
  readonly gain: GrantGain;
  /** The gain is outside the envelope of the workload that is touched, or was given by a workload that is declared to give nothing. */
  readonly outside: boolean;
  /** Somebody gave it to itself. */
  readonly self: boolean;
  /** Only something taken away opened it: a Deny. */
  readonly lifted: boolean;
  /** IAM Identity Center carries out what a permission set says, which is judged where it is said. */
  readonly provisioning: boolean;
  /** Nobody has it yet. */
  readonly prepared: boolean;
  /** A program gave it, and none whose work that is. */
  readonly program: boolean;
  readonly deployment: DeploymentVerdict;
}

/** How grave a grant is by what was gained, cut by who acted and who is touched. */
export function grantSeverity(situation: GrantSituation): Severity {
  const { gain, deployment, outside } = situation;
  if (situation.provisioning) return "info";
  if (situation.prepared) return gain.everything ? "medium" : "info";
  if (!gain.everything && gain.rows.length === 0) return "info";
  const graded = byDeployment(gravityOf(situation), deployment);
  // An envelope that lets a deployment write policies does not say that it may make administrators.
  const floor: Severity = gain.everything || (outside && deployment.kind === "inside") ? "medium" : "info";
  return atLeast(graded, floor) ? graded : floor;
}

/** That a deployment made a call outside its envelope is found as its conduct; what it granted is a step graver for it. */
export const byDeployment = (severity: Severity, deployment: DeploymentVerdict): Severity =>
  deployment.kind === "outside"
    ? (severities[severities.indexOf(severity) + 1] ?? severity)
    : atDeployment(severity, deployment);

function gravityOf({ gain, outside, self, lifted, program }: GrantSituation): Severity {
  const { everything, paths, gravity } = gain;
  if (everything) return program || outside ? "critical" : "high";
  const [path] = paths;
  if (outside) return path === undefined ? outsideBy[gravity ?? "look"] : byPath(path);
  if (self) return path === undefined ? "medium" : "high";
  if (lifted || administratorInAllButName(gain)) return "medium";
  return path !== undefined || gravity === "credential" ? "low" : "info";
}

/** A way to every right that is open on every resource, without a condition. */
const administratorInAllButName = ({ paths, rows }: GrantGain): boolean =>
  paths.some(
    ({ path, grants }) =>
      path.severity === "critical" &&
      grants.every(({ action, resource }) =>
        rows.some(
          (row) =>
            resource === "*" &&
            row.resource === "*" &&
            row.action === action &&
            Object.keys(row.condition).length === 0,
        ),
      ),
  );

const outsideBy = { credential: "high", data: "medium", change: "medium", look: "low" } as const;

const byPath = ({ path }: OpenPath): Severity =>
  path.severity === "critical" || path.severity === "high" ? "critical" : "high";
