import type { Severity } from "../../detect/finding.ts";
import type { EventId } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import type { Principal } from "../../event/principal.ts";
import type { Authorise } from "../../iam/authorisation.ts";
import type { ApiName } from "../../iam/identifiers.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { AttributionOf } from "../attributor.ts";
import { type ConductRow, conductEvents, conductRows, type RowDay, rowDayName } from "../conduct/conduct.ts";
import type { Horizon } from "../horizon.ts";
import type { State } from "../state.ts";

/** Equal calls of one signer on one UTC day, as the records show them. */
export interface SeenCalls extends Pick<ConductRow, "conduct" | "count" | "day" | "first" | "last" | "row"> {
  readonly principal: Principal;
  readonly attribution: Attribution;
}

/** What a candidate says of calls. `key` tells apart what is told apart for people; equal ones are counted together. */
export type Judged =
  | { readonly kind: "unchanged" }
  | { readonly kind: "not-judged"; readonly because: string }
  | {
      readonly kind: "denied" | "depends" | "outside";
      readonly severity: Severity;
      readonly action: string;
      readonly resource?: string;
      readonly because: string;
    };

/** Calls of one identity that a candidate would treat in one and the same way. */
export interface CallEffect {
  readonly kind: "denied" | "depends" | "outside";
  readonly severity: Severity;
  /** The workload's name, or the id of whoever no manifest declares. */
  readonly who: string;
  readonly declared: boolean;
  readonly api: ApiName;
  readonly action: string;
  readonly because: string;
  readonly calls: number;
  readonly days: number;
  readonly first: Instant;
  readonly last: Instant;
  /** Different resources, as far as the records name them. */
  readonly resources: number;
  readonly example: CallExample;
}

export interface CallExample extends RowDay {
  /** Absent until the records were asked. */
  readonly eventID?: EventId;
  readonly at: Instant;
  readonly api: ApiName;
  readonly resource?: string;
}

/** What a candidate would make of the calls that the records show. */
export interface CallReport {
  /** Gravest first, then by the number of calls. */
  readonly effects: readonly CallEffect[];
  readonly judged: number;
  readonly unchanged: number;
  /** Refused when they were made: a candidate cannot take them away. */
  readonly refused: number;
  /** Calls by the reason why nothing can be said of them. */
  readonly notJudged: ReadonlyMap<string, number>;
}

export interface Simulating {
  /** Whose calls the candidate is about. */
  concerns(calls: SeenCalls): boolean;
  judge(calls: SeenCalls): Judged;
  /** `apart`: calls on other resources are effects of their own. */
  readonly resources: "together" | "apart";
}

/** What the records of a state show, as far as it keeps what was done. */
export function* callsIn(
  state: State,
  { horizon, authorise, attributionOf }: { horizon: Horizon; authorise: Authorise; attributionOf: AttributionOf },
): Generator<SeenCalls> {
  let known = new Map<number, Signer>();
  for (const { principal: number, ...rest } of conductRows(state, horizon, authorise)) {
    let signer = known.get(number);
    if (signer === undefined) {
      signer = { principal: state.principals.read(number), attribution: attributionOf(number) };
      if (known.size >= mostSigners) known = new Map();
      known.set(number, signer);
    }
    yield { ...rest, ...signer };
  }
}

type Signer = Pick<SeenCalls, "principal" | "attribution">;

/** Rows come by what was done, so signers come again and again: some tens of megabytes for a year of sessions. */
const mostSigners = 20_000;

/** The effects with the ids of their examples, all asked for at once. */
export function withEventIds(effects: readonly CallEffect[], state: State, horizon: Horizon): readonly CallEffect[] {
  const found = conductEvents(
    state,
    effects.map(({ example }) => example),
    horizon,
  );
  return effects.map((one) => {
    const first = found.get(rowDayName(one.example))?.[0];
    return first === undefined ? one : { ...one, example: { ...one.example, eventID: first.eventID, at: first.at } };
  });
}

/** Judges what the records show, once for all equal calls. The order of `seen` does not matter. */
export function simulatedCalls(seen: Iterable<SeenCalls>, { concerns, judge, resources }: Simulating): CallReport {
  const groups = new Map<string, Group>();
  const notJudged = new Map<string, number>();
  let [judged, unchanged, refused] = [0, 0, 0];
  for (const calls of seen) {
    if (!concerns(calls)) continue;
    if (calls.conduct.outcome === "denied") {
      refused += calls.count;
      continue;
    }
    const said = judge(calls);
    switch (said.kind) {
      case "not-judged":
        notJudged.set(said.because, (notJudged.get(said.because) ?? 0) + calls.count);
        continue;
      case "unchanged":
        judged += calls.count;
        unchanged += calls.count;
        continue;
      case "denied":
      case "depends":
      case "outside":
        judged += calls.count;
        join(groups, calls, { said, apart: resources === "apart" });
    }
  }
  const effects = [...groups.values()].map(effectOf).sort(gravestFirst);
  return { effects, judged, unchanged, refused, notJudged };
}

type Said = Exclude<Judged, { kind: "unchanged" | "not-judged" }>;

interface Group {
  readonly said: Said;
  readonly who: string;
  readonly declared: boolean;
  readonly api: ApiName;
  readonly days: Set<number>;
  readonly resources: Set<string>;
  calls: number;
  last: Instant;
  example: CallExample;
}

/** Resources counted apart for one effect. */
const mostResources = 10_000;

function join(groups: Map<string, Group>, calls: SeenCalls, { said, apart }: { said: Said; apart: boolean }): void {
  const { conduct, count, day, row, first, last, attribution } = calls;
  const who = whoOf(attribution);
  const named = said.resource === undefined ? {} : { resource: said.resource };
  const example: CallExample = { row, day, at: first, api: conduct.api, ...named };
  const key = JSON.stringify([said.kind, who, conduct.api, said.action, said.because, apart ? said.resource : ""]);
  const group = groups.get(key);
  if (group === undefined) {
    const declared = attribution.kind === "workload" && attribution.declared;
    const resources = new Set(said.resource === undefined ? [] : [said.resource]);
    groups.set(key, {
      said,
      who,
      declared,
      api: conduct.api,
      days: new Set([day]),
      resources,
      calls: count,
      last,
      example,
    });
    return;
  }
  group.calls += count;
  group.days.add(day);
  if (said.resource !== undefined && group.resources.size < mostResources) group.resources.add(said.resource);
  if (last > group.last) group.last = last;
  const before = group.example;
  if (example.at < before.at || (example.at === before.at && textOf(example) < textOf(before))) group.example = example;
}

/** What tells examples of one second apart, whatever numbers the state gave them. */
const textOf = ({ api, resource = "" }: CallExample): string => `${api} ${resource}`;

const whoOf = (attribution: Attribution): string =>
  attribution.kind === "contested" ? `contested: ${attribution.claims.join(", ")}` : (attribution.id ?? "nobody known");

const effectOf = ({ said, who, declared, api, days, resources, calls, last, example }: Group): CallEffect => ({
  kind: said.kind,
  severity: said.severity,
  who,
  declared,
  api,
  action: said.action,
  because: said.because,
  calls,
  days: days.size,
  first: example.at,
  last,
  resources: resources.size,
  example,
});

const order: readonly Severity[] = ["critical", "high", "medium", "low", "info"];

const gravestFirst = (a: CallEffect, b: CallEffect): number =>
  order.indexOf(a.severity) - order.indexOf(b.severity) ||
  b.calls - a.calls ||
  (`${a.who} ${a.api} ${a.because}` < `${b.who} ${b.api} ${b.because}` ? -1 : 1);
