import type { HeldPolicy } from "./account-model.ts";
import type { HeldIdentity } from "./held-identity.ts";
import type { KnownIdentity } from "./known-identity.ts";

/** What lies around an identity at the same moment. */
export interface Around {
  /** What a managed policy says, where it is known. */
  policy(arn: string): HeldPolicy | undefined;
  /** A group of the identity's account by name, where it is known. */
  group(name: string): HeldIdentity | undefined;
}

/** The identity with its groups' policies and the texts of managed ones: own before the groups', inline before attached. */
export function knownFrom(held: HeldIdentity, around: Around): KnownIdentity {
  const groups = held.groups.map((name) => around.group(name));
  const known = groups.filter((one) => one !== undefined);
  const all = [held, ...known];
  const attached = [...new Set(all.flatMap((one) => one.attached))];
  const bounding = held.boundary.kind === "policy" ? held.boundary.arn : undefined;
  const boundary = bounding === undefined ? undefined : around.policy(bounding);
  const texts = attached.map((arn) => [arn, around.policy(arn)] as const);
  const unknownGroups = held.groups.filter((_, at) => groups[at] === undefined);
  const missing = [
    ...texts.flatMap(([arn, text]) => (text === undefined ? [arn] : [])),
    ...(bounding !== undefined && boundary === undefined ? [bounding] : []),
    ...all.flatMap((one) => one.unread),
    ...unknownGroups.map((name) => `group/${name}`),
  ];
  const whole = unknownGroups.length === 0 && all.every((one) => one.extent === "whole");
  return {
    kind: held.kind,
    arn: held.arn,
    ...(held.id === undefined ? {} : { id: held.id }),
    policies: {
      identity: [
        ...all.flatMap((one) => one.inline),
        ...texts.flatMap(([, text]) => (text === undefined ? [] : [text])),
      ],
      ...(boundary === undefined ? {} : { boundary }),
      missing: [...new Set(missing)],
    },
    own: { inline: held.inline.map(({ name }) => name), attached: held.attached },
    extent: whole ? "whole" : "part",
    ...(held.trust === undefined ? {} : { trust: held.trust }),
    boundary: held.boundary,
    tags: held.tags,
    ...(held.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: held.maxSessionSeconds }),
    ...(held.kind === "user" ? { groups: held.groups } : {}),
  };
}
