import { bareRole } from "../../detect/escalation/acting.ts";
import { type Fact, type FactAnswer, type FactSource, type Facts, factKey } from "../../detect/facts/fact.ts";
import type { Placement } from "../../identity/placement.ts";
import { placementsShownIn } from "../placements.ts";
import type { State } from "../state.ts";

type WorksAs = Extract<Fact, { readonly kind: "works-as" }>;

/**
 * Answers as which role a thing works by the last call before that gave it one, with what `others` know of the role; what
 * else is asked goes to `others`.
 */
export function withWorksAs(state: State, others: FactSource): FactSource {
  let byThing: ReadonlyMap<string, readonly Placement[]> | undefined;
  return {
    async answer(facts) {
      const here = facts.filter((fact) => fact.kind === "works-as");
      if (here.length === 0) return others.answer(facts);
      byThing ??= Map.groupBy(placementsShownIn(state), (one) => one.resource);
      const given = new Map(here.map((fact) => [fact, lastBefore(byThing?.get(fact.thing) ?? [], fact)] as const));
      const roles = here.flatMap((fact) => roleFact(fact, given.get(fact)));
      const told = await others.answer([...facts.filter((fact) => fact.kind !== "works-as"), ...roles]);
      return new Map([...told, ...here.map((fact) => [factKey(fact), answered(fact, given.get(fact), told)] as const)]);
    },
  };
}

function lastBefore(placements: readonly Placement[], { before }: WorksAs): Placement | undefined {
  return placements
    .filter((one) => one.role !== undefined && one.at <= before.at && one.eventID !== before.id)
    .toSorted((a, b) => a.at - b.at || (a.eventID < b.eventID ? -1 : 1))
    .at(-1);
}

const roleFact = ({ before }: WorksAs, given: Placement | undefined): readonly Fact[] =>
  given?.role === undefined ? [] : [{ kind: "identity", arn: bareRole(given.role), before }];

function answered(fact: WorksAs, given: Placement | undefined, told: Facts): FactAnswer {
  if (given?.role === undefined)
    return { kind: "unknown", because: "the call that gave it its role is not in these records" };
  const [asked] = roleFact(fact, given);
  const known = asked && told.get(factKey(asked));
  const because = `given by event ${given.eventID}`;
  return known?.kind === "identity"
    ? {
        kind: "works-as",
        role: given.role,
        identity: known.identity,
        because: `${because}; its rights ${known.because}`,
      }
    : { kind: "works-as", role: given.role, because };
}
