import type { KnownIdentity } from "../../iam/account/known-identity.ts";
import { callerOf, namingOf } from "../../iam/caller.ts";
import { coversAction } from "../../iam/compare/trust-body.ts";
import type { PolicyDocument } from "../../iam/policy.ts";
import { escalates } from "../../iam/reach/escalates.ts";
import type { EscalationPath } from "../../iam/reach/escalation-path.ts";
import { type Reach, reachOf } from "../../iam/reach/reach.ts";
import type { IamTables } from "../../iam/tables.ts";
import { reachOfDocuments } from "./grant-reach.ts";
import { mightier, type PrivilegeLevel, privilegeLevel } from "./privilege-level.ts";

/** One step from an identity to another. */
export interface Step {
  /** The identity that takes it, by ARN. */
  readonly from: string;
  /** An escalation path by id, or that the trust policy lets it in. */
  readonly by: { readonly kind: "assume-role" } | { readonly kind: "path"; readonly path: string };
}

/** An identity that can be reached, with the steps that lead there and what it may do. */
export interface Reached {
  readonly identity: KnownIdentity;
  readonly steps: readonly [Step, ...Step[]];
  readonly level: PrivilegeLevel;
}

/** What somebody who holds an identity can do next. */
export interface BlastRadius {
  readonly own: PrivilegeLevel;
  /** Nearest first, mightiest first among equals. */
  readonly reached: readonly Reached[];
  /** Reached beyond those listed. */
  readonly more: number;
  /** The mightiest of all, its own among them. */
  readonly worst: PrivilegeLevel;
  /** What is not known and may widen it, each a clause for people. */
  readonly doubts: readonly string[];
}

/** Steps from an identity to the last that is told. */
const deepest = 2;
const mostReached = 64;
/** Identities from which the second step is taken. */
const mostExpanded = 256;
/** Identities looked at from each; a larger account is told in part, and that is said. */
const mostKnown = 5_000;

/**
 * Whom an identity can become in at most two steps, among the identities that are known: roles whose trust policy lets it in,
 * and those that an escalation path of its policies leads to. Doubt counts as reachable: conditions may hold. Sessions cut
 * down by a session policy, and what organizations forbid, are not looked at.
 */
export function blastRadius(from: KnownIdentity, known: readonly KnownIdentity[], tables: IamTables): BlastRadius {
  const others = known.slice(0, mostKnown).filter(({ kind }) => kind === "role" || kind === "user");
  const found = new Map<string, Reached>();
  let edge: readonly { readonly identity: KnownIdentity; readonly steps: readonly Step[] }[] = [
    { identity: from, steps: [] },
  ];
  let unexpanded = 0;
  for (let depth = 0; depth < deepest; depth++) {
    const next: Reached[] = [];
    for (const { identity, steps } of edge) {
      const stepTo = stepsFrom(identity, tables);
      for (const other of others) {
        if (other.arn === from.arn || found.has(other.arn)) continue;
        const by = stepTo(other);
        if (by === undefined) continue;
        const step: Step = { from: identity.arn, by };
        const [first = step, ...rest] = [...steps, step];
        const reached: Reached = { identity: other, steps: [first, ...rest], level: privilegeLevel(other, tables) };
        found.set(other.arn, reached);
        next.push(reached);
      }
    }
    unexpanded = depth + 1 < deepest ? Math.max(0, next.length - mostExpanded) : unexpanded;
    edge = next.slice(0, mostExpanded);
  }
  const own = privilegeLevel(from, tables);
  const reached = [...found.values()].sort(
    (a, b) =>
      a.steps.length - b.steps.length || Number(mightier(b.level, a.level)) - Number(mightier(a.level, b.level)),
  );
  return {
    own,
    reached: reached.slice(0, mostReached),
    more: Math.max(0, reached.length - mostReached),
    worst: reached.reduce((worst, { level }) => (mightier(level, worst) ? level : worst), own),
    doubts: [
      ...own.doubts,
      ...(unexpanded > 0 ? [`where ${unexpanded} of the identities it reaches lead`] : []),
      ...(known.length > mostKnown ? [`${known.length - mostKnown} identities were not looked at`] : []),
    ],
  };
}

