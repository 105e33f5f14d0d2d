import { canonical, canonicalDigest } from "../../event/canonical.ts";
import { type Instant, instant } from "../../event/instant.ts";
import { type Placement, runKeyOf } from "../placement.ts";
import type { Issuance } from "./issuance.ts";
import { linkKeysOf } from "./lineage.ts";

/**
 * What one record says that later ones are judged by, under one of the keys that it is looked up by: who issued a
 * credential, or where a role works. A link under several keys is stored under each of them.
 */
export type StoredLink = {
  readonly schema: 1;
  readonly key: string;
  /** Tells the links under one key apart. The same record, or the same resource of a role, has the same id. */
  readonly id: string;
  /** Of two links with one id the smaller rank stays: the fuller copy of a record, the earlier placement. */
  readonly rank: string;
  readonly keptUntil: Instant;
} & (
  | { readonly kind: "issuance"; readonly issuance: Issuance }
  | { readonly kind: "placement"; readonly placement: Placement }
);

/** Links by key; a key with nothing under it may be absent. */
export type LinksByKey = ReadonlyMap<string, readonly StoredLink[]>;

/**
 * Which credential begot which, and where roles work. Commutative and idempotent: order and repetition change nothing.
 * Every question names its keys; nothing scans. Answers are of the moment, also right after a write by another process.
 */
export interface SessionStore {
  /** Joins links in and answers with all that is then under their keys: one write call, which spares a read. */
  put(links: readonly StoredLink[]): Promise<LinksByKey>;
  /** All that is under these keys: one read call. */
  find(keys: readonly string[]): Promise<LinksByKey>;
  /** Forgets the links that nothing at or after `horizon` (event time) can need; returns how many. Replay never calls it. */
  evict(horizon: Instant): Promise<number>;
}

const hour = 3_600_000;
const day = 24 * hour;

/** The longest a session lives (a user's session token), and so the shortest a link is kept. */
export const longestSession = 36 * hour;

/** Runs are looked up while they run, a role's resources as long as they are not told again: neither says when it ends. */
const runKept = 90 * day;
const roleKept = 400 * day;

/**
 * So many links stay under one key, the smallest ids: a role with more resources than this says nothing by its name
 * alone, and no key but a name that is used again and again has more than three issuing calls.
 */
export const mostLinks = (key: string): number => (key.startsWith("role ") ? 16 : 64);

/** Under which key the resources of a role are found. */
export const roleKey = (role: string): string => `role ${role}`;

/** An issuing call under each of its keys; kept 36 h after it, or 36 h after its credential's expiry when that is later. */
export function issuanceLinks(issuance: Issuance): readonly StoredLink[] {
  const { at, eventID, expires = at } = issuance;
  const keptUntil = instant(Math.max(at, expires) + longestSession);
  const [id, rank] = [`${padded(at)} ${eventID}`, fullestFirst(issuance)];
  return linkKeysOf(issuance).map((key) => ({ schema: 1, key, id, rank, keptUntil, kind: "issuance", issuance }));
}

/** A placement under the run that it started (90 days) and under its role, once for each resource (400 days). */
export function placementLinks(placement: Placement): readonly StoredLink[] {
  const { at, eventID, kind, resource, role } = placement;
  const run = runKeyOf(placement);
  const made = { schema: 1, rank: `${padded(at)} ${eventID}`, kind: "placement", placement } as const;
  return [
    ...(run === undefined
      ? []
      : [{ ...made, key: run, id: `${padded(at)} ${eventID}`, keptUntil: instant(at + runKept) }]),
    ...(role === undefined
      ? []
      : [{ ...made, key: roleKey(role), id: `${kind} ${resource}`, keptUntil: instant(at + roleKept) }]),
  ];
}

/** The links under one key with others joined in, by id; undefined when they change nothing. */
export function joinLinks(
  key: string,
  known: readonly StoredLink[],
  seen: readonly StoredLink[],
): readonly StoredLink[] | undefined {
  const links = new Map(known.map((link) => [link.id, link]));
  for (const link of seen) {
    const other = links.get(link.id);
    if (other === undefined || link.rank < other.rank) links.set(link.id, link);
  }
  const joined = [...links.values()].sort((a, b) => (a.id < b.id ? -1 : 1)).slice(0, mostLinks(key));
  const same = joined.length === known.length && joined.every((link, place) => link.rank === known[place]?.rank);
  return same && joined.every((link, place) => link.id === known[place]?.id) ? undefined : joined;
}

const padded = (at: Instant): string => String(at).padStart(16, "0");

/** As for records: the longer canonical JSON, then the greater hash. */
function fullestFirst(issuance: Issuance): string {
  const shorter = 9_999_999_999 - canonical(issuance).length;
  const digest = canonicalDigest(issuance).slice(0, 12);
  const smaller = (0xffffffffffff - Number.parseInt(digest, 16)).toString(16).padStart(12, "0");
  return `${String(shorter).padStart(10, "0")} ${smaller}`;
}
