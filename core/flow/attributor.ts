import type { Principal } from "../event/principal.ts";
import { attribute } from "../identity/attribute.ts";
import type { Attribution } from "../identity/attribution.ts";
import { causeNotSeen } from "../identity/lineage/caused.ts";
import type { Issuance } from "../identity/lineage/issuance.ts";
import { callersCopy, issuanceFor, linkKeysOf } from "../identity/lineage/lineage.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import type { Registry } from "../identity/workload.ts";
import { asksIn } from "./delegations.ts";
import { explainer } from "./explained.ts";
import { keptEvent } from "./kept-record.ts";
import { type Earlier, nothingEarlier } from "./live/earlier.ts";
import { placementsIn } from "./placements.ts";
import { purpose } from "./purpose.ts";
import { reporter } from "./reported.ts";
import { foundUnder, type State } from "./state.ts";

/** How many answers are remembered: sessions come in bursts, so a few hundred spare almost every look-up. */
const remembered = 512;

/** Who ran a record: by its principal's number or, where it has no caller, by its own number among the kept records. */
export type AttributionOf = (principal: number, kept?: number) => Attribution;

/**
 * Attributes principals by number, with the whole state's lineage behind it and what `earlier` batches left beside it.
 */
export function attributor(state: State, registry: Registry, earlier: Earlier = nothingEarlier): AttributionOf {
  const linked = forgetful((key: string) => withEarlier(issuancesUnder(state, key), earlier.issuancesUnder(key)));
  const issuance = (principal: Principal): Issuance | undefined => issuanceFor(principal, linked);
  const known = { registry, issuance, placements: placementsIn(state, earlier), asks: asksIn(state) };
  const callers = forgetful((principal: number) => attribute(state.principals.read(principal), known));
  const reported = reporter(state, { registry, callerOf: callers, attribute: (signer) => attribute(signer, known) });
  const explain = explainer(state, callers, reported);
  const caused = forgetful((kept: number) => {
    const event = keptEvent(state, kept);
    return event === undefined ? causeNotSeen : explain(event);
  });
  return (principal, kept) =>
    principal !== noPrincipal ? callers(principal) : kept === undefined ? causeNotSeen : caused(kept);
}

/** Every credential that the state's records issued. */
export function* issuancesOf(state: State): Generator<Issuance> {
  for (let number = 0; number < state.kept.count; number++) {
    if ((state.kept.purposes(number) & purpose.lineage) === 0) continue;
    const issuance = issuanceIn(state, number);
    if (issuance !== undefined) yield issuance;
  }
}

/** The call of this state that issued a key. */
export const issuanceOfKey = (state: State, accessKeyId: string): Issuance | undefined =>
  callersCopy(issuancesUnder(state, `key ${accessKeyId}`));

/** One record may be in both; the state's copy is as good. */
const withEarlier = (here: readonly Issuance[], earlier: readonly Issuance[]): readonly Issuance[] =>
  earlier.length === 0
    ? here
    : [...here, ...earlier.filter(({ eventID }) => here.every((one) => one.eventID !== eventID))];

const issuancesUnder = (state: State, key: string): readonly Issuance[] =>
  foundUnder(state, key).flatMap((number) => {
    const issuance = issuanceIn(state, number);
    return issuance !== undefined && linkKeysOf(issuance).includes(key) ? [issuance] : [];
  });

function issuanceIn(state: State, number: number): Issuance | undefined {
  const { issuance } = state.kept.links(number);
  if (issuance === undefined) return undefined;
  const entry = state.kept.entry(number);
  return state.records.stayed(entry)
    ? { ...issuance, eventID: `${issuance.eventID}${state.records.suffix(entry)}` }
    : undefined;
}

function forgetful<Key, Value>(answer: (key: Key) => Value): (key: Key) => Value {
  let known = new Map<Key, Value>();
  return (key) => {
    if (known.has(key)) return known.get(key) as Value;
    const value = answer(key);
    if (known.size >= remembered) known = new Map();
    known.set(key, value);
    return value;
  };
}
