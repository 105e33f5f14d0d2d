import type { AccountIdentity, AccountState } from "./account-model.ts";
import { type AccountProblem, readAccount } from "./account-reader.ts";

/** One parsed file, under the name that messages use. */
export interface AccountFile {
  readonly file: string;
  readonly value: unknown;
}

export const noAccounts: AccountState = {
  accounts: new Set(),
  users: new Map(),
  groups: new Map(),
  roles: new Map(),
  policies: new Map(),
};

/**
 * Joins files into one state. What cannot be read is named and left out, never guessed; of two entries with one ARN the
 * one that was created later stays, and of equals the last in file order.
 */
export function readAccountState(files: readonly AccountFile[]): {
  readonly state: AccountState;
  readonly problems: readonly AccountProblem[];
} {
  const read = files.map(({ file, value }) => readAccount(value, file));
  const users = joined(read.flatMap((one) => one.users));
  const groups = joined(read.flatMap((one) => one.groups));
  const roles = joined(read.flatMap((one) => one.roles));
  const policies = new Map(read.flatMap((one) => one.policies).map((one) => [one.arn, one]));
  const accounts = new Set([...users.values(), ...groups.values(), ...roles.values()].map(({ account }) => account));
  return { state: { accounts, users, groups, roles, policies }, problems: read.flatMap((one) => one.problems) };
}

function joined<One extends AccountIdentity>(all: readonly One[]): ReadonlyMap<string, One> {
  const found = new Map<string, One>();
  for (const one of all) {
    const known = found.get(one.arn);
    if (known === undefined || (known.created ?? 0) <= (one.created ?? 0)) found.set(one.arn, one);
  }
  return found;
}
