import type { AccountIdentity, AccountState } from "../../iam/account/account-model.ts";
import {
  type HolderKey,
  noRights,
  type PlannedAccess,
  type PlannedHolder,
  type PlannedPolicy,
  type PlannedRights,
} from "../../iam/plans/planned-access.ts";

/** Whom managed policies of a plan touch beyond the plan, and those that nobody known has. */
export interface TouchedByPolicies {
  /** Roles, users and groups of the account that have a policy which the plan rewrites. */
  readonly holders: readonly PlannedHolder[];
  readonly unheld: readonly PlannedPolicy[];
}

/** Looks in the account for holders of the policies that a plan rewrites; holders of the plan itself are its own. */
export function touchedByPolicies(access: PlannedAccess, accounts: AccountState): TouchedByPolicies {
  const planned = new Set(access.holders.map(({ key }) => key));
  const changed = access.policies.filter(
    ({ before, after }) => after !== undefined && JSON.stringify(before) !== JSON.stringify(after),
  );
  const found = changed.map((policy) => ({ policy, holders: holdersIn(accounts, policy) }));
  return {
    holders: found.flatMap(({ holders }) => holders.filter(({ key }) => !planned.has(key))),
    unheld: found
      .filter(({ policy, holders }) => holders.length === 0 && !access.holders.some((one) => has(one, policy)))
      .map(({ policy }) => policy),
  };
}

const has = ({ after }: PlannedHolder, { address }: PlannedPolicy): boolean =>
  after.documents.some((one) => one.address === address);

function holdersIn({ roles, users, groups }: AccountState, policy: PlannedPolicy): readonly PlannedHolder[] {
  const of = (kind: "role" | "user" | "group", held: Iterable<AccountIdentity>): readonly PlannedHolder[] =>
    [...held]
      .filter(({ attached }) => attached.includes(policy.policy))
      .map(({ arn, name }): PlannedHolder => {
        const key: HolderKey = `${kind} ${name}`;
        return {
          key,
          kind,
          name,
          arn,
          address: policy.address,
          before: side(policy, "before"),
          after: side(policy, "after"),
        };
      });
  return [...of("role", roles.values()), ...of("user", users.values()), ...of("group", groups.values())];
}

const side = ({ policy, address, ...sides }: PlannedPolicy, which: "before" | "after"): PlannedRights => ({
  ...noRights,
  exists: true,
  documents: sides[which] === undefined ? [] : [{ name: policy, address, document: sides[which] }],
});
