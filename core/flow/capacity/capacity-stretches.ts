import { type AcceleratorTable, acceleratorOf } from "../../detect/capacity/accelerator.ts";
import { wordsInEvent } from "../../detect/capacity/capacity-event.ts";
import { capacityMeter, type Stretch } from "../../detect/capacity/capacity-meter.ts";
import { type CapacityWord, wordsInCall } from "../../detect/capacity/capacity-word.ts";
import { startedFromFacts } from "../../detect/capacity/started-from.ts";
import { type Facts, factKey } from "../../detect/facts/fact.ts";
import { madeBy } from "../../detect/made-by.ts";
import type { MarkedBy } from "../../detect/windows/window-store.ts";
import type { ApiCall, ScalingEvent } from "../../event/event.ts";
import { hashInto, type Lanes } from "../../event/hash.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Registry } from "../../identity/workload.ts";
import type { AttributionOf } from "../attributor.ts";
import { keptEvent } from "../kept-record.ts";
import { purpose } from "../purpose.ts";
import type { State } from "../state.ts";
import { ownerIn } from "./capacity-owner.ts";
import { type StartedFrom, startedFromIn } from "./started-from.ts";

interface Known {
  readonly table: AcceleratorTable;
  readonly registry: Registry;
  readonly attributionOf: AttributionOf;
}

/**
 * Every time in which something ran on accelerators, as a state's records show it. Where no record names an accelerated type
 * none is decoded; what began on accelerators is followed further, and of all else nothing is remembered.
 */
export function stretchesIn(state: State, known: Known): readonly Stretch[] {
  const { table } = known;
  const telling = tellingIn(state, table);
  if (telling.length === 0) return [];
  const meter = capacityMeter(table);
  const startedFrom = startedFromIn(state);
  const behind = whoIn(state, known);
  const followed = new Set<string>();
  // Two columns: a record that is read again, and the mark of the one thing it tells of, where it tells of one.
  const open: number[] = [];
  const only: number[] = [];
  for (const number of telling) {
    const event = told(state, number);
    const words = event === undefined ? [] : wordsIn(event, startedFrom);
    for (const word of words) if (accelerated(word, table)) followed.add(word.key);
    // What names other machines than these is done with.
    if (!words.some((word) => word.machines === undefined || accelerated(word, table))) continue;
    open.push(number);
    only.push(words.length === 1 ? markOf(words[0]?.key ?? "") : several);
  }
  if (followed.size === 0) return [];
  const marks = new Set([...followed].map(markOf));
  for (const [place, number] of open.entries()) {
    const mark = only[place] ?? several;
    // Most tell of one thing that is not followed: they need not be read again.
    if (mark !== several && !marks.has(mark)) continue;
    const event = told(state, number);
    const words = event === undefined ? [] : wordsIn(event, startedFrom).filter(({ key }) => followed.has(key));
    if (event === undefined || words.length === 0) continue;
    const by = words.some(({ says }) => says === "on") ? behind(event, number) : undefined;
    for (const word of words) meter.tell(word, word.says === "on" ? by : undefined);
  }
  return meter.stretches();
}

const several = -1;

const lanes: Lanes = { high: 0, low: 0 };

/** Two keys can have one mark: it may let too much through, never too little. */
function markOf(key: string): number {
  hashInto(key, lanes);
  return lanes.low;
}

type Telling = ApiCall | ScalingEvent;

function told(state: State, number: number): Telling | undefined {
  const event = keptEvent(state, number);
  return event?.kind === "api-call" || event?.kind === "scaling" ? event : undefined;
}

const accelerated = ({ machines = [] }: CapacityWord, table: AcceleratorTable): boolean =>
  machines.some(({ type }) => acceleratorOf(type, table) !== undefined);

function wordsIn(event: Telling, startedFrom: StartedFrom): readonly CapacityWord[] {
  if (event.kind === "api-call") return wordsInCall(event, factsFor(event, startedFrom));
  return wordsInEvent(event, (thing) => {
    const answer = startedFrom({ kind: "started-from", thing, before: { at: event.at, id: event.id } });
    return answer.kind === "started-from" ? answer.types : [];
  });
}

const factsFor = (call: ApiCall, startedFrom: StartedFrom): Facts =>
  new Map(
    startedFromFacts(call).flatMap((fact) =>
      fact.kind === "started-from" ? [[factKey(fact), startedFrom(fact)] as const] : [],
    ),
  );

function whoIn(state: State, { registry, attributionOf }: Known): (event: Telling, number: number) => MarkedBy {
  const ownerOf = ownerIn(state, attributionOf);
  return (event, number) => {
    const attribution =
      event.kind === "api-call" ? ownerOf(event, number) : attributionOf(state.kept.principal(number), number);
    const workload = declaredBehind(attribution, registry);
    return madeBy({ event, attribution, registry, facts: new Map(), ...(workload === undefined ? {} : { workload }) });
  };
}

const declaredBehind = (attribution: Attribution, registry: Registry) =>
  attribution.kind === "workload" && attribution.declared ? registry.named(attribution.id) : undefined;

/** The kept records that may tell of capacity; none where none of them names an accelerated type. */
function tellingIn(state: State, table: AcceleratorTable): readonly number[] {
  const telling: number[] = [];
  let named = false;
  for (let number = 0; number < state.kept.count; number++) {
    const purposes = state.kept.purposes(number);
    if ((purposes & (purpose.cause | purpose.judge)) === 0) continue;
    const json = state.kept.json(number);
    const tells =
      (purposes & purpose.cause) !== 0 || json.startsWith(envelope) || apps.some((one) => json.includes(one));
    if (!tells) continue;
    telling.push(number);
    named ||= namesOne(json, table);
  }
  return named ? telling : [];
}

/** How the kept text of an envelope begins, and how a call's name stands in it; Studio's apps change no capacity that is scaled. */
const envelope = '{"form":"envelope"';
const apps = ['"name":"CreateApp"', '"name":"DeleteApp"'];

/** Also within a text that is JSON itself, as fleets describe their instances. */
const typeShape = /"(?:ml\.)?[a-z]{1,4}\d[a-z0-9-]{0,20}\.[a-z0-9-]{1,20}(?=\\?")/g;

function namesOne(json: string, table: AcceleratorTable): boolean {
  for (const [found] of json.matchAll(typeShape)) if (acceleratorOf(found.slice(1), table) !== undefined) return true;
  return false;
}
