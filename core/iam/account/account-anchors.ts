import type { AccountIdentity, AccountRole, AccountState, AccountUser } from "./account-model.ts";
import type { HeldIdentity } from "./held-identity.ts";
import type { PolicyAnchor } from "./managed-content.ts";
import { holdersKey, identityKey, profileKey, type WriteKey } from "./write-key.ts";

/** An identity of an account state, and the time that the state is not older than. */
export interface AnchoredIdentity {
  readonly identity: HeldIdentity;
  /** Milliseconds since 1970; 0 where nothing in the state is dated. */
  readonly asOf: number;
}

/** An account state by the keys that writes are kept under. */
export interface Anchors {
  identity(key: WriteKey): AnchoredIdentity | undefined;
  policy(arn: string): PolicyAnchor | undefined;
  /** Keys of the identities that have this policy attached or are bounded by it. */
  holders(policy: string): readonly WriteKey[];
  /** Name of the role that an instance profile hands out. */
  profile(arn: string): string | undefined;
}

/** Indexes a state when it is first asked. */
export function anchorsOf(state: AccountState): Anchors {
  let made: Indexed | undefined;
  const indexed = (): Indexed => {
    made ??= index(state);
    return made;
  };
  return {
    identity: (key) => indexed().identities.get(key),
    policy(arn) {
      const found = state.policies.get(arn);
      if (found === undefined) return undefined;
      const { version, text, document } = found;
      return { version, text, document, asOf: indexed().asOf.get(arn.split(":")[4] ?? "") ?? 0 };
    },
    holders: (policy) => indexed().holders.get(holdersKey(policy)) ?? [],
    profile: (arn) => indexed().profiles.get(profileKey(arn)),
  };
}

interface Indexed {
  readonly asOf: ReadonlyMap<string, number>;
  readonly identities: ReadonlyMap<WriteKey, AnchoredIdentity>;
  readonly holders: ReadonlyMap<WriteKey, readonly WriteKey[]>;
  readonly profiles: ReadonlyMap<WriteKey, string>;
}

function index({ users, groups, roles }: AccountState): Indexed {
  const asOf = new Map<string, number>();
  const dated = ({ account }: AccountIdentity, at = 0): void =>
    void asOf.set(account, Math.max(asOf.get(account) ?? 0, at));
  for (const one of [...users.values(), ...groups.values(), ...roles.values()]) dated(one, one.created);
  // IAM does not date its answer; nothing in it can be younger.
  for (const one of roles.values()) dated(one, one.lastUsed?.at);
  const identities = new Map<WriteKey, AnchoredIdentity>();
  const holders = new Map<WriteKey, WriteKey[]>();
  const put = (one: AccountIdentity, identity: HeldIdentity): void => {
    const key = identityKey(one.arn);
    identities.set(key, { identity, asOf: asOf.get(one.account) ?? 0 });
    const held = identity.boundary.kind === "policy" ? [...one.attached, identity.boundary.arn] : one.attached;
    for (const policy of held) holders.set(holdersKey(policy), [...(holders.get(holdersKey(policy)) ?? []), key]);
  };
  for (const one of users.values())
    put(one, { ...ownOf(one, "user"), ...boundOf(one), groups: one.groups, tags: one.tags });
  for (const one of groups.values()) put(one, ownOf(one, "group"));
  for (const one of roles.values())
    put(one, { ...ownOf(one, "role"), ...boundOf(one), trust: one.trust, tags: one.tags });
  const profiles = new Map(
    [...roles.values()].flatMap((one) => (one.profiles ?? []).map((arn) => [profileKey(arn), one.name] as const)),
  );
  return { asOf, identities, holders, profiles };
}

const ownOf = ({ arn, id, inline, attached }: AccountIdentity, kind: HeldIdentity["kind"]): HeldIdentity => ({
  kind,
  arn,
  ...(id === "" ? {} : { id }),
  extent: "whole",
  inline,
  unread: [],
  attached,
  groups: [],
  boundary: { kind: "none" },
  tags: {},
});

const boundOf = ({ boundary }: AccountUser | AccountRole): Pick<HeldIdentity, "boundary"> => ({
  boundary: boundary === undefined ? { kind: "none" } : { kind: "policy", arn: boundary },
});
