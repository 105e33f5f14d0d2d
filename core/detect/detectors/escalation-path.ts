import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { isLongTerm } from "../../iam/identifiers.ts";
import type { IamTables } from "../../iam/tables.ts";
import { attempted, graded } from "../attempt.ts";
import { type Detector, defineDetector, type Seen } from "../detector.ts";
import { textsAt } from "../escalation/parameters.ts";
import { pathSeverity } from "../escalation/path-severity.ts";
import { type NamedRole, roleFacts, rolePaths, rolesNamed, signerLevel } from "../escalation/roles-named.ts";
import { type Standing, standingJudge } from "../escalation/standing.ts";
import { holds, isUntold } from "../escalation/step-holds.ts";
import { byCall, type PathStep, stepsOf, telling, watched } from "../escalation/step-index.ts";
import type { Detection, Evidence, Severity } from "../finding.ts";
import { levelSaid, privilegeKinds } from "../grants/privilege-level.ts";
import { isOneself } from "../oneself.ts";
import { builtArn } from "../touched.ts";

const id = "escalation-path";

/** Finds the single call by which somebody wins another's rights: a role handed to something new, code put under a role, a password for another user. */
export function escalationPath(tables: IamTables): Detector {
  const steps = stepsOf(tables.paths, id).filter(telling);
  const index = byCall(steps);
  const standingOf = standingJudge(tables);
  const stepsIn = (call: ApiCall): readonly PathStep[] =>
    (index.get(call.api) ?? []).filter((one) => holds(call, one.step) && (isUntold(call) || handsOver(call, one)));
  return defineDetector({
    id,
    version: "1",
    title: "A known way to another's rights was gone",
    family: "privilege-drift",
    maturity: "incubating",
    needsDeclarations: false,
    attack: ["T1098.003", "T1548.005", "T1651"],
    controls: {
      owaspNhi: ["NHI5:2025"],
      owaspAsi: ["ASI02", "ASI03"],
      nistCsf: ["PR.AA-05", "DE.CM-03"],
      nistAiRmf: ["MEASURE 2.7", "MANAGE 2.4"],
      maestro: ["L4 Deployment and Infrastructure", "L6 Security and Compliance"],
    },
    watches: [{ kind: "calls", apis: watched(steps) }],
    falsePositives: [
      "A deployment that no manifest declares hands a new service its role",
      "An administrator helps a colleague who has lost a password",
      "An operator opens a shell on one machine to look at it",
    ],
    triage: [
      "Ask the owner of the acting identity whether this was planned, and declare its deployments in a manifest",
      "Look at what the role can do, and at what was called with its sessions since",
      "If nobody planned it, stop what was started, take the role or password back, and contain who did it",
    ],
    references: [
      "https://rhinosecuritylabs.com/aws/aws-privilege-escalation-methods-mitigation/",
      "https://pathfinding.cloud/",
      "https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_use_passrole.html",
    ],
    wants: (event) => (event.kind === "api-call" ? roleFacts(event, stepsIn(event)) : []),
    detect(seen) {
      const { event } = seen;
      // A service only carries out what somebody set up, and that call is judged.
      if (event.kind !== "api-call" || seen.attribution.kind === "service") return [];
      const found = stepsIn(event);
      const [first] = found.toSorted(shortest);
      if (first === undefined) return [];
      const roles = rolesNamed(event, found, { facts: seen.facts, tables });
      const standing = standingOf(
        seen,
        roles.flatMap(({ arn }) => arn ?? []),
      );
      return standing.kind === "inside"
        ? []
        : [detectionOf({ seen, call: event, found, first, roles, standing }, tables)];
    },
  });
}

/** A path by which a role is handed over is none where the call names none: machines without a role have none to give. */
function handsOver(call: ApiCall, one: PathStep): boolean {
  return !one.step.passes || textsAt(call, rolePaths(one)).length > 0;
}

/** The path of fewest actions says best what one call does. */
const shortest = (a: PathStep, b: PathStep): number =>
  a.path.actions.length - b.path.actions.length || (a.path.id < b.path.id ? -1 : 1);

interface Gone {
  readonly seen: Seen;
  readonly call: ApiCall;
  readonly found: readonly PathStep[];
  readonly first: PathStep;
  readonly roles: readonly NamedRole[];
  readonly standing: Standing;
}

