import type { HeldPolicy } from "../../iam/account/account-model.ts";
import { grantedBy, type PoliciesInForce } from "../../iam/account/account-policies.ts";
import { awsManaged } from "../../iam/account/aws-managed.ts";
import type { KnownIdentity } from "../../iam/account/known-identity.ts";
import { placesOf } from "../../iam/action-set.ts";
import { escalates } from "../../iam/reach/escalates.ts";
import type { EscalationPath } from "../../iam/reach/escalation-path.ts";
import { reachStatements } from "../../iam/reach/reach-statement.ts";
import type { IamTables } from "../../iam/tables.ts";
import { gravityOf } from "./grant-gravity.ts";

/**
 * How mighty an identity is by what is known of its policies, mightiest first. `doubts`, each a clause for people: what is
 * not known and might make it mightier, or bound it.
 */
export type PrivilegeLevel = { readonly doubts: readonly string[] } & (
  | { readonly kind: "administrator" }
  /** Its policies open ways to more rights; gravest first. */
  | { readonly kind: "escalates"; readonly paths: readonly [EscalationPath, ...EscalationPath[]] }
  /** It may read or make credentials and secrets, or read and write data; some of the actions. */
  | { readonly kind: "credential" | "data"; readonly actions: readonly string[] }
  | { readonly kind: "little" }
  /** Nothing mighty is known, and not all is known. */
  | { readonly kind: "unknown" }
);

/** Kinds of level, mightiest first. What is unknown stands before `little`: it may be anything. */
export const privilegeKinds = ["administrator", "escalates", "credential", "data", "unknown", "little"] as const;

/** True when the first is surely mightier than the second. */
export const mightier = (one: PrivilegeLevel, other: PrivilegeLevel): boolean =>
  one.kind !== "unknown" && privilegeKinds.indexOf(one.kind) < privilegeKinds.indexOf(other.kind);

/** The level as the end of "this role …". */
export function levelSaid(level: PrivilegeLevel): string {
  switch (level.kind) {
    case "administrator":
      return "may do everything";
    case "escalates":
      return `can give itself more rights (${level.paths[0].id})`;
    case "credential":
      return `may read or make credentials (${level.actions[0]})`;
    case "data":
      return `may read or write data (${level.actions[0]})`;
    case "little":
      return "may do little";
    case "unknown":
      return "has rights that are not known";
  }
}

const remembered = new WeakMap<IamTables, (identity: KnownIdentity) => PrivilegeLevel>();

/** How mighty an identity is. Answers are remembered for as long as the identity's policies are. */
export function privilegeLevel(identity: KnownIdentity, tables: IamTables): PrivilegeLevel {
  const known = remembered.get(tables) ?? leveller(tables);
  remembered.set(tables, known);
  return known(identity);
}

function leveller(tables: IamTables): (identity: KnownIdentity) => PrivilegeLevel {
  const granted = grantedBy(tables.table);
  const levels = new WeakMap<PoliciesInForce, PrivilegeLevel>();
  const judged = (identity: KnownIdentity): PrivilegeLevel => {
    const policies = filled(identity);
    const doubts = doubtsOf(identity, policies);
    const { everything, actions } = granted(policies);
    if (everything) return { kind: "administrator", doubts };
    const [path, ...more] = openPaths(policies, tables);
    if (path !== undefined) return { kind: "escalates", paths: [path, ...more], doubts };
    const found: Record<"credential" | "data", string[]> = { credential: [], data: [] };
    for (const place of placesOf(actions)) {
      const name = tables.table.at(place)?.name ?? "";
      const gravity = gravityOf(name, tables.table);
      if ((gravity === "credential" || gravity === "data") && found[gravity].length < mostNamed)
        found[gravity].push(name);
    }
    for (const kind of ["credential", "data"] as const)
      if (found[kind].length > 0) return { kind, actions: found[kind], doubts };
    const open = identity.extent === "part" || policies.missing.length > 0;
    return { kind: open ? "unknown" : "little", doubts };
  };
  return (identity) => {
    const known = levels.get(identity.policies) ?? judged(identity);
    levels.set(identity.policies, known);
    return known;
  };
}

const mostNamed = 12;

/** AWS's own policies, whose text nobody holds, stand in with what they grant at the least; a boundary must not be taken for one. */
function filled({ policies, boundary }: KnownIdentity): PoliciesInForce {
  const bounding = boundary.kind === "policy" ? boundary.arn : undefined;
  const found = new Map(policies.missing.map((arn) => [arn, arn === bounding ? undefined : awsManaged(arn)]));
  return {
    ...policies,
    identity: [...policies.identity, ...[...found.values()].flatMap((one) => one ?? [])],
    missing: policies.missing.filter((arn) => found.get(arn) === undefined),
  };
}

function doubtsOf({ extent, boundary }: KnownIdentity, { missing, boundary: text }: PoliciesInForce): string[] {
  return [
    ...(extent === "part" ? ["only some writes to it were seen"] : []),
    ...(missing.length > 0 ? [`the text of ${missing.length} of its managed policies is not known`] : []),
    ...(boundary.kind === "unknown" ? ["whether a boundary limits it is not known"] : []),
    ...(boundary.kind === "policy" && text === undefined ? ["the text of its boundary is not known"] : []),
  ];
}

/** Gravest first. What a boundary does not open by itself it does not let through. */
function openPaths({ identity, boundary }: PoliciesInForce, tables: IamTables): readonly EscalationPath[] {
  const pathsOf = (policies: readonly HeldPolicy[], among: readonly EscalationPath[]): readonly EscalationPath[] => {
    const statements = policies.flatMap(({ text }) => {
      const read = reachStatements(text);
      return read.ok ? read.statements : [];
    });
    if (statements.length === 0 || among.length === 0) return [];
    return escalates(statements, { paths: among, table: tables.table }).map(({ path }) => path);
  };
  const own = pathsOf(identity, tables.paths);
  const open = boundary === undefined ? own : pathsOf([boundary], own);
  return open.toSorted((a, b) => gravest.indexOf(a.severity) - gravest.indexOf(b.severity));
}

const gravest: readonly EscalationPath["severity"][] = ["critical", "high", "medium", "low"];
