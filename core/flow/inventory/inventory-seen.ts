import type { Attribution } from "../../identity/attribution.ts";
import { noPrincipal } from "../../identity/principal-index.ts";
import { type Horizon, within } from "../horizon.ts";
import { type State, signerAt } from "../state.ts";
import { type Face, facesOf } from "./inventory-face.ts";

/** What the records show of one identity or credential. */
export interface Seen {
  face: Face;
  calls: number;
  /** Whole seconds. */
  first: number;
  last: number;
  /** Numbers of the calls it used, as the state's usage counts them. */
  readonly apis: Set<number>;
  readonly assumedBy: Set<string>;
  /** What ran under it, by attribution id. */
  readonly ran: Set<string>;
  /** Manifests that declare what ran. */
  readonly manifests: Set<string>;
  readonly members: Set<string>;
}

/** Of names under one row so many are kept: enough to see that something is shared, and by whom. */
export const mostNames = 200;

/** Walks the records once and every principal once; memory grows with the identities, not with the records. */
export function seenIdentities(
  state: State,
  horizon: Horizon,
  attributionOf: (principal: number) => Attribution,
): ReadonlyMap<string, Seen> {
  const { calls, first, last } = timesOf(state, horizon);
  const { head, next, apis } = usedBy(state);
  const seen = new Map<string, Seen>();
  /** Manifests of the sessions that each federated subject began. */
  const begun = new Map<string, Set<string>>();
  for (let number = 0; number < state.principals.count; number++) {
    const count = calls[number] ?? 0;
    if (count === 0) continue;
    const attribution = attributionOf(number);
    for (const face of facesOf(state.principals.read(number), attribution)) {
      const row = seen.get(face.id) ?? unseen(face);
      seen.set(face.id, row);
      row.face = lesser(row.face, face);
      row.calls += count;
      row.first = Math.min(row.first, first[number] ?? row.first);
      row.last = Math.max(row.last, last[number] ?? 0);
      for (let pair = head[number] ?? 0; pair !== 0; pair = next[pair] ?? 0) row.apis.add(apis[pair] ?? 0);
      learn(row, face, attribution);
    }
    const end = attribution.hops.at(-1);
    if (end?.end !== "federation" || attribution.kind !== "workload" || !attribution.declared) continue;
    const names = begun.get(end.principal) ?? new Set<string>();
    begun.set(end.principal, names);
    keep(names, attribution.id);
  }
  for (const { face, manifests } of seen.values())
    for (const name of (face.subject !== undefined && begun.get(face.subject)) || []) keep(manifests, name);
  return seen;
}

const unseen = (face: Face): Seen => ({
  face,
  calls: 0,
  first: 0xffffffff,
  last: 0,
  apis: new Set(),
  assumedBy: new Set(),
  ran: new Set(),
  manifests: new Set(),
  members: new Set(),
});

function learn(row: Seen, face: Face, attribution: Attribution): void {
  if (face.member !== undefined) keep(row.members, face.member);
  const [own, issuer] = attribution.hops;
  if (own !== undefined && own.eventID !== null && issuer !== undefined && row.face.kind === "role")
    keep(row.assumedBy, sessionless(issuer.principal));
  if (attribution.kind !== "workload" && attribution.kind !== "external") return;
  keep(row.ran, attribution.id);
  if (attribution.declared) keep(row.manifests, attribution.id);
}

/** Records may disagree, such as about the holder of a key: which one stays must not depend on their order. */
function lesser(one: Face, other: Face): Face {
  return one !== other && (other.holder ?? "") < (one.holder ?? "") ? other : one;
}

/** Of too many names the first in the alphabet stay, whatever order they come in. */
function keep(into: Set<string>, name: string): void {
  if (into.has(name)) return;
  into.add(name);
  if (into.size <= mostNames) return;
  let last = name;
  for (const one of into) if (one > last) last = one;
  into.delete(last);
}

/** Session names are many and chosen by callers; the role is who may come again. */
const sessionless = (principal: string): string =>
  principal.replace(/^(arn:[^:]+:sts::\d{12}:assumed-role\/[^/]+)\/.*$/, "$1");

function timesOf(state: State, horizon: Horizon) {
  const calls = new Uint32Array(state.principals.count);
  const first = new Uint32Array(state.principals.count).fill(0xffffffff);
  const last = new Uint32Array(state.principals.count);
  state.records.each((pointer, flags, second) => {
    if (!within(horizon, second)) return;
    const number = signerAt(state, pointer, flags);
    if (number === noPrincipal) return;
    calls[number] = (calls[number] ?? 0) + 1;
    first[number] = Math.min(first[number] ?? 0, second);
    last[number] = Math.max(last[number] ?? 0, second);
  });
  return { calls, first, last };
}

/** The calls of each principal as chains in three columns; 0 ends a chain. */
function usedBy({ usage, principals }: State) {
  const head = new Uint32Array(principals.count);
  const next = new Uint32Array(usage.size + 1);
  const apis = new Uint32Array(usage.size + 1);
  let pair = 0;
  usage.each((principal, api) => {
    if (principal >= head.length) return;
    pair++;
    next[pair] = head[principal] ?? 0;
    apis[pair] = api;
    head[principal] = pair;
  });
  return { head, next, apis };
}
