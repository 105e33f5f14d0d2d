import { type AcceleratorTable, acceleratorOf } from "../../detect/capacity/accelerator.ts";
import { capacityRequestOf } from "../../detect/capacity/accelerator-request.ts";
import type { ApiCall } from "../../event/event.ts";
import { at, isObject, type Json, list, text } from "../../event/json.ts";
import { isRoleArn, parseArn } from "../../iam/arn.ts";
import { delegationOf } from "../../identity/lineage/delegation.ts";
import { calleeOf } from "../../identity/lineage/may-invoke.ts";
import { noPrincipal } from "../../identity/principal-index.ts";
import { conductRows } from "../conduct/conduct.ts";
import { type Horizon, within } from "../horizon.ts";
import { keptEvent } from "../kept-record.ts";
import { placementsIn } from "../placements.ts";
import { purpose } from "../purpose.ts";
import type { State } from "../state.ts";
import { pairs } from "./owner-terraform.ts";
import { type Suggestions, type SuggestQuestion, suggest } from "./suggest.ts";
import type { History } from "./suggest-manifest.ts";
import { factsOf, type OwnerFact, ranks } from "./suggest-owner.ts";
import type { ConductCount } from "./suggest-use.ts";

/** What is asked of a state. */
export interface SuggestAsked
  extends Pick<SuggestQuestion, "attributionOf" | "registry" | "accounts" | "tables" | "facts" | "taken"> {
  readonly horizon: Horizon;
  readonly accelerators: AcceleratorTable;
}

/** Drafts from the records of a state that remembers conduct; nothing where no record lies within the horizon. */
export function suggestFrom(
  state: State,
  asked: SuggestAsked,
): (Suggestions & { readonly history: History }) | undefined {
  const { horizon, accelerators, tables, ...rest } = asked;
  const history = historyIn(state, horizon);
  if (history === undefined) return undefined;
  const { capacity, asks, facts } = keptIn(state, { horizon, accelerators, registry: rest.registry });
  const suggestions = suggest({
    ...rest,
    tables,
    history,
    capacity,
    asks,
    facts: [...rest.facts, ...facts],
    placements: placementsIn(state),
    principalOf: (number) => state.principals.read(number),
    rows: rowsIn(state, asked),
  });
  return { ...suggestions, history };
}

function* rowsIn(
  state: State,
  { horizon, tables }: SuggestAsked,
): Generator<ConductCount & { readonly principal: number }> {
  for (const { principal, conduct, count, first, last } of conductRows(state, horizon, tables.authorise))
    yield { principal, conduct, count, first: Math.floor(first / 1_000), last: Math.floor(last / 1_000) };
}

/** The first and the last second of the records; nothing without one. */
export function historyIn(state: State, horizon: Horizon): History | undefined {
  let [first, last] = [Number.POSITIVE_INFINITY, 0];
  state.records.each((_pointer, _flags, second) => {
    if (!within(horizon, second)) return;
    first = Math.min(first, second);
    last = Math.max(last, second);
  });
  return last === 0 ? undefined : { first, last };
}

/** What makes or tags a thing was kept for one of these; most of the kept only issue credentials. */
const telling =
  purpose.judge | purpose.counted | purpose.state | purpose.placement | purpose.cause | purpose.delegation;

/** Walks the records that were kept once: accelerators and agents that were asked for, and tags that were set. */
function keptIn(
  state: State,
  { horizon, accelerators, registry }: Pick<SuggestAsked, "horizon" | "accelerators" | "registry">,
) {
  const capacity: { principal: number; family: string; instances: number }[] = [];
  const asks: { principal: number; callee: string }[] = [];
  const facts: OwnerFact[] = [];
  for (let number = 0; number < state.kept.count; number++) {
    if ((state.kept.purposes(number) & telling) === 0) continue;
    const event = keptEvent(state, number);
    if (event?.kind !== "api-call" || event.outcome !== "done") continue;
    facts.push(...tagFacts(event));
    const principal = state.kept.principal(number);
    if (principal === noPrincipal || !within(horizon, Math.floor(event.at / 1_000))) continue;
    const request = capacityRequestOf(event);
    const types = (request?.asked ?? []).flatMap(({ type }) => acceleratorOf(type, accelerators)?.family ?? []);
    for (const family of new Set(types)) capacity.push({ principal, family, instances: request?.total?.count ?? 0 });
    const asked = delegationOf(event);
    const callee = asked && calleeOf(asked.kind, asked.asked, registry);
    if (callee !== undefined) asks.push({ principal, callee: `${callee.kind}:${callee.names[0]}` });
  }
  return { capacity, asks, facts };
}

/** The tags that a call gave to the thing it made or named; they count whenever they were set. */
function tagFacts(call: ApiCall): readonly OwnerFact[] {
  const tags = tagsIn(call.request["tags"]);
  if (tags.length === 0) return [];
  return subjectsIn(call).flatMap((subject) =>
    factsOf(tags, { subject, source: `tag set by ${call.api}, event ${call.id}`, rank: ranks.record }),
  );
}

/** `{key: value}`, `[{key, value}]` and `[{Key, Value}]`, as services write them. */
const tagsIn = (tags: Json | undefined): readonly (readonly [string, string])[] =>
  isObject(tags)
    ? pairs(tags)
    : list(tags).map((one) => [
        text(at(one, "key")) || text(at(one, "Key")),
        text(at(one, "value")) || text(at(one, "Value")),
      ]);

/**
 * ARNs that the answer names, one level deep. Not a role: what is made runs with it, and the tags do not speak of it. A role
 * that is tagged itself is named in the request.
 */
function subjectsIn({ api, request, response, account }: ApiCall): readonly string[] {
  const values = Object.values(response).flatMap((one) => (isObject(one) ? Object.values(one) : [one]));
  const arns = values.map(text).filter((one) => parseArn(one) !== undefined && !isRoleArn(one));
  const role = text(request["roleName"]);
  return api.startsWith("iam:") && role !== "" && account !== undefined ? [`role ${account}/${role}`] : arns;
}
