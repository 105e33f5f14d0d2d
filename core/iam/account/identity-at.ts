import { unseen } from "./held-identity.ts";
import { heldIn } from "./held-in-known.ts";
import { heldStates } from "./held-states.ts";
import type { IamWrite, WriteMoment } from "./iam-change.ts";
import { knownFrom } from "./known-from-held.ts";
import type { KnownIdentity } from "./known-identity.ts";
import { countBefore, identityKey } from "./write-key.ts";

interface Reading {
  /** The writes of the identity, in order. */
  readonly log: readonly IamWrite[];
  readonly moment: WriteMoment;
  /** When IAM was read: every write up to then is in what it said. */
  readonly readAt: number;
}

/**
 * What an identity was at a moment, from what IAM said of it at another: writes between are taken back, or applied where
 * IAM was read before them. `between` is how many there were. Nothing where it was not there. Texts of managed policies are those that IAM told, which may be younger.
 */
export function identityAt(
  later: KnownIdentity,
  { log, moment, readAt }: Reading,
): { readonly identity: KnownIdentity; readonly between: number } | undefined {
  const included = log.filter((one) => one.at <= readAt).length;
  const at = countBefore(log, moment);
  if (at === included) return { identity: later, between: 0 };
  const held = heldIn(later);
  const states = heldStates(log, {
    key: identityKey(later.arn),
    anchor: { identity: held, included },
    heldUnder: () => unseen,
  });
  const then = states[at];
  if (then === undefined || then.kind !== "there") {
    // Its making or its end is among the writes: beyond that there was none. Otherwise nobody can say.
    const made = log
      .slice(Math.min(at, included), Math.max(at, included))
      .some(({ change }) => change.kind === "created" || change.kind === "deleted");
    return made ? undefined : { identity: { ...later, extent: "part" }, between: 0 };
  }
  const texts = new Map(later.policies.identity.map((one) => [one.name, one]));
  if (later.policies.boundary !== undefined) texts.set(later.policies.boundary.name, later.policies.boundary);
  const own = knownFrom({ ...then.identity, groups: [] }, { policy: (arn) => texts.get(arn), group: () => undefined });
  const ownNames = new Set([...held.inline.map(({ name }) => name), ...held.attached]);
  const inherited = later.policies.identity.filter(({ name }) => !ownNames.has(name));
  return {
    between: Math.abs(included - at),
    identity: {
      ...own,
      policies: { ...own.policies, identity: [...own.policies.identity, ...inherited] },
      ...(later.groups === undefined ? {} : { groups: then.identity.groups }),
      extent: then.identity.extent === "whole" && own.extent === "whole" && later.extent === "whole" ? "whole" : "part",
    },
  };
}
