import { type Instant, instant } from "../../event/instant.ts";
import type { Issuance } from "../../identity/lineage/issuance.ts";
import { callersCopy, issuanceFor, linkKeysOf } from "../../identity/lineage/lineage.ts";
import type { Target } from "../../respond/plan.ts";
import { isTarget } from "../../respond/slot-writers.ts";

/** A session that was begun with one of the principal's, or with one of those: it goes on whatever is denied to the principal. */
export interface Descendant {
  /** 1 for a session that the principal itself began. */
  readonly hops: number;
  /** The role, or the federated user, that it acts as. */
  readonly role?: string;
  /** `AROA…:name`, where the record has it. */
  readonly sessionId?: string;
  readonly accessKeyId?: string;
  readonly account?: string;
  /** The record that issued it. */
  readonly eventID: string;
  readonly at: Instant;
  readonly expires: Instant;
  readonly isAlive: boolean;
}

/** How far the walk goes: so many hops, over calls of so long ago at most. */
export const descent = { hops: 3, since: 24 * 3_600_000 } as const;

/** A session that another session began lives an hour at most, whatever was asked for (STS API, AssumeRole: role chaining). */
const chained = 3_600_000;

/**
 * The sessions that come from a principal's, over the issuing calls that are kept, across accounts. A link is what proves
 * it for an attribution: the issued key, or the session's beginning; a name alone links nothing. Sorted by (time, id).
 */
export function descendantsOf(target: Target, issuances: Iterable<Issuance>, now: Instant): readonly Descendant[] {
  const since = now - descent.since;
  const recent = [...issuances].filter(({ at }) => at >= since);
  const byKey = new Map<string, Issuance[]>();
  for (const one of recent)
    for (const key of linkKeysOf(one)) {
      const known = byKey.get(key);
      if (known === undefined) byKey.set(key, [one]);
      else known.push(one);
    }
  const find = (key: string): readonly Issuance[] => byKey.get(key) ?? [];
  const hops = hopsTo(target, find);
  return calls(recent).flatMap((copies) => {
    const own = callersCopy(copies);
    const distance = own === undefined ? undefined : hops(own);
    if (own === undefined || distance === undefined || isItself(copies, target)) return [];
    return [descendantIn(copies, own, { hops: distance, now })];
  });
}

/** How many issuing calls lie between the principal and a session; undefined when it does not come from there. */
function hopsTo(target: Target, find: (key: string) => readonly Issuance[]): (issued: Issuance) => number | undefined {
  const known = new Map<string, number | undefined>();
  const count = (issued: Issuance, left: number): number | undefined => {
    if (isTarget(issued.caller, target)) return 1;
    if (left === 0) return undefined;
    const key = `${issued.eventID} ${left}`;
    if (known.has(key)) return known.get(key);
    const parent = issuanceFor(issued.caller, find);
    const above = parent === undefined || parent.eventID === issued.eventID ? undefined : count(parent, left - 1);
    const found = above === undefined ? undefined : above + 1;
    known.set(key, found);
    return found;
  };
  return (issued) => count(issued, descent.hops - 1);
}

/** The copies of each call, by time: one call across accounts is recorded in both. */
function calls(issuances: readonly Issuance[]): readonly (readonly Issuance[])[] {
  const byCall = Map.groupBy(issuances, ({ sharedEventID, eventID }) => sharedEventID ?? eventID);
  return [...byCall.values()].sort(([a], [b]) => order(a) - order(b) || (id(a) < id(b) ? -1 : 1));
}

const order = (one: Issuance | undefined): number => one?.at ?? 0;
const id = (one: Issuance | undefined): string => one?.eventID ?? "";

/** A new session of the principal itself is denied with it. */
const isItself = (copies: readonly Issuance[], target: Target): boolean =>
  copies.some(
    ({ session, api, caller }) =>
      session.id?.startsWith(`${target.id}:`) === true ||
      ((api === "sts:GetSessionToken" || api === "sts:GetFederationToken") && caller.id === target.id),
  );

function descendantIn(
  copies: readonly Issuance[],
  own: Issuance,
  { hops, now }: { readonly hops: number; readonly now: Instant },
): Descendant {
  const first = <Value>(read: (one: Issuance) => Value | undefined): Value | undefined =>
    copies.map(read).find((one) => one !== undefined);
  const role = first(({ session }) => session.role);
  const sessionId = first(({ session }) => session.id);
  const accessKeyId = first((one) => one.accessKeyId);
  const account = role?.split(":")[4] ?? own.account;
  const expires = first((one) => one.expires) ?? instant(own.at + chained);
  return {
    hops,
    ...(role === undefined ? {} : { role }),
    ...(sessionId === undefined ? {} : { sessionId }),
    ...(accessKeyId === undefined ? {} : { accessKeyId }),
    ...(account === undefined ? {} : { account }),
    eventID: own.eventID,
    at: own.at,
    expires,
    isAlive: expires > now,
  };
}
