import type { AccountState } from "../../iam/account/account-model.ts";
import { accountOf } from "../../iam/arn.ts";
import type { State } from "../state.ts";

/** When identities began and ended, from the records and the IAM state. */
export interface Lives {
  /** When it was made, in whole seconds, and by whom. The id is an ARN or an access key's id. */
  bornOf(id: string): { readonly at?: number; readonly by?: string };
  /** What the records show being made and not being deleted again. */
  readonly made: Iterable<Made>;
  /** Whether it is still there, where that is known. */
  exists(id: string): boolean | undefined;
}

/** Something that was made: its id, and for a key its user. */
export interface Made {
  readonly id: string;
  readonly holder?: string;
}

/** Reads the notes of a state. The IAM state outweighs the records; of two creations the later counts, for a name may come again. */
export function livesIn(state: State, accounts: AccountState): Lives {
  const born = new Map<string, Birth>();
  const died = new Map<string, number>();
  for (const { note } of state.usage.notes((entry) => state.records.stayed(entry))) {
    if (note.kind === "secret") continue;
    const key = pathless(note.id);
    if (note.kind === "deleted") died.set(key, Math.max(note.at, died.get(key) ?? 0));
    else if (isLater(note, born.get(key))) born.set(key, note);
  }
  const held = new Set([...accounts.users.keys(), ...accounts.roles.keys()].map(pathless));
  const isDead = (key: string, { at }: Birth): boolean => (died.get(key) ?? -1) >= at;
  return {
    made: [...born].flatMap(([key, one]) => (isDead(key, one) ? [] : [one])),
    bornOf(id) {
      const found = born.get(pathless(id));
      const created = (accounts.users.get(id) ?? accounts.roles.get(id))?.created;
      return {
        ...(created === undefined ? found && { at: found.at } : { at: Math.floor(created / 1_000) }),
        ...(found === undefined || found.by === "" ? {} : { by: found.by }),
      };
    },
    exists(id) {
      const key = pathless(id);
      if (held.has(key)) return true;
      if (/:(?:role|user)\//.test(id) && accounts.accounts.has(accountOf(id) ?? "")) return false;
      const death = died.get(key);
      return death !== undefined && death >= (born.get(key)?.at ?? 0) ? false : undefined;
    },
  };
}

type Birth = Made & { readonly at: number; readonly by: string };

const isLater = (one: Birth, other: Birth | undefined): boolean =>
  other === undefined || one.at > other.at || (one.at === other.at && one.by > other.by);

/** Names are unique in an account, and some records leave the path out. */
export const pathless = (id: string): string =>
  id.replace(/^(arn:[^:]+:iam::\d{12}:(?:role|user)\/)(?:.*\/)?([^/]+)$/, "$1$2");
