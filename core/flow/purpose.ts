import type { Described } from "../detect/described.ts";
import { iamWriteWatches } from "../detect/facts/iam-writes.ts";
import { reachWatches } from "../detect/reach-through.ts";
import { configurationCallOf } from "../event/configuration-calls.ts";
import { apiOf } from "../event/decode.ts";
import type { Head } from "../event/head.ts";
import type { Watch } from "../event/watch.ts";
import { resolvers } from "../identity/catalog.ts";
import { causeSources } from "../identity/lineage/cause-catalog.ts";
import { delegationWatches, toolWatches } from "../identity/lineage/delegation.ts";
import { lineageWatches } from "../identity/lineage/issuance.ts";
import { placementSources } from "../identity/placement-catalog.ts";

/** Why a record is looked at again at the end; a record may have several reasons. */
export const purpose = {
  none: 0,
  judge: 1,
  lineage: 2,
  state: 4,
  placement: 8,
  cause: 16,
  delegation: 32,
  agent: 64,
  counted: 128,
} as const;

/** The reasons for which detectors are asked about a record. */
export const judgedFor = purpose.judge | purpose.agent | purpose.counted;

/** Calls with their purposes, as plain data: reading threads are told by message. */
export type Purposes = readonly (readonly [api: string, purposes: number])[];

/**
 * What must be looked at again: the calls that wake a detector, that issue credentials, that write IAM state. Of those that
 * wake one, `counted` say something only together with others.
 */
export function purposesOf(judged: readonly string[], counted: readonly string[] = []): Purposes {
  const all = new Map<string, number>();
  const add = (apis: readonly string[], bit: number): void => {
    for (const api of apis) all.set(api, (all.get(api) ?? 0) | bit);
  };
  // What writes a configuration may hold secrets that only decoding takes out.
  const together = new Set(counted.filter((api) => configurationCallOf(api) === undefined));
  for (const api of judged) add([api], together.has(api) ? purpose.counted : purpose.judge);
  add([lineageWatches, ...resolvers.flatMap((one) => one.watches)].flatMap(apisOf), purpose.lineage);
  add(
    placementSources.flatMap((one) => apisOf(one.watches)),
    purpose.placement,
  );
  add(
    causeSources.flatMap((one) => apisOf(one.watches)),
    purpose.cause,
  );
  add(reachWatches.apis, purpose.agent);
  add([delegationWatches, toolWatches].flatMap(apisOf), purpose.delegation);
  add(apisOf(iamWriteWatches), purpose.state);
  return [...all];
}

/** The calls that only detectors of several events watch: those that are made all day, and say little each by itself. */
export function countedOnly(windowed: readonly Described[], others: readonly Described[]): readonly string[] {
  const judged = new Set(others.flatMap((one) => one.watches.flatMap(apisOf)));
  return [...new Set(windowed.flatMap((one) => one.watches.flatMap(apisOf)))].filter((api) => !judged.has(api));
}

/** Everything that any part of the line watches: what a deployment turns into EventBridge patterns. */
export const allWatches = (detectors: readonly Described[]): readonly Watch[] => [
  ...detectors.flatMap((one) => one.watches),
  ...resolvers.flatMap((one) => one.watches),
  ...placementSources.map((one) => one.watches),
  ...causeSources.map((one) => one.watches),
  delegationWatches,
  lineageWatches,
  iamWriteWatches,
];

const apisOf = (watch: Watch): readonly string[] => (watch.kind === "calls" ? watch.apis : []);

/** Names AWS has are some ten thousands; beyond this many, somebody is making them up. */
const mostNames = 50_000;

/** Answers, once per record, why it must be looked at again. Envelopes that services send are always judged. */
export function purposeIndex(purposes: Purposes): (head: Pick<Head, "form" | "source" | "name">) => number {
  const wanted = new Map(purposes);
  const wantedNames = new Set(purposes.map(([api]) => api.slice(api.indexOf(":") + 1)));
  let bySource = new Map<string, Map<string, number>>();
  let names = 0;
  return ({ form, source, name }) => {
    if (form === "envelope") return purpose.judge;
    // Most names are nobody's; only Lambda dates its names, and a date ends in a digit.
    if (!wantedNames.has(name) && !endsInDigit(name)) return purpose.none;
    const known = bySource.get(source)?.get(name);
    if (known !== undefined) return known;
    if (names++ > mostNames) {
      bySource = new Map();
      names = 0;
    }
    const answer = wanted.get(apiOf(source, name)) ?? purpose.none;
    const byName = bySource.get(source) ?? new Map<string, number>();
    bySource.set(source, byName.set(name, answer));
    return answer;
  };
}

function endsInDigit(name: string): boolean {
  const code = name.charCodeAt(name.length - 1);
  return code >= 0x30 && code <= 0x39;
}