/** How one identity comes to another in one step, if it does. */
function stepsFrom(identity: KnownIdentity, tables: IamTables): (other: KnownIdentity) => Step["by"] | undefined {
  const documents = identity.policies.identity.map(({ document }) => document);
  const limit = identity.policies.boundary?.document;
  const sides = [documents, ...(limit === undefined ? [] : [[limit]])].map((one) => sideOf(one, tables));
  const paths = (sides[0]?.paths ?? []).filter((path) => sides.every((side) => side.paths.includes(path)));
  const may = (action: string, resource: string, service?: string): boolean => {
    const context = new Map(service === undefined ? [] : [["iam:passedtoservice", [service]] as const]);
    return sides.every(({ reach }) => reach.grants(action, context)?.(resource) !== undefined);
  };
  return (other) => {
    if (other.trust !== undefined && assumes(identity.arn, other, other.trust, may)) return { kind: "assume-role" };
    const path = paths.find((one) => leadsTo(one, other, { may, tables }));
    return path && { kind: "path", path: path.id };
  };
}

interface Side {
  readonly reach: Reach;
  readonly paths: readonly EscalationPath[];
}

function sideOf(documents: readonly PolicyDocument[], { table, paths }: IamTables): Side {
  const statements = reachOfDocuments(documents);
  return {
    reach: reachOf(statements, table),
    paths: escalates(statements, { paths, table }).map(({ path }) => path),
  };
}

type May = (action: string, resource: string, service?: string) => boolean;

/** A trust policy that names the identity itself suffices in one account; one that names the account leaves it to its policies. */
function assumes(arn: string, role: KnownIdentity, trust: PolicyDocument, may: May): boolean {
  const caller = callerOf(arn);
  const named = trust.statements.flatMap(({ effect, principals, actions, conditional }) => {
    const naming = principals === undefined ? undefined : namingOf(principals, caller);
    return naming !== undefined && coversAction(actions, "sts:AssumeRole") ? [{ effect, naming, conditional }] : [];
  });
  if (named.some(({ effect, conditional }) => effect === "Deny" && !conditional)) return false;
  const allows = named.filter(({ effect }) => effect === "Allow");
  if (allows.length === 0) return false;
  const sameAccount = arn.split(":")[4] === role.arn.split(":")[4];
  if (sameAccount && allows.some(({ naming }) => naming === "itself" || naming === "role")) return true;
  return may("sts:AssumeRole", role.arn);
}

interface Asking {
  readonly may: May;
  readonly tables: IamTables;
}

/** Whether a path of somebody's policies ends in this identity. */
function leadsTo(path: EscalationPath, other: KnownIdentity, { may, tables }: Asking): boolean {
  switch (path.kind) {
    case "principal":
    case "self": {
      const aimed = path.actions.filter((action) =>
        tables.table.find(action)?.resources.some(({ name }) => name === other.kind),
      );
      return aimed.length > 0 && !aimed.includes("sts:AssumeRole") && aimed.every((action) => may(action, other.arn));
    }
    case "new-passrole":
      return (path.passed?.services ?? []).some(
        (service) => letsIn(other, service) && may("iam:PassRole", other.arn, service),
      );
    case "existing-role":
      // Which function, machine or job has the role is not known: any that its service may run in.
      return letsIn(other, runners[path.id.split(":", 1)[0] ?? ""] ?? `${path.id.split(":", 1)[0]}.amazonaws.com`);
    case "guard-rail":
    case "federation":
    case "persistence":
      return false;
  }
}

const letsIn = ({ trust }: KnownIdentity, service: string): boolean =>
  (trust?.statements ?? []).some(
    ({ effect, principals }) =>
      effect === "Allow" && principals !== undefined && namingOf(principals, callerOf(service)) === "itself",
  );

/** Services that roles are made for, where the path is named by another. */
const runners: Readonly<Record<string, string>> = {
  apprunner: "tasks.apprunner.amazonaws.com",
  batch: "ecs-tasks.amazonaws.com",
  codedeploy: "ec2.amazonaws.com",
  "ec2-instance-connect": "ec2.amazonaws.com",
  ecs: "ecs-tasks.amazonaws.com",
  ssm: "ec2.amazonaws.com",
};
