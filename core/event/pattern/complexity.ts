import { star } from "./glob.ts";

/** Wildcards that belong to one test: several in the list of one `anything-but`, otherwise one. Units as `readUnits` gives them. */
export type WildcardGroup = readonly (readonly number[])[];

/**
 * The first complexity that is refused. AWS publishes the measure (https://github.com/aws/event-ruler) but not the
 * limit: it refuses `*:*:*:*:*:event-bus/*`, whose complexity is 11, and rules of 9 are reported to be accepted.
 */
export const refusedComplexity = 11;

/** Sets of prefixes looked at before the search gives up and the wildcards pass as simple enough. */
const budget = 4_096;

/**
 * Whether some text exists that so many beginnings of the wildcards of one field match at once that EventBridge calls
 * the rule too complex.
 */
export function tooComplex(groups: readonly WildcardGroup[]): boolean {
  const machine = machineOf(groups);
  if (machine.length < refusedComplexity) return false;
  const alphabet = [...new Set(machine.map((state) => state.unit)), other];
  const seen = new Set<string>();
  const pending: (readonly number[])[] = [machine.flatMap((state, id) => (state.first ? [id] : []))];
  while (pending.length > 0 && seen.size < budget) {
    const expected = pending.pop() ?? [];
    for (const unit of alphabet) {
      const reached = step(machine, expected, unit);
      if (reached.length >= refusedComplexity) return true;
      const next = successors(machine, reached);
      const key = next.join();
      if (next.length === 0 || seen.has(key)) continue;
      seen.add(key);
      pending.push(next);
    }
  }
  return false;
}

/** A unit that is in none of the wildcards. */
const other = -2;

interface State {
  readonly unit: number;
  readonly first: boolean;
  readonly next: Set<number>;
}

/**
 * One state for each beginning of a wildcard. Beginnings up to the first star are shared within a group. A text that
 * matches `a` matches `a*` too, so a star is reached together with the unit before it.
 */
function machineOf(groups: readonly WildcardGroup[]): readonly State[] {
  const machine: State[] = [];
  for (const group of groups) {
    const shared = new Map<string, number>();
    for (const units of group) {
      let previous: number | undefined;
      const firstStar = units.indexOf(star);
      for (const [index, unit] of units.entries()) {
        const key = index <= firstStar ? units.slice(0, index + 1).join() : undefined;
        let id = key === undefined ? undefined : shared.get(key);
        if (id === undefined) {
          id = machine.push({ unit, first: index === 0, next: new Set() }) - 1;
          if (key !== undefined) shared.set(key, id);
          if (unit === star) machine[id]?.next.add(id);
        }
        if (previous !== undefined) machine[previous]?.next.add(id);
        previous = id;
      }
    }
  }
  return machine;
}

function step(machine: readonly State[], expected: readonly number[], unit: number): readonly number[] {
  const reached = new Set<number>();
  for (const id of expected) {
    const state = machine[id];
    if (state === undefined || (state.unit !== star && state.unit !== unit)) continue;
    reached.add(id);
    for (const next of state.next) if (machine[next]?.unit === star) reached.add(next);
  }
  return [...reached];
}

function successors(machine: readonly State[], reached: readonly number[]): readonly number[] {
  const next = new Set<number>();
  for (const id of reached) for (const follower of machine[id]?.next ?? []) next.add(follower);
  return [...next].sort((one, another) => one - another);
}