function detectionOf({ seen, call, found, first, roles, standing }: Gone, tables: IamTables): Detection {
  const [role] = roles;
  const own = role && signerLevel(call, seen.facts, tables);
  const itself = role?.arn !== undefined && isOneself(role.arn, call);
  const nothingNew =
    itself ||
    (own !== undefined &&
      role !== undefined &&
      privilegeKinds.indexOf(own.kind) <= privilegeKinds.indexOf(role.level.kind));
  const touched = roles.flatMap(({ arn }) => (arn === undefined ? [] : (seen.registry.byRole(arn) ?? [])))[0];
  const severity = pathSeverity({
    standing,
    path: first.path,
    undeclared: undeclaredOf(call, found),
    ...(role === undefined ? {} : { level: role.level }),
    nothingNew,
    touchesDeclared: touched !== undefined && touched !== seen.workload,
  });
  const resource = role?.arn ?? subjectArn(call, first);
  return {
    title: titleOf(call, { first, role, standing, itself }),
    severity: graded(severity, call.outcome),
    confidence: isUntold(call) || role?.level.kind === "unknown" ? "medium" : "high",
    ...(resource === undefined ? {} : { resource }),
    evidence: [
      { kind: "count", what: `escalation paths: ${idsOf(found)}`, count: found.length },
      ...roles
        .slice(0, mostShown)
        .map((one): Evidence => ({ kind: "field", eventID: call.id, path: one.path, value: one.said })),
      ...(role?.arn === undefined
        ? []
        : [{ kind: "grant", action: "iam:PassRole", resource: String(excerpt(role.arn)) } as const]),
      ...textsAt(call, first.step.subject)
        .slice(0, mostShown)
        .map(({ path, value }): Evidence => ({ kind: "field", eventID: call.id, path, value: excerpt(value) })),
      ...(role?.level.doubts ?? []).map(
        (doubt): Evidence => ({ kind: "count", what: `not known: ${doubt}`, count: 1 }),
      ),
      ...(isUntold(call) ? [{ kind: "count", what: "not known: what was asked for", count: 1 } as const] : []),
    ],
  };
}

const mostShown = 5;

const idsOf = (found: readonly PathStep[]): string =>
  [...new Set(found.map(({ path }) => path.id))].slice(0, mostShown).join(", ");

/** The gravest word that the table has for any of the paths. */
function undeclaredOf({ principal }: ApiCall, found: readonly PathStep[]): Severity {
  const { kind, accessKeyId, console } = principal;
  const byKey = kind === "iam-user" && console !== true && accessKeyId !== undefined && isLongTerm(accessKeyId);
  const words = found.map(({ showing }) => (byKey ? showing.byLongTermKey : undefined) ?? showing.undeclared ?? "low");
  return (["high", "medium", "low"] as const).find((one) => words.includes(one)) ?? "info";
}

interface Told {
  readonly first: PathStep;
  readonly role: NamedRole | undefined;
  readonly standing: Standing;
  readonly itself: boolean;
}

function titleOf(call: ApiCall, { first, role, standing, itself }: Told): string {
  const tried = attempted(call.outcome);
  const nobody = tried ? "somebody whom no manifest names" : "Somebody whom no manifest names";
  const who = standing.kind === "undeclared" ? nobody : standing.workload.name;
  const what = role === undefined ? "" : itself ? "; the role is its own" : `; the role ${levelSaid(role.level)}`;
  const beyond = standing.kind === "outside" ? ` (${standing.because})` : "";
  return `${tried ? "Tried in vain: " : ""}${who} ${didBy(call, first)}${what}${beyond}`;
}

/** A call that hands over a role opens several paths, and which of them is meant is not told yet. */
function didBy({ api }: ApiCall, { path, step }: PathStep): string {
  if (!step.passes) return `${path.title.charAt(0).toLowerCase()}${path.title.slice(1)}`;
  const [service, name] = api.split(":");
  return `hands a role to ${service} (${name})`;
}

/** A user is named by ARN, as other detectors do; anything else is left to the evidence. */
function subjectArn(call: ApiCall, { step }: PathStep): string | undefined {
  const [said] = textsAt(call, step.subject);
  if (said === undefined) return undefined;
  return said.path.endsWith(".userName") ? builtArn(call, "user", said.value) : String(excerpt(said.value));
}
