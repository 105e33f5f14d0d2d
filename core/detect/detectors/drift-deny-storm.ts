import { type Done, defineConductDetector, type Whose, whoSaid } from "../behaviour/conduct-detector.ts";
import { deviations } from "../behaviour/deviations.ts";
import type { Severity } from "../finding.ts";

/** So many refusals of one identity within one hour are a storm. */
export const stormLimit = 60;
/** So many different calls refused, and so often, look like somebody who tries what works. */
const searching = { calls: 8, refusals: 4 * stormLimit } as const;

const hour = 3_600_000;

/** Finds identities that AWS refuses again and again: mostly something is broken, sometimes somebody tries doors. */
export const driftDenyStorm = defineConductDetector({
  id: "drift-deny-storm",
  version: "1",
  title: "A workload or role was refused again and again",
  family: "privilege-drift",
  maturity: "stable",
  needsDeclarations: true,
  attack: ["T1580", "T1526"],
  controls: {
    owaspNhi: ["NHI5:2025"],
    owaspAsi: ["ASI08"],
    nistCsf: ["DE.AE-03", "DE.CM-03"],
    nistAiRmf: ["MEASURE 2.6"],
    maestro: ["L5 Evaluation and Observability"],
  },
  watches: [{ kind: "declared-identities" }],
  falsePositives: [
    "A permission was taken away or never given, and the workload goes on trying",
    "A guard-rail was switched on that a workload did not expect",
  ],
  triage: [
    "Tell the owner which calls are refused: something they run does not work",
    "If many different calls are refused, look from where they come: somebody may be trying what works",
  ],
  references: [
    "https://docs.aws.amazon.com/IAM/latest/UserGuide/troubleshoot_access-denied.html",
    "https://docs.aws.amazon.com/prescriptive-guidance/latest/patterns/welcome.html",
  ],
  judging(whose) {
    if (whose.span.denied < stormLimit) return undefined;
    const hours = new Map<number, Hour>();
    return {
      see(done) {
        if (done.conduct.outcome !== "denied") return;
        const number = Math.floor(done.first / hour);
        const known = hours.get(number) ?? newHour();
        hours.set(number, known);
        known.count += done.count;
        const { api } = done.conduct;
        known.byApi.set(api, (known.byApi.get(api) ?? 0) + done.count);
        known.refused.add(done, { key: "storm", severity: "low", about: undefined });
      },
      detections: () => stormsIn(hours, whose),
    };
  },
});

interface Hour {
  count: number;
  readonly byApi: Map<string, number>;
  readonly refused: ReturnType<typeof deviations<undefined>>;
}

const newHour = (): Hour => ({ count: 0, byApi: new Map(), refused: deviations() });

function stormsIn(hours: ReadonlyMap<number, Hour>, whose: Whose) {
  const storms = [...hours].filter(([, one]) => one.count >= stormLimit);
  const byDay = Map.groupBy(storms, ([number]) => Math.floor(number / 24));
  return [...byDay].flatMap(([day, ofDay]) => {
    const sorted = ofDay.sort(([a], [b]) => a - b);
    const [first, ...rest] = sorted.flatMap(([, one]) =>
      one.refused.all().flatMap((storm): readonly Done[] => storm.done),
    );
    if (first === undefined) return [];
    const count = sorted.reduce((sum, [, one]) => sum + one.count, 0);
    const worst = Math.max(...sorted.map(([, one]) => one.count));
    const calls = callsIn(sorted.map(([, one]) => one));
    const severity: Severity =
      whose.declared !== undefined && calls.length >= searching.calls && worst >= searching.refusals ? "medium" : "low";
    return [
      {
        title: `AWS refused ${whoSaid(whose)} ${worst} times within an hour`,
        severity,
        confidence: "medium" as const,
        audience: "owner" as const,
        day,
        deviation: "storm",
        done: [first, ...rest.slice(0, 49)] as const,
        shown: first,
        count,
        outcome: "denied" as const,
        evidence: () =>
          [
            { kind: "count", what: "refusals in the worst hour", count: worst, limit: stormLimit },
            { kind: "count", what: "different calls refused", count: calls.length },
            ...calls
              .slice(0, 5)
              .map(([api, times]) => ({ kind: "count", what: `refusals of ${api}`, count: times }) as const),
          ] as const,
      },
    ];
  });
}

function callsIn(hours: readonly Hour[]): readonly (readonly [api: string, count: number])[] {
  const all = new Map<string, number>();
  for (const { byApi } of hours) for (const [api, count] of byApi) all.set(api, (all.get(api) ?? 0) + count);
  return [...all].sort(([a, many], [b, few]) => few - many || (a < b ? -1 : 1));
}
