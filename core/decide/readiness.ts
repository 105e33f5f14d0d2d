/** What was measured on one's own accounts, for all workloads or one. A missing part was not measured: that is a red gate. */
export interface Readings {
  /** Containments, and decisions that would have been some, that people have judged since; `wrong` were benign. */
  readonly reviewed: { readonly total: number; readonly wrong: number };
  /** Automatic containments that turned out benign. */
  readonly wrongInProduction: number;
  /** Days between the first and the last finding that is known. */
  readonly days: number;
  /** What no ledger knows, measured in drills and elsewhere. */
  readonly measured: ReadonlyMap<Elsewhere, { readonly value: number; readonly sample: number }>;
  /** Seconds from the event to the first call that was refused. */
  readonly denied: readonly number[];
  /** Seconds from the release to the first call that succeeded. */
  readonly allowed: readonly number[];
  /** Releases, and how many of them left nothing of ours behind. */
  readonly released: { readonly total: number; readonly whole: number };
  /** Changes that were made, and calls of our own roles that no intent explains. */
  readonly made: { readonly total: number; readonly outside: number };
}

/** What is measured elsewhere, with the worst value that still counts. Counts of a sample are judged by their bound. */
export const elsewhere = {
  "pages-per-week": { gate: 1, what: "pages a week for 100 workloads", most: 2 },
  "attribution-doubtful": { gate: 2, what: "declared calls without high confidence", share: 0.01 },
  "attribution-wrong": { gate: 2, what: "sampled attributions that were wrong", share: 0.003 },
  "legs-silent": { gate: 2, what: "accounts and Regions that deliver nothing", most: 0 },
  "trail-only": { gate: 2, what: "records that were only in the trail", share: 0.001 },
  "break-glass-seconds": { gate: 4, what: "seconds to release with everything down", most: 300 },
  "opted-in-sessions": { gate: 5, what: "share of production sessions that could be denied", most: 0.01 },
  "kill-switch-seconds": { gate: 5, what: "seconds from the kill switch to the last call", most: 5 },
} as const;

export type Elsewhere = keyof typeof elsewhere;

/** One measure of a gate: what it is, how many were looked at, and what is to be believed of those that were not. */
export interface Measure {
  readonly what: string;
  readonly value: string;
  readonly sample: number;
  /** 95 % sure that the true share is no worse than this. */
  readonly bound?: number;
  readonly wants: string;
  readonly isMet: boolean;
}

export interface ReadinessGate {
  readonly gate: 1 | 2 | 3 | 4 | 5;
  readonly name: string;
  readonly state: "green" | "red";
  readonly measures: readonly Measure[];
}

/** The five gates that must be green before a containment may be automatic (docs/operations.md). */
export function readinessGates(readings: Readings): readonly ReadinessGate[] {
  const { reviewed, days, wrongInProduction, denied, allowed, released, made } = readings;
  const others = (gate: number): readonly Measure[] => measuresOf(gate, readings);
  return [
    gate(1, "wrong containments", [
      share("reviewed decisions that were wrong", reviewed.wrong, reviewed.total, { most: 0.05, sample: 60 }),
      { what: "shadow days", value: String(days), sample: days, wants: ">= 30", isMet: days >= 30 },
      {
        what: "wrong in production",
        value: String(wrongInProduction),
        sample: reviewed.total,
        wants: "0",
        isMet: wrongInProduction === 0,
      },
      ...others(1),
    ]),
    gate(2, "attribution", others(2)),
    gate(3, "event to first denied call", [
      quantile("p99", denied, 0.99, { most: 180, sample: 20 }),
      quantile("p50", denied, 0.5, { most: 60, sample: 20 }),
    ]),
    gate(4, "release to first allowed call", [
      quantile("p95", allowed, 0.95, { most: 300, sample: 20 }),
      {
        ...share("releases that left something behind", released.total - released.whole, released.total, {
          most: 1,
          sample: 20,
        }),
        wants: "0 of >= 20",
        isMet: released.total >= 20 && released.whole === released.total,
      },
      ...others(4),
    ]),
    gate(5, "worst case", [
      {
        ...share("calls of our own roles without intent", made.outside, made.total, { most: 1, sample: 1 }),
        wants: "0",
        isMet: made.total > 0 && made.outside === 0,
      },
      ...others(5),
    ]),
  ];
}

const gate = (number: ReadinessGate["gate"], name: string, measures: readonly Measure[]): ReadinessGate => ({
  gate: number,
  name,
  state: measures.every(({ isMet }) => isMet) ? "green" : "red",
  measures,
});

function measuresOf(gate: number, { measured }: Readings): readonly Measure[] {
  return Object.entries(elsewhere).flatMap(([name, one]) => {
    if (one.gate !== gate) return [];
    const found = measured.get(name as Elsewhere);
    const limit = "share" in one ? `95 % bound < ${percent(one.share)}` : `<= ${one.most}`;
    if (found === undefined) return [{ what: one.what, value: "not measured", sample: 0, wants: limit, isMet: false }];
    if ("share" in one) return [share(one.what, found.value, found.sample, { most: one.share, sample: 1 })];
    const { value, sample } = found;
    return [{ what: one.what, value: String(value), sample, wants: limit, isMet: sample > 0 && value <= one.most }];
  });
}

interface Wanted {
  readonly most: number;
  readonly sample: number;
}

function share(what: string, hits: number, sample: number, { most, sample: enough }: Wanted): Measure {
  const bound = upperBound(hits, sample);
  return {
    what,
    value: `${hits} of ${sample}`,
    sample,
    bound,
    wants: `95 % bound < ${percent(most)} over >= ${enough}`,
    isMet: sample >= enough && bound < most,
  };
}

function quantile(what: string, seconds: readonly number[], at: number, { most, sample: enough }: Wanted): Measure {
  const found = quantileOf(seconds, at);
  const over = seconds.filter((one) => one > most).length;
  return {
    what,
    value: found === undefined ? "not measured" : `${found} s`,
    sample: seconds.length,
    ...(seconds.length === 0 ? {} : { bound: upperBound(over, seconds.length) }),
    wants: `<= ${most} s over >= ${enough}`,
    isMet: found !== undefined && seconds.length >= enough && found <= most,
  };
}

/** The smallest value that the given share of all does not exceed (nearest rank); undefined of none. */
export function quantileOf(values: readonly number[], share: number): number | undefined {
  return values.toSorted((a, b) => a - b)[Math.max(0, Math.ceil(values.length * share) - 1)];
}

/** One-sided 95 %: the 0.95 quantile of the normal distribution. */
const z = 1.6449;

/**
 * The share that the true one exceeds in one case of twenty only: Wilson's score interval, and where nothing was hit the
 * exact bound that the rule of three (3/n) is short for. Of no sample it is 1.
 */
export function upperBound(hits: number, sample: number): number {
  if (sample <= 0) return 1;
  if (hits <= 0) return 1 - 0.05 ** (1 / sample);
  const found = Math.min(1, hits / sample);
  const middle = found + z ** 2 / (2 * sample);
  const half = z * Math.sqrt((found * (1 - found)) / sample + z ** 2 / (4 * sample ** 2));
  return Math.min(1, (middle + half) / (1 + z ** 2 / sample));
}

export const percent = (value: number): string =>
  `${(value * 100).toFixed(value < 0.01 ? 2 : 1).replace(/\.0$/, "")} %`;

/** The gates that keep a workload from being contained automatically, by name; none when all are green. */
export const redGates = (gates: readonly ReadinessGate[]): readonly string[] =>
  gates.filter(({ state }) => state === "red").map(({ name }) => name);
