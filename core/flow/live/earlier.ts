import type { Issuance } from "../../identity/lineage/issuance.ts";
import type { LinksByKey, StoredLink } from "../../identity/lineage/session-store.ts";
import type { Placement } from "../../identity/placement.ts";

/** What earlier batches left: issuing calls and placements, by their keys. */
export interface Earlier {
  issuancesUnder(key: string): readonly Issuance[];
  placementsUnder(key: string): readonly Placement[];
}

export const nothingEarlier: Earlier = { issuancesUnder: () => [], placementsUnder: () => [] };

/** Answers from these links; `asked` hears every key that somebody looks up. */
export function earlierIn(links: LinksByKey, asked: (key: string) => void = () => undefined): Earlier {
  const under = (key: string): readonly StoredLink[] => {
    asked(key);
    return links.get(key) ?? [];
  };
  return {
    issuancesUnder: (key) => under(key).flatMap((one) => (one.kind === "issuance" ? [one.issuance] : [])),
    placementsUnder: (key) => under(key).flatMap((one) => (one.kind === "placement" ? [one.placement] : [])),
  };
}
