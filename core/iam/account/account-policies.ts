import { type ActionSet, complement, emptySet, intersection, union, without } from "../action-set.ts";
import type { ActionTable } from "../action-table.ts";
import { grantsEverything, type PolicyDocument } from "../policy.ts";
import type { Scope, Statement } from "../statement.ts";
import type { AccountIdentity, AccountRole, AccountState, AccountUser, HeldPolicy } from "./account-model.ts";

/** The policies that count for one user or role. */
export interface PoliciesInForce {
  /** Its own, its groups' and the managed ones that are attached to either. */
  readonly identity: readonly HeldPolicy[];
  /** The managed policy that bounds it. */
  readonly boundary?: HeldPolicy;
  /** ARNs that are attached and whose text is not in the state. */
  readonly missing: readonly string[];
}

/** Gathers them, inline before attached, the groups' behind the user's own. */
export function policiesInForce(holder: AccountUser | AccountRole, state: AccountState): PoliciesInForce {
  const groups = "groups" in holder ? groupsOf(holder, state) : [];
  const attached = [...new Set([holder, ...groups].flatMap((one) => one.attached))];
  const managed = (arn: string): readonly HeldPolicy[] => {
    const found = state.policies.get(arn);
    return found === undefined ? [] : [{ name: arn, text: found.text, document: found.document }];
  };
  const boundary = holder.boundary === undefined ? undefined : managed(holder.boundary)[0];
  const wanted = [...attached, ...(holder.boundary === undefined ? [] : [holder.boundary])];
  return {
    identity: [...[holder, ...groups].flatMap((one) => one.inline), ...attached.flatMap(managed)],
    ...(boundary === undefined ? {} : { boundary }),
    missing: wanted.filter((arn) => !state.policies.has(arn)),
  };
}

function groupsOf({ account, groups }: AccountUser, state: AccountState): readonly AccountIdentity[] {
  return [...state.groups.values()].filter((one) => one.account === account && groups.includes(one.name));
}

/** What policies grant, counted in actions of the table: an action counts when some resource may be allowed. */
export interface Granted {
  readonly actions: ActionSet;
  /** Everything on everything, without a condition. */
  readonly everything: boolean;
}

/** Counts what is granted. Sets of statements are made once for each document; boundaries cut, denies without a condition on all resources take away. */
export function grantedBy(table: ActionTable): (policies: PoliciesInForce) => Granted {
  const known = new WeakMap<PolicyDocument, { readonly allowed: ActionSet; readonly denied: ActionSet }>();
  const setsOf = (document: PolicyDocument) => {
    const before = known.get(document);
    if (before !== undefined) return before;
    const of = (statements: readonly Statement[]): ActionSet =>
      statements.reduce((all, one) => union(all, covered(one.actions, table)), emptySet(table.size));
    const made = {
      allowed: of(document.statements.filter((one) => one.effect === "Allow")),
      denied: of(document.statements.filter((one) => one.effect === "Deny" && !one.conditional && isEverywhere(one))),
    };
    known.set(document, made);
    return made;
  };
  const sum = (documents: readonly PolicyDocument[]): ActionSet => {
    const sets = documents.map(setsOf);
    const allowed = sets.reduce((all, one) => union(all, one.allowed), emptySet(table.size));
    return sets.reduce((all, one) => without(all, one.denied), allowed);
  };
  return ({ identity, boundary }) => {
    const documents = identity.map(({ document }) => document);
    const own = sum(documents);
    const together = { version: "2012-10-17", statements: documents.flatMap((one) => one.statements) } as const;
    return {
      actions: boundary === undefined ? own : intersection(own, sum([boundary.document])),
      everything: grantsEverything(together) && (boundary === undefined || grantsEverything(boundary.document)),
    };
  };
}

function covered({ kind, patterns }: Scope, table: ActionTable): ActionSet {
  const listed = patterns.reduce((all, one) => union(all, table.expand(one)), emptySet(table.size));
  return kind === "only" ? listed : complement(listed, table.size);
}

const isEverywhere = ({ resources }: Statement): boolean =>
  resources.kind === "only" ? resources.patterns.includes("*") : resources.patterns.length === 0;
