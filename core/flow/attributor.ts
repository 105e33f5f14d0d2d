import type { AccessKeyId } from "../iam/identifiers.ts";
import { attribute, type FindIssuance } from "../identity/attribute.ts";
import type { Attribution } from "../identity/attribution.ts";
import { callersCopy, type Issuance, issuanceOf } from "../identity/lineage.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import type { Registry } from "../identity/workload.ts";
import { keptEvent } from "./kept-record.ts";
import { issuedBy, type State } from "./state.ts";

/** How many answers are remembered: sessions come in bursts, so a few hundred spare almost every look-up. */
const remembered = 512;

/**
 * Attributes principals by number, with the whole state's lineage behind it and, where the state does not know a
 * credential, what `earlier` batches left of it.
 */
export function attributor(
  state: State,
  registry: Registry,
  earlier: FindIssuance = () => undefined,
): (principal: number) => Attribution {
  const find = forgetful((key: AccessKeyId): Issuance | undefined => {
    const copies = issuedBy(state.issued, key).flatMap((number): Issuance[] => {
      const event = keptEvent(state, number);
      const issuance = event?.kind === "api-call" ? issuanceOf(event) : undefined;
      return issuance?.accessKeyId === key ? [issuance] : [];
    });
    const before = earlier(key);
    return callersCopy(before === undefined ? copies : [...copies, before]);
  });
  return forgetful((principal: number) =>
    principal === noPrincipal ? withoutCaller : attribute(state.principals.read(principal), find, registry),
  );
}

/** Every credential that the state's records issued. */
export function* issuancesOf(state: State): Generator<Issuance> {
  for (let number = 0; number < state.kept.count; number++) {
    if (state.kept.issued(number) === "") continue;
    const event = keptEvent(state, number);
    const issuance = event?.kind === "api-call" ? issuanceOf(event) : undefined;
    if (issuance !== undefined) yield issuance;
  }
}

const withoutCaller: Attribution = {
  kind: "unattributed",
  confidence: "low",
  root: { kind: "unknown", id: "" },
  hops: [],
  because: "the event names no caller: the call that caused it is not joined to it yet",
};

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
