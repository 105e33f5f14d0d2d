import type { Principal } from "../../event/principal.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Placements } from "../../identity/placement.ts";
import type { Registry } from "../../identity/workload.ts";
import type { CapacityUse } from "./suggest-envelope.ts";
import { type PassedOver, type Suggested, suggestedFor } from "./suggest-identity.ts";
import { factsOf, type OwnerFact, ranks } from "./suggest-owner.ts";
import { addUse, type ConductCount, emptyUse, type Use } from "./suggest-use.ts";

/** What was done, and by whom. */
export interface Gathering {
  readonly rows: Iterable<ConductCount & { readonly principal: number }>;
  /** Accelerators that calls asked for. */
  readonly capacity: Iterable<{ readonly principal: number; readonly family: string; readonly instances: number }>;
  /** Agents and gateways that calls asked, as `mayInvoke` writes them. */
  readonly asks: Iterable<{ readonly principal: number; readonly callee: string }>;
  readonly principalOf: (number: number) => Principal;
  readonly attributionOf: (principal: number) => Attribution;
  readonly registry: Registry;
  readonly placements: Placements;
}

/** What the records show of one identity. */
export interface SeenIdentity {
  who: Suggested;
  readonly use: Use;
  /** Attribution ids. */
  readonly ids: Set<string>;
  /** Roles and users that signed. */
  readonly holders: Set<string>;
  readonly callees: Set<string>;
  /** What its sessions' tags say of its owner, by what they say. */
  readonly said: Map<string, OwnerFact>;
  principals: number;
  /** Principals that do more than ask for a session. */
  sessions: number;
  /** Absent where a chain's beginning was not seen. */
  hops: number | undefined;
  capacity?: CapacityUse;
}

/** Under which subject the tags of its sessions are filed. */
export const sessionsOf = ({ key }: Suggested): string => `sessions of ${key}`;

/** Sums up what each identity did. The order of the input does not matter. */
export function gathered({ rows, capacity, asks, principalOf, attributionOf, registry, placements }: Gathering): {
  readonly seen: ReadonlyMap<string, SeenIdentity>;
  readonly passedOver: ReadonlyMap<PassedOver, number>;
} {
  const seen = new Map<string, SeenIdentity>();
  const passedOver = new Map<PassedOver, number>();
  const known = new Map<number, SeenIdentity | PassedOver>();
  const seenAs = (number: number): SeenIdentity | PassedOver => {
    const before = known.get(number);
    if (before !== undefined) return before;
    const principal = principalOf(number);
    const attribution = attributionOf(number);
    const who = suggestedFor(principal, attribution, { registry, placements });
    const one = typeof who === "string" ? who : (seen.get(who.key) ?? unseen(who));
    known.set(number, one);
    if (typeof one === "string") return one;
    seen.set(one.who.key, one);
    if (typeof who !== "string" && words(who) < words(one.who)) one.who = who;
    learn(one, principal, attribution);
    return one;
  };
  for (const row of rows) {
    const one = seenAs(row.principal);
    if (typeof one === "string") passedOver.set(one, (passedOver.get(one) ?? 0) + row.count);
    else addUse(one.use, row);
  }
  for (const { principal, family, instances } of capacity) {
    const one = known.get(principal);
    if (one === undefined || typeof one === "string") continue;
    one.capacity ??= { families: new Set(), instances: 0 };
    one.capacity.families.add(family);
    one.capacity.instances = Math.max(one.capacity.instances, instances);
  }
  for (const { principal, callee } of asks) {
    const one = known.get(principal);
    if (one !== undefined && typeof one !== "string") one.callees.add(callee);
  }
  for (const [key, { sessions, use }] of seen) {
    if (sessions > 0) continue;
    seen.delete(key);
    passedOver.set("asks only", (passedOver.get("asks only") ?? 0) + use.calls);
  }
  return { seen, passedOver };
}

/** A federated identity that asks for sessions and does nothing else: what they do is drafted under whoever they are. */
const asksOnly = ({ hops: [own] }: Attribution): boolean => own?.eventID === null && own.end === "federation";

/** So many attribution ids are kept to be asked by: runs come without end. */
const mostIds = 1_000;

/** Of several ways to one selector, the words of the same one count in whatever order they come. */
const words = (who: Suggested): string =>
  who.kind === "declared" ? "" : JSON.stringify([who.because, who.account, who.region]);

const unseen = (who: Suggested): SeenIdentity => ({
  who,
  use: emptyUse(),
  ids: new Set(),
  holders: new Set(),
  callees: new Set(),
  said: new Map(),
  principals: 0,
  sessions: 0,
  hops: 0,
});

function learn(one: SeenIdentity, principal: Principal, attribution: Attribution): void {
  one.principals++;
  if (!asksOnly(attribution)) one.sessions++;
  const id = "id" in attribution ? attribution.id : undefined;
  if (id !== undefined && one.ids.size < mostIds) one.ids.add(id);
  if (principal.kind === "assumed-role") one.holders.add(principal.role);
  else if ((principal.kind === "iam-user" || principal.kind === "role") && principal.arn !== undefined)
    one.holders.add(principal.arn);
  const about = { subject: sessionsOf(one.who), source: "session tag, set by its caller", rank: ranks.session };
  for (const fact of factsOf(Object.entries(attribution.hops[0]?.tags ?? {}), about))
    if (one.said.size < mostIds) one.said.set(`${fact.part} ${fact.value} ${fact.source}`, fact);
  const known = attribution.hops.at(-1)?.end !== "not-seen";
  one.hops = known && one.hops !== undefined ? Math.max(one.hops, attribution.hops.length - 1) : undefined;
}
