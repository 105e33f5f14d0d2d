import type { AcceleratorTable } from "../../detect/capacity/accelerator.ts";
import { priceSaid } from "../../detect/capacity/accelerator-price.ts";
import { type CapacityShown, shownCourse } from "../../detect/capacity/capacity-course.ts";
import { courseOf, type Stretch } from "../../detect/capacity/capacity-meter.ts";
import type { MeterDetector } from "../../detect/capacity/metered.ts";
import { type Case, subjectOf } from "../../detect/case.ts";
import type { Finding } from "../../detect/finding.ts";
import { declaresAnything } from "../../detect/run.ts";
import { type Instant, instant } from "../../event/instant.ts";
import type { Registry } from "../../identity/workload.ts";
import type { AttributionOf } from "../attributor.ts";
import { type Horizon, within } from "../horizon.ts";
import type { State } from "../state.ts";
import { stretchesIn } from "./capacity-stretches.ts";
import { meterFinding } from "./meter-finding.ts";

/** Those that judge what ran over time, and what accelerators are and cost. */
export interface Metering {
  readonly detectors: readonly MeterDetector[];
  readonly table: AcceleratorTable;
}

interface Question {
  readonly metering: Metering;
  readonly registry: Registry;
  readonly horizon: Horizon;
  readonly attributionOf: AttributionOf;
}

/** What ran on accelerators in a state, and what is wrong with it. */
export interface Ran {
  readonly findings: readonly Finding[];
  /** A case with what its subject ran on its day. */
  withCapacity(one: Case, findings: readonly Finding[]): Case;
}

/**
 * Keeps account of what ran, from the records that were kept, and judges it. Records before the horizon count: what they
 * started may run on. Without accelerators this is one look at the kept records' text.
 */
export function ranIn(state: State, question: Question): Ran {
  const { metering, registry, horizon } = question;
  const stretches = stretchesIn(state, { table: metering.table, registry, attributionOf: question.attributionOf });
  if (stretches.length === 0) return { findings: [], withCapacity: (one) => one };
  const until = lastMoment(state, horizon);
  const workloads = registry.workloads.filter(({ status }) => status === "active");
  const awake = metering.detectors.filter((one) => !one.needsDeclarations || declaresAnything(registry));
  const findings = awake.flatMap((detector) =>
    detector
      .judge({ stretches, workloads, table: metering.table, until })
      .filter(({ stretches: [{ from }] }) => within(horizon, Math.floor(from / 1_000)))
      .map((one) => meterFinding(detector, one)),
  );
  const bySubject = Map.groupBy(stretches, ({ by }) => (by === undefined ? "" : subjectOf(by)));
  const prices = priceSaid(metering.table);
  return {
    findings,
    withCapacity(one, found) {
      const first = found.find(({ id }) => one.findingIds.includes(id));
      const own = (first && bySubject.get(subjectOf(first))) ?? [];
      const shown = own.length === 0 ? undefined : capacityOn(one.opened, own, until, prices);
      return shown === undefined ? one : { ...one, capacity: shown };
    },
  };
}

const day = 86_400_000;

function capacityOn(at: Instant, own: readonly Stretch[], last: Instant, prices: string): CapacityShown | undefined {
  const from = instant(Math.floor(at / day) * day);
  return shownCourse(courseOf(own), { from, until: instant(Math.min(from + day - 1, last)), prices });
}

/** The last moment of the records that are spoken about, whatever they tell. */
function lastMoment(state: State, horizon: Horizon): Instant {
  let latest = 0;
  state.records.each((_pointer, _flags, second) => {
    if (second > latest && within(horizon, second)) latest = second;
  });
  return instant(latest * 1_000 + 999);
}
