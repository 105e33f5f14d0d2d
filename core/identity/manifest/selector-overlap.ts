import { type Place, type Problem, printPlace, problemAt, quoted } from "../../event/located.ts";
import type { Workload } from "../workload.ts";

/** Who owns a selector's key, and where it is written. */
export interface Owned {
  readonly workload: Workload;
  readonly place: Place;
}

/**
 * Patterns of one workload that also name what another workload names: nobody could say whose call it was. A path of roles
 * is a default for those that nothing names nearer, so it overlaps only with a path inside it.
 */
export function overlaps(index: ReadonlyMap<string, Owned>): readonly Problem[] {
  const keys = [...index.keys()].sort();
  return keys.flatMap((pattern) => {
    const owner = index.get(pattern);
    const other =
      owner && pattern.endsWith("*")
        ? coveredBy(pattern, keys, (key) => index.get(key)?.workload !== owner.workload)
        : undefined;
    const owned = other === undefined ? undefined : index.get(other);
    return owner === undefined || owned === undefined || other === undefined
      ? []
      : [overlap(pattern, owner, other, owned)];
  });
}

/** The first key of somebody else's that the pattern covers, in sorted keys: those that begin alike stand together. */
function coveredBy(pattern: string, keys: readonly string[], foreign: (key: string) => boolean): string | undefined {
  const fixed = pattern.slice(0, -1);
  const inside = pattern.startsWith("role ")
    ? (key: string): boolean => !key.slice(fixed.length).includes("/")
    : () => true;
  for (let place = firstFrom(keys, fixed); keys[place]?.startsWith(fixed); place++) {
    const key = keys[place] ?? "";
    if (key !== pattern && inside(key) && foreign(key)) return key;
  }
  return undefined;
}

/** Where a text stands or would stand in sorted keys. */
function firstFrom(keys: readonly string[], text: string): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((keys[middle] ?? "") < text) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Told where the later of the two is written. */
function overlap(pattern: string, owner: Owned, key: string, owned: Owned): Problem {
  const [first, second] = printPlace(owner.place) < printPlace(owned.place) ? [owner, owned] : [owned, owner];
  return problemAt(
    second.place,
    `${quoted(nameIn(pattern))} of ${quoted(owner.workload.name)} also covers ${quoted(nameIn(key))} of ${quoted(owned.workload.name)} ` +
      `(${printPlace(first.place)}): narrow the pattern, or set status: draft on one of the two`,
  );
}

const nameIn = (key: string): string => key.slice(key.indexOf(" ") + 1);
