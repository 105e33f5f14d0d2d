import { askerText } from "../identity/lineage/asked-by.ts";
import {
  type AskedOver,
  type Asks,
  askedKey,
  askedKeysOf,
  byTime,
  type Delegation,
  delegationOf,
} from "../identity/lineage/delegation.ts";
import { keptEvent } from "./kept-record.ts";
import { purpose } from "./purpose.ts";
import { foundUnder, type State } from "./state.ts";

/**
 * Who asked whom, as the state's records show it. Sessions are found through the index; resources in a table of distinct
 * askers, made at the first question.
 */
export function asksIn(state: State): Asks {
  let byResource: ReadonlyMap<string, readonly AskedOver[]> | undefined;
  return {
    ofSession(account, sessionId) {
      const key = askedKey(account, sessionId);
      return foundUnder(state, key)
        .flatMap((number) => delegationAt(state, number) ?? [])
        .filter((one) => askedKeysOf(one).includes(key))
        .toSorted(byTime);
    },
    ofResource(arn) {
      byResource ??= asksByResource(state);
      return byResource.get(arn) ?? [];
    },
  };
}

function asksByResource(state: State): ReadonlyMap<string, readonly AskedOver[]> {
  const resources = new Map<string, Map<string, AskedOver>>();
  for (let number = 0; number < state.kept.count; number++) {
    if ((state.kept.purposes(number) & purpose.delegation) === 0) continue;
    const one = delegationAt(state, number);
    if (one === undefined) continue;
    const askers = resources.get(one.asked) ?? new Map<string, AskedOver>();
    resources.set(one.asked, askers);
    const who = askerText(one.asker);
    const known = askers.get(who);
    askers.set(who, known === undefined ? { first: one, last: one } : over(known, one));
  }
  return new Map(
    [...resources].map(([asked, askers]) => [asked, [...askers.values()].toSorted((a, b) => byTime(a.first, b.first))]),
  );
}

const over = ({ first, last }: AskedOver, one: Delegation): AskedOver => ({
  first: byTime(one, first) < 0 ? one : first,
  last: byTime(one, last) > 0 ? one : last,
});

/** A call that was refused asked nobody. */
function delegationAt(state: State, number: number): Delegation | undefined {
  const event = keptEvent(state, number);
  return event?.kind === "api-call" && event.outcome === "done" ? delegationOf(event) : undefined;
}
