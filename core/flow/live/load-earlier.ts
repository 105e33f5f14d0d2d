import { maxHops } from "../../identity/lineage/chain.ts";
import {
  issuanceLinks,
  type LinksByKey,
  placementLinks,
  type StoredLink,
} from "../../identity/lineage/session-store.ts";
import { noPrincipal } from "../../identity/principal-index.ts";
import type { Registry } from "../../identity/workload.ts";
import { attributor, issuancesOf } from "../attributor.ts";
import { placementsShownIn } from "../placements.ts";
import type { State } from "../state.ts";
import { earlierIn } from "./earlier.ts";

/** Every link that a state's records show, under each of its keys. */
export const linksIn = (state: State): readonly StoredLink[] => [
  ...[...issuancesOf(state)].flatMap(issuanceLinks),
  ...[...placementsShownIn(state)].flatMap(placementLinks),
];

/** Asks a store for what is under these keys. */
export type FindLinks = (keys: readonly string[]) => Promise<LinksByKey>;

/**
 * Reads what earlier batches left about a state's principals: attributes them, asks for the keys that this looked up in
 * vain, and tries again, so that exactly what an attribution reads is loaded. One call for each step of the longest chain.
 */
export async function loadEarlier(
  state: State,
  registry: Registry,
  find: FindLinks,
  known: LinksByKey = new Map(),
): Promise<LinksByKey> {
  const links = new Map(known);
  // A chain is cut at `maxHops`; behind its last credential only copies and placements may be asked for.
  for (let step = 0; step < maxHops + 4; step++) {
    const open = new Set<string>();
    const asked = (key: string): void => {
      if (!links.has(key)) open.add(key);
    };
    const attributionOf = attributor(state, registry, earlierIn(links, asked));
    for (let principal = 0; principal < state.principals.count; principal++) attributionOf(principal);
    // What other products found names signers that this state may hold no record of.
    for (let kept = 0; kept < state.kept.count; kept++)
      if (state.kept.principal(kept) === noPrincipal) attributionOf(noPrincipal, kept);
    if (open.size === 0) break;
    const found = await find([...open]);
    for (const key of open) links.set(key, found.get(key) ?? []);
  }
  return links;
}

/** The link keys that the attribution of one principal looks up: what is under them, and nothing else, can change it. */
export function keysAsked(state: State, registry: Registry, links: LinksByKey, principal: number): readonly string[] {
  const keys = new Set<string>();
  attributor(
    state,
    registry,
    earlierIn(links, (key) => keys.add(key)),
  )(principal);
  return [...keys].sort();
}
