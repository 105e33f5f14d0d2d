import type { HeldIdentity } from "./held-identity.ts";
import type { KnownIdentity } from "./known-identity.ts";

/** What it holds itself. Own policies come first, so the first of a name is its own. */
export function heldIn(known: KnownIdentity): HeldIdentity {
  const { policies, own } = known;
  const inline =
    own === undefined
      ? policies.identity.filter(({ name }) => !name.startsWith("arn:"))
      : own.inline.flatMap((name) => policies.identity.find((one) => one.name === name) ?? []);
  const attached =
    own?.attached ??
    [...policies.identity.map(({ name }) => name), ...policies.missing].filter(
      (name) => name.startsWith("arn:") && name !== boundaryOf(known),
    );
  return {
    kind: known.kind,
    arn: known.arn,
    ...(known.id === undefined ? {} : { id: known.id }),
    extent: known.extent,
    inline,
    unread: policies.missing.filter((one) => !attached.includes(one) && !/^(?:arn:|group\/)/.test(one)),
    attached,
    groups: known.groups ?? [],
    boundary: known.boundary,
    ...(known.trust === undefined ? {} : { trust: known.trust }),
    tags: known.tags,
    ...(known.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: known.maxSessionSeconds }),
  };
}

/** The policy that bounds it, by ARN. */
export const boundaryOf = ({ boundary }: KnownIdentity): string | undefined =>
  boundary.kind === "policy" ? boundary.arn : undefined;
