import type { HeldPolicy } from "./account-model.ts";
import { changed, heldAfter, unseen } from "./held-identity.ts";
import { boundaryOf, heldIn } from "./held-in-known.ts";
import type { OfIdentity } from "./iam-change.ts";
import { knownFrom } from "./known-from-held.ts";
import type { KnownIdentity } from "./known-identity.ts";

/** What a change brings with it, as far as somebody knows it. */
export interface Brought {
  /** What a managed policy says that the identity did not have before. */
  policy(arn: string): HeldPolicy | undefined;
  /** A group that a user joins. */
  group?(name: string): KnownIdentity | undefined;
}

/**
 * The identity with one change applied: what it would be if the call were let through. Pure. Nothing where the change
 * deletes it. `before` is absent for what is created.
 */
export function applied(
  before: KnownIdentity | undefined,
  change: OfIdentity,
  brought: Brought,
): KnownIdentity | undefined {
  if (change.kind === "created" || before === undefined) {
    const made = heldAfter(unseen, change);
    return made.kind === "there"
      ? knownFrom(made.identity, { policy: brought.policy, group: () => undefined })
      : undefined;
  }
  if (change.kind === "deleted") return undefined;
  const held = changed(heldIn(before), change);
  const own = new Set(heldIn(before).inline);
  const inherited = before.policies.identity.filter((one) => !own.has(one) && !isOwnAttached(before, one.name));
  const texts = new Map(before.policies.identity.map((one) => [one.name, one]));
  if (before.policies.boundary !== undefined) texts.set(before.policies.boundary.name, before.policies.boundary);
  const after = knownFrom(
    { ...held, groups: [] },
    {
      policy: (arn) => (arn.startsWith("arn:") ? texts.get(arn) : undefined) ?? brought.policy(arn),
      group: () => undefined,
    },
  );
  const stillInherited = inheritedAfter(before, change, inherited, brought);
  const ownMissing = new Set([...heldIn(before).attached, ...heldIn(before).unread]);
  const missing = before.policies.missing.filter((one) => !ownMissing.has(one) && one !== boundaryOf(before));
  return {
    ...after,
    extent: before.extent === "whole" && stillInherited.whole ? "whole" : "part",
    policies: {
      ...after.policies,
      identity: [...after.policies.identity, ...stillInherited.policies],
      missing: [...new Set([...after.policies.missing, ...missing, ...stillInherited.missing])],
    },
    own: { inline: held.inline.map(({ name }) => name), attached: held.attached },
    ...(before.groups === undefined ? {} : { groups: held.groups }),
  };
}

const isOwnAttached = ({ own }: KnownIdentity, name: string): boolean =>
  own === undefined ? name.startsWith("arn:") : own.attached.includes(name);

interface Inherited {
  readonly policies: readonly HeldPolicy[];
  readonly missing: readonly string[];
  readonly whole: boolean;
}

/** Which policies came by which group is not told, so leaving one makes the answer partial. */
function inheritedAfter(
  { groups = [] }: KnownIdentity,
  change: OfIdentity,
  inherited: readonly HeldPolicy[],
  { group }: Brought,
): Inherited {
  if (change.kind === "left") {
    const others = groups.filter((one) => one !== change.group);
    return others.length === 0
      ? { policies: [], missing: [], whole: true }
      : { policies: inherited, missing: [], whole: false };
  }
  if (change.kind !== "joined" || groups.includes(change.group))
    return { policies: inherited, missing: [], whole: true };
  const joined = group?.(change.group);
  return joined === undefined
    ? { policies: inherited, missing: [`group/${change.group}`], whole: false }
    : {
        policies: [...inherited, ...joined.policies.identity.filter((one) => !inherited.includes(one))],
        missing: joined.policies.missing,
        whole: joined.extent === "whole",
      };
}
