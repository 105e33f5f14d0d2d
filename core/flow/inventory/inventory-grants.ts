import type { AccountRole, AccountState, AccountUser, HeldPolicy } from "../../iam/account/account-model.ts";
import { grantedBy, type PoliciesInForce, policiesInForce } from "../../iam/account/account-policies.ts";
import { count } from "../../iam/action-set.ts";
import { escalates } from "../../iam/reach/escalates.ts";
import type { EscalationPath } from "../../iam/reach/escalation-path.ts";
import { reachStatements } from "../../iam/reach/reach-statement.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Usage } from "../usage.ts";

/** What the policies of one user or role come to. */
export interface Grants {
  readonly actions: number;
  readonly administrator: boolean;
  readonly paths: readonly EscalationPath[];
  /** Managed policies whose text is not in the state, so that more may be granted. */
  readonly missing: readonly string[];
}

/** Works out grants; holders of the same managed policies share one answer. */
export function grantsIn(
  state: AccountState,
  { table, paths }: IamTables,
): (holder: AccountUser | AccountRole) => Grants {
  const granted = grantedBy(table);
  const known = new Map<string, Grants>();
  const pathsOf = (policies: readonly HeldPolicy[]): readonly EscalationPath[] => {
    const statements = policies.flatMap(({ text }) => {
      const read = reachStatements(text);
      return read.ok ? read.statements : [];
    });
    return statements.length === 0 ? [] : escalates(statements, { paths, table }).map(({ path }) => path);
  };
  const worked = (policies: PoliciesInForce): Grants => {
    const { actions, everything } = granted(policies);
    const own = pathsOf(policies.identity);
    // What a boundary does not open by itself it does not let through.
    const bounded =
      policies.boundary === undefined || own.length === 0 ? undefined : new Set(pathsOf([policies.boundary]));
    return {
      actions: count(actions),
      administrator: everything,
      paths: bounded === undefined ? own : own.filter((path) => bounded.has(path)),
      missing: policies.missing,
    };
  };
  return (holder) => {
    const policies = policiesInForce(holder, state);
    if (holder.inline.length > 0 || ("groups" in holder && holder.groups.length > 0)) return worked(policies);
    const key = JSON.stringify([holder.attached.toSorted(), holder.boundary]);
    const grants = known.get(key) ?? worked(policies);
    known.set(key, grants);
    return grants;
  };
}

/** The IAM actions behind calls, by number; a call that no action is known for counts by its own name. */
export function actionsIn(usage: Usage, { authorise }: IamTables): (api: number) => readonly string[] {
  const known = new Map<number, readonly string[]>();
  return (api) => {
    const before = known.get(api);
    if (before !== undefined) return before;
    const call = usage.api(api);
    const colon = call.indexOf(":");
    const [source, name] = [call.slice(0, colon), call.slice(colon + 1)];
    const asked = authorise({ source, name, parameters: {}, account: "", region: "", partition: "aws" });
    const actions = asked.kind === "unknown" ? [call] : asked.checks.map(({ action }) => action);
    known.set(api, actions);
    return actions;
  };
}
