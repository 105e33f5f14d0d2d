import { parseArn } from "../arn.ts";
import { type ParsedPolicy, type PolicyDocument, parsePolicy } from "../policy.ts";
import type { HeldPolicy } from "./account-model.ts";
import type { OfIdentity } from "./iam-change.ts";
import type { KnownBoundary, KnownIdentity } from "./known-identity.ts";

/** What an identity holds itself: policies of its groups and texts of managed ones are looked up when it is asked for. */
export interface HeldIdentity {
  readonly kind: KnownIdentity["kind"];
  readonly arn: string;
  readonly id?: string;
  readonly extent: KnownIdentity["extent"];
  readonly inline: readonly HeldPolicy[];
  /** Names of inline policies that it has and whose text is not known or not readable. */
  readonly unread: readonly string[];
  readonly attached: readonly string[];
  readonly groups: readonly string[];
  readonly boundary: KnownBoundary;
  readonly trust?: PolicyDocument;
  readonly tags: Readonly<Record<string, string>>;
  readonly maxSessionSeconds?: number;
}

/** An identity at one moment. `unseen`: nothing was told of it by then. */
export type Held =
  | { readonly kind: "unseen" }
  | { readonly kind: "gone" }
  | { readonly kind: "there"; readonly identity: HeldIdentity };

export const unseen: Held = { kind: "unseen" };
const gone: Held = { kind: "gone" };

/** The kind that an ARN names; nothing where it names no identity. */
export function identityKindOf(arn: string): KnownIdentity["kind"] | undefined {
  const fields = parseArn(arn);
  if (fields === undefined) return undefined;
  const kind = fields.resource.split("/")[0];
  if (fields.service === "iam") return kind === "role" || kind === "user" || kind === "group" ? kind : undefined;
  return kind === "permissionSet" ? "permission-set" : undefined;
}

/** What is known after a change of an identity that was known so before. */
export function heldAfter(before: Held, change: OfIdentity): Held {
  if (change.kind === "created") return madeBy(change);
  if (change.kind === "deleted") return gone;
  // A change proves that the identity was there, whatever was missed.
  const identity = before.kind === "there" ? before.identity : glimpsed(change.identity);
  return identity === undefined ? before : { kind: "there", identity: changed(identity, change) };
}

/** An identity that something was heard of, and nothing else is known of. */
export function glimpsed(arn: string): HeldIdentity | undefined {
  const kind = identityKindOf(arn);
  return kind && { kind, arn, extent: "part", ...nothingHeld, boundary: { kind: "unknown" } };
}

const nothingHeld = { inline: [], unread: [], attached: [], groups: [], tags: {} } as const;

function madeBy(change: Extract<OfIdentity, { kind: "created" }>): Held {
  const kind = identityKindOf(change.identity);
  if (kind === undefined) return unseen;
  const trust = readDocument(change.trust);
  return {
    kind: "there",
    identity: {
      kind,
      arn: change.identity,
      ...(change.id === undefined ? {} : { id: change.id }),
      extent: change.furnished ? "part" : "whole",
      ...nothingHeld,
      boundary: change.boundary === undefined ? { kind: "none" } : { kind: "policy", arn: change.boundary },
      ...(trust.ok ? { trust: trust.document } : {}),
      tags: change.tags,
      ...(change.maxSessionSeconds === undefined ? {} : { maxSessionSeconds: change.maxSessionSeconds }),
    },
  };
}

type Alteration = Exclude<OfIdentity, { kind: "created" | "deleted" }>;

/** Applies one change to what an identity holds. Pure: the identity before stays as it is. */
export function changed(held: HeldIdentity, change: Alteration): HeldIdentity {
  switch (change.kind) {
    case "renamed":
      return { ...held, arn: change.to };
    case "inline-put": {
      const read = readDocument(change.document);
      const { inline, unread } = withoutInline(held, change.name);
      return read.ok
        ? {
            ...held,
            unread,
            inline: [...inline, { name: change.name, text: change.document, document: read.document }],
          }
        : { ...held, inline, unread: [...unread, change.name] };
    }
    case "inline-deleted":
      return { ...held, ...withoutInline(held, change.name) };
    case "attached":
      return { ...held, attached: including(held.attached, change.policy) };
    case "detached":
      return { ...held, attached: held.attached.filter((one) => one !== change.policy) };
    case "boundary-put":
      return { ...held, boundary: { kind: "policy", arn: change.policy } };
    case "boundary-deleted":
      return { ...held, boundary: { kind: "none" } };
    case "trust-put": {
      const read = readDocument(change.document);
      return read.ok ? { ...held, trust: read.document } : withoutTrust(held);
    }
    case "tagged":
      return { ...held, tags: { ...held.tags, ...change.tags } };
    case "untagged":
      return { ...held, tags: withoutKeys(held.tags, change.keys) };
    case "session-set":
      return { ...held, maxSessionSeconds: change.seconds };
    case "joined":
      return { ...held, groups: including(held.groups, change.group) };
    case "left":
      return { ...held, groups: held.groups.filter((one) => one !== change.group) };
  }
}

export const including = (list: readonly string[], one: string): readonly string[] =>
  list.includes(one) ? list : [...list, one];

export const withoutInline = (held: HeldIdentity, name: string): Pick<HeldIdentity, "inline" | "unread"> => ({
  inline: held.inline.filter((one) => one.name !== name),
  unread: held.unread.filter((one) => one !== name),
});

export function withoutTrust(held: HeldIdentity): HeldIdentity {
  const { trust: _, ...rest } = held;
  return rest;
}

export const withoutKeys = (
  tags: Readonly<Record<string, string>>,
  keys: readonly string[],
): Readonly<Record<string, string>> => Object.fromEntries(Object.entries(tags).filter(([key]) => !keys.includes(key)));

const read = new Map<string, ParsedPolicy>();
/** Terraform writes the same texts again and again; beyond these many, they are read anew. */
const mostRead = 512;

/** Reads a document once for each text. */
export function readDocument(given: unknown): ParsedPolicy {
  if (typeof given !== "string") return parsePolicy(given);
  const known = read.get(given);
  if (known !== undefined) return known;
  const parsed = parsePolicy(given);
  if (read.size >= mostRead) read.clear();
  read.set(given, parsed);
  return parsed;
}
