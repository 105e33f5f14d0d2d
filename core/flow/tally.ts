import type { Attribution, ClaimClass } from "../identity/attribution.ts";
import { improvable, type Remedy, remedyOf } from "../identity/debt.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import type { AttributionOf } from "./attributor.ts";
import { type Horizon, within } from "./horizon.ts";
import { type State, signerAt } from "./state.ts";

/** Who acted, counted. */
export interface Tally {
  readonly records: number;
  readonly attributed: number;
  readonly contested: number;
  readonly unattributed: number;
  readonly byClass: Readonly<Record<ClaimClass, number>>;
  /** Records that nobody could be named for, by reason. */
  readonly silences: ReadonlyMap<string, number>;
  readonly identities: ReadonlyMap<string, IdentityTally>;
  /** What would raise the attributed share, the most calls first. */
  readonly debts: readonly Debt[];
}

/** A setting, and the calls that it would let be attributed, or attributed more surely. */
export interface Debt extends Remedy {
  readonly calls: number;
}

export interface IdentityTally {
  readonly kind: Attribution["kind"];
  readonly declared: boolean;
  readonly calls: number;
  /** The principal that acted first under this identity. */
  readonly principal: number;
  /** When it acted first of what is spoken about, and the earliest event known of it, which a window leaves the same. */
  readonly first?: { readonly at: number; readonly eventID: string };
}

export function tallyOf(state: State, horizon: Horizon, attributionOf: AttributionOf): Tally {
  const { perPrincipal, earliest, withoutCaller, records } = countsOf(state, horizon);
  const byClass: Record<ClaimClass, number> = { asserted: 0, linked: 0, indexed: 0, inferred: 0 };
  const silences = new Map<string, number>();
  const identities = new Map<string, IdentityTally>();
  const debts = new Map<string, Debt>();
  let [attributed, contested, unattributed] = [0, 0, 0];

  const silent = ({ because }: Attribution, calls: number): void => {
    const reason = reasonIn(because);
    silences.set(reason, (silences.get(reason) ?? 0) + calls);
  };
  const add = (attribution: Attribution, calls: number, principal: number): void => {
    switch (attribution.kind) {
      case "contested":
        contested += calls;
        silent(attribution, calls);
        return;
      case "unattributed":
        unattributed += calls;
        silent(attribution, calls);
        break;
      case "workload":
      case "person":
      case "service":
      case "external":
        attributed += calls;
        byClass[attribution.class] += calls;
    }
    // What a call caused is not one more call: whoever made it is counted by the call.
    if (attribution.id === undefined || principal === noPrincipal || asksOnly(attribution)) return;
    const first = firstOf(state.principals.first(principal), earliest[principal] ?? 0);
    join(identities, state, attribution, { calls, principal, ...(first === undefined ? {} : { first }) });
  };

  for (const [principal, calls] of perPrincipal.entries())
    if (calls > 0) {
      const attribution = attributionOf(principal);
      add(attribution, calls, principal);
      owe(debts, state, attribution, { calls, principal });
    }
  for (const kept of withoutCaller) add(attributionOf(noPrincipal, kept), 1, noPrincipal);
  return {
    records,
    attributed,
    contested,
    unattributed,
    byClass,
    silences,
    identities,
    debts: [...debts.values()].toSorted(byCalls),
  };
}

/** A reason comes first, and what is particular to one record after it: few different texts are counted. */
const reasonIn = (because: string): string => because.split("; ", 1)[0] ?? because;

/** A federated identity asks for sessions and does nothing else: it counts by what they do, under the name of their role's manifest. */
const asksOnly = ({ hops }: Attribution): boolean => hops[0]?.eventID === null && hops[0].end === "federation";

/** Adds the calls of one principal to the setting that would do most for them. */
function owe(
  debts: Map<string, Debt>,
  { principals }: State,
  attribution: Attribution,
  { calls, principal }: Pick<IdentityTally, "calls" | "principal">,
): void {
  const remedy = improvable(attribution) ? remedyOf(attribution, principals.read(principal)) : undefined;
  if (remedy === undefined) return;
  const name = `${remedy.kind} ${remedy.subject}`;
  debts.set(name, { ...remedy, calls: calls + (debts.get(name)?.calls ?? 0) });
}

const byCalls = (a: Debt, b: Debt): number =>
  b.calls - a.calls || (`${a.kind} ${a.subject}` < `${b.kind} ${b.subject}` ? -1 : 1);

function countsOf(state: State, horizon: Horizon) {
  const perPrincipal = new Uint32Array(state.principals.count);
  const earliest = new Uint32Array(state.principals.count).fill(never);
  const withoutCaller: number[] = [];
  let records = 0;
  state.records.each((pointer, flags, second) => {
    if (!within(horizon, second)) return;
    records++;
    const principal = signerAt(state, pointer, flags);
    if (principal === noPrincipal) withoutCaller.push(pointer);
    else {
      perPrincipal[principal] = (perPrincipal[principal] ?? 0) + 1;
      if (second < (earliest[principal] ?? 0)) earliest[principal] = second;
    }
  });
  return { perPrincipal, earliest, withoutCaller, records };
}

/** Later than any second that a record can have. */
const never = 0xffffffff;

/** The index remembers the first record of all; one before the window, or one that a fuller copy replaced, gives no time. */
const firstOf = (known: First | undefined, second: number): First | undefined =>
  known === undefined || Math.floor(known.at / 1_000) === second ? known : { ...known, at: second * 1_000 };

function join(
  identities: Map<string, IdentityTally>,
  { principals }: State,
  attribution: Exclude<Attribution, { kind: "contested" }>,
  { calls, principal, first }: Pick<IdentityTally, "calls" | "principal" | "first">,
): void {
  const { kind, id = "" } = attribution;
  const declared = kind !== "unattributed" && attribution.declared;
  const known = identities.get(id);
  const earlier =
    known?.first === undefined ||
    (first !== undefined &&
      (isBefore(first, known.first) ||
        (!isBefore(known.first, first) && principals.outranks(principal, known.principal))));
  identities.set(id, {
    kind,
    declared,
    calls: (known?.calls ?? 0) + calls,
    principal: earlier ? principal : (known?.principal ?? principal),
    ...(earlier ? (first === undefined ? {} : { first }) : { first: known.first }),
  });
}

type First = { readonly at: number; readonly eventID: string };

const isBefore = (a: First, b: First): boolean => a.at < b.at || (a.at === b.at && a.eventID < b.eventID);
