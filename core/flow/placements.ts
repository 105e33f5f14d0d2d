import { roleKey } from "../identity/lineage/session-store.ts";
import {
  firstPlacement,
  type Placement,
  type PlacementKind,
  type Placements,
  runKey,
  runKeyOf,
} from "../identity/placement.ts";
import { placementsOf } from "../identity/placement-catalog.ts";
import { keptEvent } from "./kept-record.ts";
import { type Earlier, nothingEarlier } from "./live/earlier.ts";
import { purpose } from "./purpose.ts";
import { foundUnder, type State } from "./state.ts";

/**
 * Where roles work, as the state's records show it. Runs are found through the index, one look-up each; roles in a table
 * of distinct (role, resource) pairs, made at the first question. What `earlier` batches left is joined in.
 */
export function placementsIn(state: State, earlier: Earlier = nothingEarlier): Placements {
  let byRole: ReadonlyMap<string, readonly Placement[]> | undefined;
  const shown = lastly((number: number) => placementsAt(state, number));
  return {
    ofRole(role) {
      byRole ??= placementsByRole(state);
      const here = byRole.get(role) ?? [];
      const before = earlier.placementsUnder(roleKey(role));
      return before.length === 0 ? here : [...firstOfEach([...here, ...before]).values()].toSorted(byResource);
    },
    ofRun: (kind: PlacementKind, account: string, run: string) => {
      const key = runKey(kind, account, run);
      const found = [...foundUnder(state, key).flatMap(shown), ...earlier.placementsUnder(key)];
      return firstPlacement(found.filter((one) => runKeyOf(one) === key));
    },
  };
}

/** Every placement that the state's records show. */
export function* placementsShownIn(state: State): Generator<Placement> {
  for (let number = 0; number < state.kept.count; number++)
    if ((state.kept.purposes(number) & purpose.placement) !== 0) yield* placementsAt(state, number);
}

function placementsByRole(state: State): ReadonlyMap<string, readonly Placement[]> {
  const roles = new Map<string, Map<string, Placement>>();
  for (const one of placementsShownIn(state)) {
    if (one.role === undefined) continue;
    const resources = roles.get(one.role) ?? new Map<string, Placement>();
    roles.set(one.role, resources);
    joinIn(resources, one);
  }
  return new Map([...roles].map(([role, resources]) => [role, [...resources.values()].toSorted(byResource)]));
}

/** A resource that several records name, once: by the record that all orders agree on. */
const firstOfEach = (found: readonly Placement[]): ReadonlyMap<string, Placement> => {
  const resources = new Map<string, Placement>();
  for (const one of found) joinIn(resources, one);
  return resources;
};

function joinIn(resources: Map<string, Placement>, one: Placement): void {
  const name = `${one.kind} ${one.resource}`;
  const known = resources.get(name);
  resources.set(name, (known && firstPlacement([known, one])) ?? one);
}

const byResource = (a: Placement, b: Placement): number =>
  a.resource === b.resource ? (a.kind < b.kind ? -1 : 1) : a.resource < b.resource ? -1 : 1;

function placementsAt(state: State, number: number): readonly Placement[] {
  const event = keptEvent(state, number);
  return event?.kind === "api-call" ? placementsOf(event) : [];
}

/** Remembers one answer: several things are asked of one instance, and one call may have started hundreds. */
function lastly<Value>(answer: (number: number) => Value): (number: number) => Value {
  let last: { readonly number: number; readonly value: Value } | undefined;
  return (number) => {
    if (last?.number !== number) last = { number, value: answer(number) };
    return last.value;
  };
}
