import type { FactSource, Moment } from "../detect/facts/fact.ts";
import { type Finding, windowFindingId } from "../detect/finding.ts";
import type { SweepDetection, SweepDetector, Swept } from "../detect/windows/sweep.ts";
import type { EventId } from "../event/event.ts";
import { instant } from "../event/instant.ts";
import { accountOf } from "../iam/arn.ts";
import type { Attribution } from "../identity/attribution.ts";
import type { GrantStore } from "../identity/envelope/grant-store.ts";
import type { Registry } from "../identity/workload.ts";
import { type Horizon, within } from "./horizon.ts";
import { keptEvent } from "./kept-record.ts";
import type { State } from "./state.ts";

interface Question {
  readonly detectors: readonly SweepDetector[];
  readonly registry: Registry;
  readonly horizon: Horizon;
  /** Answers of how IAM stood; asked only when some detector has a question. */
  readonly facts: () => FactSource;
  /** Grants that were approved at run time. */
  readonly grants?: GrantStore;
}

/** What stands wrong at the last record that is spoken about. Where no detector has a question, this costs nothing. */
export async function sweepFindings(state: State, question: Question): Promise<readonly Finding[]> {
  const declared = await sweptIn(question);
  if (declared.length === 0 || question.detectors.length === 0) return [];
  const last = lastRecord(state, question.horizon);
  if (last === undefined) return [];
  // Just after the last record: its own write counts.
  const before: Moment = { at: instant(last.at + 1), id: "" as EventId };
  const wanted = question.detectors.flatMap((one) => one.wants(declared, before));
  if (wanted.length === 0) return [];
  const facts = await question.facts().answer(wanted);
  return question.detectors.flatMap((detector) =>
    detector.judge(declared, before, facts).map((one) => completed(detector, one, last)),
  );
}

/** Only workloads that have grants at all. */
async function sweptIn({ registry, grants }: Question): Promise<readonly Swept[]> {
  const all = await Promise.all(
    registry.workloads.map(async (workload): Promise<Swept> => {
      const approved = (await grants?.ofWorkload(workload.name)) ?? [];
      return { workload, grants: [...(workload.grants ?? []), ...approved] };
    }),
  );
  return all.filter((one) => one.grants.length > 0);
}

/** The last of the records that were kept: those are the ones whose ids are known. */
function lastRecord(state: State, horizon: Horizon): Moment | undefined {
  const secondOf = (number: number): number => state.kept.entry(number)[2] ?? 0;
  for (let bound = Number.POSITIVE_INFINITY; ; ) {
    let latest = -1;
    for (let number = 0; number < state.kept.count; number++) {
      const second = secondOf(number);
      if (second > latest && second < bound && within(horizon, second)) latest = second;
    }
    if (latest < 0) return undefined;
    let last: Moment | undefined;
    for (let number = 0; number < state.kept.count; number++) {
      const event = secondOf(number) === latest ? keptEvent(state, number) : undefined;
      if (event === undefined) continue;
      const { at, id } = event;
      if (last === undefined || at > last.at || (at === last.at && id > last.id)) last = { at, id };
    }
    // Fuller copies may have taken the place of all of that second.
    if (last !== undefined) return last;
    bound = latest;
  }
}

function completed(detector: SweepDetector, detection: SweepDetection, last: Moment): Finding {
  const { subject, workload, since, ...said } = detection;
  const account = accountOf(detection.resource ?? "");
  const attribution: Attribution = {
    kind: "workload",
    id: workload.name,
    declared: true,
    class: "indexed",
    confidence: "high",
    because: `the manifest ${workload.where} names the role`,
    root: { kind: "workload", id: workload.name },
    hops: [],
  };
  return {
    ...said,
    id: windowFindingId(detector.id, subject, since),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    outcome: "unknown",
    at: last.at,
    ...(account === undefined ? {} : { account }),
    region: "",
    workload: workload.name,
    attribution,
    guessed: false,
    eventIDs: [last.id],
    count: 1,
    attack: detector.attack,
    controls: detector.controls,
  };
}
