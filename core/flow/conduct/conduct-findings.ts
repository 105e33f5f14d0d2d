import type { ConductDetector, Declared, Done, Whose } from "../../detect/behaviour/conduct-detector.ts";
import { conductFinding } from "../../detect/behaviour/conduct-run.ts";
import type { Finding } from "../../detect/finding.ts";
import type { ActivityStore } from "../../detect/windows/activity-store.ts";
import type { ParametersRead } from "../../iam/authorisation-parameters.ts";
import type { IamTables } from "../../iam/tables.ts";
import type { Attribution } from "../../identity/attribution.ts";
import { compileEnvelope } from "../../identity/envelope/envelope.ts";
import type { GrantStore } from "../../identity/envelope/grant-store.ts";
import type { Horizon } from "../horizon.ts";
import type { State } from "../state.ts";
import {
  byTime,
  conductDays,
  idsBehind,
  mostIds,
  type Parting,
  type RowDay,
  rowDayName,
  type SeenId,
} from "./conduct-days.ts";
import type { ConductGroup, ConductGroups } from "./conduct-groups.ts";
import { earlierDays } from "./conduct-history.ts";
import { doneBy, inOrder, recorded, rowsAt, spansOf } from "./conduct-order.ts";

/** Detectors that judge what identities did by the day, and the tables that tell what AWS checks. */
export interface Conducting {
  readonly detectors: readonly ConductDetector[];
  readonly iam: IamTables;
  /** The request parameters that a tracer must remember for them. */
  readonly parameters: ParametersRead;
}

interface Question {
  readonly conducting: Conducting | undefined;
  readonly groups: ConductGroups;
  readonly horizon: Horizon;
  readonly attributionOf: (principal: number) => Attribution;
  /** Grants that were approved at run time. */
  readonly grants?: GrantStore;
  /** What undeclared identities did in earlier batches, and where this one's is added; a whole replay needs none. */
  readonly activity?: ActivityStore;
}

/** What the conduct detectors find in a state. Counted from its distinct records: no order of arrival is seen. */
export async function conductFindings(state: State, question: Question): Promise<readonly Finding[]> {
  const { conducting, groups, horizon } = question;
  if (
    conducting === undefined ||
    conducting.detectors.length === 0 ||
    state.conduct.size === 0 ||
    groups.all.length === 0
  )
    return [];
  const declared = await declaredIn(groups.all, conducting.iam, question.grants);
  const parting = partingAt([...declared.values()], state);
  const days = conductDays(state, { horizon, parting });
  const ordered = inOrder({ state, days, parting, groups });
  const earlier =
    question.activity === undefined
      ? undefined
      : await earlierDays(question.activity, ordered, { authorise: conducting.iam.authorise, horizon });
  const spans = spansOf(state, days, groups);
  const found = groups.all.flatMap((group, place) => {
    const known = declared.get(group.identity);
    const span = spans[place];
    if (span === undefined) return [];
    const before = earlier?.get(group.identity);
    const whose: Whose = {
      ...{ identity: group.identity, span },
      ...(known === undefined ? {} : { declared: known }),
      ...(before === undefined ? {} : { earlier: before }),
    };
    const judgings = conducting.detectors.flatMap((detector) => {
      const judging = detector.judging(whose);
      return judging === undefined ? [] : [{ detector, judging }];
    });
    if (judgings.length === 0) return [];
    for (const done of doneBy(place, ordered, conducting.iam.authorise))
      for (const { judging } of judgings) judging.see(done);
    return judgings.flatMap(({ detector, judging }) =>
      judging.detections().map((detection) => ({ detector, whose, detection })),
    );
  });
  const rowsOf = (done: readonly Done[]): readonly RowDay[] => done.flatMap(({ handle }) => rowsAt(handle, ordered));
  const ids = idsBehind(
    state,
    found.flatMap(({ detection: { done, shown = done[0] } }) => rowsOf([...done, shown])),
    { horizon, parting },
  );
  return found.flatMap(({ detector, whose, detection }): readonly Finding[] => {
    const idsOf = (done: readonly Done[]): readonly SeenId[] =>
      rowsOf(done)
        .flatMap((row) => ids.get(rowDayName(row)) ?? [])
        .sort(byTime)
        .slice(0, mostIds);
    const [first, ...rest] = idsOf(detection.done);
    if (first === undefined) return [];
    const principal = state.conduct.principal(first.row);
    const { arn, id } = state.principals.read(principal);
    const named = arn ?? id;
    const guessed = recorded(state, state.conduct.conduct(first.row)).guessed === true;
    return [
      conductFinding(detector, whose, {
        detection,
        behind: {
          ids: [first.eventID, ...rest.map((one) => one.eventID)],
          at: first.at,
          shown: (idsOf([detection.shown ?? detection.done[0]])[0] ?? first).eventID,
          ...(named === undefined ? {} : { principal: named }),
          attribution: question.attributionOf(principal),
          guessed,
        },
      }),
    ];
  });
}

async function declaredIn(
  groups: readonly ConductGroup[],
  iam: IamTables,
  store: GrantStore | undefined,
): Promise<ReadonlyMap<string, Declared & { readonly edges: readonly number[] }>> {
  const declared = new Map<string, Declared & { readonly edges: readonly number[] }>();
  for (const { identity, workload } of groups) {
    if (workload === undefined) continue;
    const grants = [...(workload.grants ?? []), ...((await store?.ofWorkload(workload.name)) ?? [])];
    const edges = grants.flatMap(({ from, until }) => [from, until]);
    declared.set(identity, { workload, envelope: compileEnvelope(workload, grants, iam), edges });
  }
  return declared;
}

/** Apart are calls before and after an edge of a grant, and of what was denied those of one hour and another. */
function partingAt(declared: readonly { readonly edges: readonly number[] }[], { conduct }: State): Parting {
  const edges = [...new Set(declared.flatMap((one) => one.edges))]
    .map((at) => Math.ceil(at / 1_000))
    .sort((a, b) => a - b);
  const partOf = (second: number): number => {
    let [low, high] = [0, edges.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((edges[middle] ?? 0) <= second) low = middle + 1;
      else high = middle;
    }
    return low;
  };
  return (number, second) => partOf(second) * 24 + (conduct.denied(number) ? Math.floor((second % 86_400) / 3_600) : 0);
}
