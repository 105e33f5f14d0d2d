import type { AccountState } from "../../iam/account/account-model.ts";
import { grantedBy, policiesInForce } from "../../iam/account/account-policies.ts";
import { count, emptySet, placesOf, setOf, union, without } from "../../iam/action-set.ts";
import { escalates } from "../../iam/reach/escalates.ts";
import { reachStatements } from "../../iam/reach/reach-statement.ts";
import type { IamTables } from "../../iam/tables.ts";
import { grantsIn } from "../inventory/inventory-grants.ts";
import { type SuggestedStatement, serviceOf } from "./suggest-statements.ts";
import type { Use } from "./suggest-use.ts";

/** What is granted today and was not used. */
export interface Unused {
  readonly granted: number;
  readonly actions: number;
  /** Unused actions by service. */
  readonly services: ReadonlyMap<string, number>;
  /** Ids of known ways to more rights that are open today and that the draft would close. */
  readonly paths: readonly string[];
  /** Everything on everything is granted. */
  readonly administrator: boolean;
  /** Attached policies whose text is not in the state: more may be granted. */
  readonly missing: readonly string[];
}

/** Ids of the known ways to more rights that statements open. */
export function pathsIn(
  statements: readonly Pick<SuggestedStatement, "actions" | "resources">[],
  { paths, table }: IamTables,
): readonly string[] {
  const read = reachStatements({
    Version: "2012-10-17",
    Statement: statements.map(({ actions, resources }) => ({ Effect: "Allow", Action: actions, Resource: resources })),
  });
  return read.ok && statements.length > 0
    ? escalates(read.statements, { paths, table }).map(({ path }) => path.id)
    : [];
}

/** Compares what roles and users are granted with what was used; nothing where the state knows none of them. */
export function unusedIn(
  accounts: AccountState,
  tables: IamTables,
): (holders: readonly string[], use: Use, statements: readonly SuggestedStatement[]) => Unused | undefined {
  const { table } = tables;
  const granted = grantedBy(table);
  const grants = grantsIn(accounts, tables);
  return (holders, use, statements) => {
    const found = holders.flatMap((arn) => accounts.roles.get(arn) ?? accounts.users.get(arn) ?? []);
    if (found.length === 0) return undefined;
    const all = found.reduce(
      (sum, one) => union(sum, granted(policiesInForce(one, accounts)).actions),
      emptySet(table.size),
    );
    const used = setOf(
      table.size,
      [...use.actions.keys()].flatMap((action) => table.find(action)?.place ?? []),
    );
    const unused = without(all, used);
    const services = new Map<string, number>();
    for (const place of placesOf(unused)) {
      const service = serviceOf(table.at(place)?.name ?? "");
      services.set(service, (services.get(service) ?? 0) + 1);
    }
    const kept = new Set(pathsIn(statements, tables));
    const known = found.map((one) => grants(one));
    const open = new Set(known.flatMap(({ paths }) => paths.map(({ id }) => id)));
    return {
      granted: count(all),
      actions: count(unused),
      services,
      paths: [...open].filter((id) => !kept.has(id)).sort(),
      administrator: known.some((one) => one.administrator),
      missing: [...new Set(known.flatMap(({ missing }) => missing))].sort(),
    };
  };
}
