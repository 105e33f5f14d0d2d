import { capacityRequestOf } from "../../detect/capacity/accelerator-request.ts";
import { startedFromKeys } from "../../detect/capacity/started-from.ts";
import { type Fact, type FactAnswer, type FactSource, factKey, type Moment } from "../../detect/facts/fact.ts";
import type { ApiCall } from "../../event/event.ts";
import { causeKinds } from "../../identity/lineage/cause.ts";
import { causesIn, type KeptCause } from "../causes.ts";
import { keptEvent } from "../kept-record.ts";
import type { State } from "../state.ts";

/** Answers what templates, groups and configurations are made of from the records that wrote them, and leaves the rest to `others`. */
export function withStartedFrom(state: State, others: FactSource): FactSource {
  const resolve = resolver(state);
  return {
    async answer(facts) {
      const here = facts.filter((fact) => fact.kind === "started-from");
      if (here.length === 0) return others.answer(facts);
      const there = facts.filter((fact) => fact.kind !== "started-from");
      const told = there.length === 0 ? [] : await others.answer(there);
      return new Map([...told, ...here.map((fact) => [factKey(fact), resolve(fact.thing, fact.before)] as const)]);
    },
  };
}

/** From an endpoint to its configuration, from a group to its template, from a version to its source. */
const mostSteps = 4;
/** So many writes of one thing are looked at for one that names a type. */
const mostWrites = 16;

function resolver(state: State): (thing: string, before: Moment) => FactAnswer {
  const causes = causesIn(state);
  const resolved = (thing: string, before: Moment, steps: number): FactAnswer | undefined => {
    let looked = 0;
    for (const found of causes.under(thing, { kinds: causeKinds, until: before.at })) {
      // What is used was written before, though calls are dated by the second.
      if (found.cause.eventID === before.id) continue;
      if (++looked > mostWrites) return undefined;
      const answer = told(found, steps);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  const told = ({ cause, number }: KeptCause, steps: number): FactAnswer | undefined => {
    const event = keptEvent(state, number);
    if (event?.kind !== "api-call") return undefined;
    const written = typesIn(event);
    if (written !== undefined)
      return { ...written, because: `written by ${cause.api} (event ${cause.eventID})`, kind: "started-from" };
    if (steps === 0) return undefined;
    // A default version may be set after it was written; what is meant is what it says by then.
    for (const thing of startedFromKeys(event)) {
      const answer = resolved(thing, { at: event.at, id: event.id }, steps - 1);
      if (answer !== undefined) return answer;
    }
    return undefined;
  };
  return (thing, before) =>
    resolved(thing, before, mostSteps) ?? {
      kind: "unknown",
      because: "the call that wrote down what it starts is not in these records",
    };
}

function typesIn(call: ApiCall): Pick<Extract<FactAnswer, { kind: "started-from" }>, "types" | "untyped"> | undefined {
  const request = capacityRequestOf(call);
  if (request === undefined || (request.asked.length === 0 && request.untyped === undefined)) return undefined;
  return {
    types: request.asked.map(({ type, count }) => ({ type, ...(count === undefined ? {} : { count }) })),
    untyped: request.untyped !== undefined,
  };
}

/** For those who ask outside a run of detectors. */
export type StartedFrom = (fact: Extract<Fact, { kind: "started-from" }>) => FactAnswer;

export function startedFromIn(state: State): StartedFrom {
  const resolve = resolver(state);
  return ({ thing, before }) => resolve(thing, before);
}
