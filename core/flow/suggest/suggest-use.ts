import { isGlobal } from "../../iam/global-services.ts";
import type { Conduct } from "../../identity/conduct.ts";

/** Equal conduct of one principal on one day, counted. Seconds since 1970. */
export interface ConductCount {
  readonly conduct: Conduct;
  readonly count: number;
  readonly first: number;
  readonly last: number;
}

/** How often something was seen, and when. */
export interface Span {
  calls: number;
  first: number;
  last: number;
}

/** What one identity did with one action. */
export interface ActionUse extends Span {
  /** At most `mostResources`; empty once there were more, and `many` is set. */
  readonly resources: Set<string>;
  many: boolean;
  /** Partition, Region and account of the resources, and of the calls whose records do not say on what. */
  readonly places: Set<string>;
}

/**
 * Everything that one identity was seen doing, as an envelope speaks of it. A sum: the order of what is added does not
 * matter. Refused calls are told apart: they used nothing.
 */
export interface Use extends Span {
  readonly days: Set<number>;
  readonly actions: Map<string, ActionUse>;
  readonly denied: Map<string, Span>;
  /** Calls whose IAM actions are not known: no envelope speaks of them. */
  readonly unknown: Map<string, Span>;
  /** Not of services that belong to the whole partition: their records say where AWS keeps them. */
  readonly regions: Map<string, Span>;
  readonly models: Map<string, Span>;
  readonly secrets: Map<string, Span>;
  readonly endpoints: Map<string, Span>;
  /** Calls that came neither through a VPC endpoint nor from a service. */
  elsewhere: number;
  /** The longest validity that it asked for when it took a session. */
  sessionSeconds: number;
}

export const emptyUse = (): Use => ({
  ...emptySpan(),
  days: new Set(),
  actions: new Map(),
  denied: new Map(),
  unknown: new Map(),
  regions: new Map(),
  models: new Map(),
  secrets: new Map(),
  endpoints: new Map(),
  elsewhere: 0,
  sessionSeconds: 0,
});

const emptySpan = (): Span => ({ calls: 0, first: Number.POSITIVE_INFINITY, last: 0 });

const daySeconds = 86_400;

/** Adds one row. */
export function addUse(use: Use, row: ConductCount): void {
  const { conduct } = row;
  widen(use, row);
  use.days.add(Math.floor(row.first / daySeconds));
  use.days.add(Math.floor(row.last / daySeconds));
  if (conduct.outcome === "denied") {
    for (const name of conduct.checks?.map(({ action }) => action) ?? [conduct.api]) spanIn(use.denied, name, row);
    return;
  }
  addOrigin(use, row);
  if (!isRegionless(conduct)) spanIn(use.regions, conduct.region, row);
  if (conduct.model !== undefined) spanIn(use.models, conduct.model, row);
  for (const secret of conduct.secrets ?? []) spanIn(use.secrets, secret, row);
  use.sessionSeconds = Math.max(use.sessionSeconds, conduct.sessionSeconds ?? 0);
  if (conduct.checks === undefined) spanIn(use.unknown, conduct.api, row);
  for (const { action, resources } of conduct.checks ?? []) {
    const known = use.actions.get(action) ?? unused();
    use.actions.set(action, known);
    widen(known, row);
    // Of an object the records name the bucket at least.
    const named = resources.length === 0 && conduct.bucket !== undefined ? [`${conduct.bucket}/*`] : resources;
    const here = [conduct.partition, conduct.region, conduct.account];
    for (const resource of named) addResource(known, resource, here);
    if (named.length === 0) addPlace(known, here);
  }
}

const unused = (): ActionUse => ({ ...emptySpan(), resources: new Set(), many: false, places: new Set() });

/** So many different resources of one action are remembered; more are the whole kind, whatever they are called. */
export const mostResources = 10_000;

/** More places than this are everywhere. */
const mostPlaces = 1_000;

function addResource(use: ActionUse, resource: string, here: readonly string[]): void {
  const [, partition = "", , region = "", account = ""] = resource.split(":", 5);
  const place = [partition, region, account];
  addPlace(use, partition !== "" && place.every((field) => /^[a-z0-9-]*$/.test(field)) ? place : here);
  if (use.many) return;
  use.resources.add(resource);
  use.many = use.resources.size > mostResources;
  if (use.many) use.resources.clear();
}

function addPlace({ places }: ActionUse, place: readonly string[]): void {
  if (places.size < mostPlaces) places.add(place.join(":"));
}

function addOrigin(use: Use, row: ConductCount): void {
  const { origin } = row.conduct;
  switch (origin?.kind) {
    case "vpc-endpoint":
      spanIn(use.endpoints, origin.id, row);
      return;
    case "service":
      return;
    case "address":
    case undefined:
      use.elsewhere += row.count;
  }
}

const isRegionless = ({ api, checks = [] }: Conduct): boolean =>
  isGlobal(api) || (checks.length > 0 && checks.every(({ action }) => isGlobal(action)));

/** Of names that somebody may make up without end, so many are told: the first in the alphabet, in whatever order they come. */
const mostNames = 5_000;

function spanIn(spans: Map<string, Span>, name: string, row: ConductCount): void {
  const known = spans.get(name) ?? emptySpan();
  spans.set(name, known);
  widen(known, row);
  if (spans.size < 2 * mostNames) return;
  for (const one of [...spans.keys()].sort().slice(mostNames)) spans.delete(one);
}

function widen(span: Span, { count, first, last }: ConductCount): void {
  span.calls += count;
  span.first = Math.min(span.first, first);
  span.last = Math.max(span.last, last);
}

/** Several spans as one. */
export function together(spans: Iterable<Span>): Span {
  const all = emptySpan();
  for (const { calls, first, last } of spans) {
    all.calls += calls;
    all.first = Math.min(all.first, first);
    all.last = Math.max(all.last, last);
  }
  return all;
}
