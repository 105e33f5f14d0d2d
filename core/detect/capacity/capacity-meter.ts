import type { EventId } from "../../event/event.ts";
import { type Instant, instant } from "../../event/instant.ts";
import type { MarkedBy } from "../windows/window-store.ts";
import { type AcceleratorTable, acceleratorOf } from "./accelerator.ts";
import { hourlyPriceOf } from "./accelerator-price.ts";
import type { Course } from "./capacity-course.ts";
import type { CapacityWord, Machines } from "./capacity-word.ts";

/** A time in which one thing ran on the same machines, and the record that began it. */
export interface Stretch {
  readonly key: string;
  readonly from: Instant;
  /** Absent while no end was seen. */
  readonly until?: Instant;
  readonly load: Load;
  readonly word: EventId;
  /** Who began it, in the end; absent where no record tells. */
  readonly by?: MarkedBy;
}

/** What machines come to; of those without accelerators nothing is counted. */
export interface Load {
  readonly instances: number;
  readonly accelerators: number;
  readonly usdPerHour: number;
  readonly unpriced: number;
}

/**
 * Keeps account of what runs on accelerators. Words may be told in any order and any number of times, each with who is
 * behind it: what comes out depends only on which words there are, by the time of their events.
 */
export interface CapacityMeter {
  tell(word: CapacityWord, by?: MarkedBy): void;
  /** Every time in which something ran on accelerators, by (from, key). */
  stretches(): readonly Stretch[];
}

interface Told {
  readonly word: CapacityWord;
  readonly by?: MarkedBy;
}

export function capacityMeter(table: AcceleratorTable): CapacityMeter {
  const byKey = new Map<string, Map<string, Told>>();
  return {
    tell(word, by) {
      const told = byKey.get(word.key) ?? new Map<string, Told>();
      const name = `${word.id} ${word.says}`;
      if (!told.has(name)) told.set(name, { word, ...(by === undefined ? {} : { by }) });
      byKey.set(word.key, told);
    },
    stretches: () =>
      [...byKey]
        .flatMap(([key, told]) => stretchesOf(key, [...told.values()].toSorted(order), table))
        .toSorted((a, b) => a.from - b.from || compared(a.key, b.key)),
  };
}

/** What starts and ends within one second did so in this order. */
const ranks: Readonly<Record<CapacityWord["says"], number>> = { on: 0, sized: 1, off: 2, gone: 3 };

const compared = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);

const order = ({ word: a }: Told, { word: b }: Told): number =>
  a.at - b.at || ranks[a.says] - ranks[b.says] || compared(a.id, b.id);

function stretchesOf(key: string, told: readonly Told[], table: AcceleratorTable): readonly Stretch[] {
  const end = told.find(({ word }) => word.says === "gone")?.word.at;
  const firstMachines = told.find(({ word }) => word.machines !== undefined)?.word.machines;
  if (firstMachines === undefined) return [];
  // Whoever wanted it first, where any record tells.
  const known = told.flatMap(({ by }) => by ?? []);
  const by = known.find(({ attribution }) => attribution.kind !== "unattributed") ?? known[0];
  const found: Stretch[] = [];
  let machines = firstMachines;
  let open: { readonly from: Instant; readonly word: EventId; readonly load: Load } | undefined;
  let latest: Instant | undefined;
  const close = (until: Instant | undefined): void => {
    if (open !== undefined && open.load.instances > 0 && (until === undefined || until > open.from))
      found.push({
        key,
        ...open,
        ...(until === undefined ? {} : { until }),
        ...(by === undefined ? {} : { by }),
      });
    open = undefined;
  };
  for (const { word } of told) {
    if (end !== undefined && word.at > end) break;
    if (latest !== undefined && word.at >= latest) {
      close(latest);
      latest = undefined;
    }
    const load = word.machines === undefined ? undefined : loadOf(word.machines, table);
    if (word.machines !== undefined) machines = word.machines;
    if (word.says === "off" || word.says === "gone") close(word.at);
    else if (open === undefined && word.says === "on")
      open = { from: word.at, word: word.id, load: loadOf(machines, table) };
    else if (open !== undefined && load !== undefined && differs(load, open.load)) {
      close(word.at);
      open = { from: word.at, word: word.id, load };
    }
    if (word.longest !== undefined && open !== undefined) latest = instant(word.at + word.longest);
  }
  close(latest);
  return found;
}

function loadOf(machines: readonly Machines[], table: AcceleratorTable): Load {
  return machines.reduce<Load>((sum, { type, count }) => {
    const accelerator = acceleratorOf(type, table);
    if (accelerator === undefined) return sum;
    const price = hourlyPriceOf(type, table);
    return {
      instances: sum.instances + count,
      accelerators: sum.accelerators + count * accelerator.perInstance,
      usdPerHour: sum.usdPerHour + count * (price?.usd ?? 0),
      unpriced: sum.unpriced + (price === undefined ? count : 0),
    };
  }, nothing);
}

const nothing: Load = { instances: 0, accelerators: 0, usdPerHour: 0, unpriced: 0 };

const differs = (a: Load, b: Load): boolean =>
  a.instances !== b.instances || a.accelerators !== b.accelerators || a.usdPerHour !== b.usdPerHour;

/** What ran in sum over time: of changes at one moment only what they come to. Cents are rounded, so that no order shows. */
export function courseOf(stretches: readonly Stretch[]): Course {
  const changes = stretches.flatMap(({ from, until, load }) => [
    { at: from, load, sign: 1 },
    ...(until === undefined ? [] : [{ at: until, load, sign: -1 }]),
  ]);
  const moments = [...Map.groupBy(changes, ({ at }) => at)].toSorted(([a], [b]) => a - b);
  let [instances, accelerators, micros, unpriced] = [0, 0, 0, 0];
  return moments.map(([at, some]) => {
    for (const { load, sign } of some) {
      instances += sign * load.instances;
      accelerators += sign * Math.round(load.accelerators * shares);
      micros += sign * Math.round(load.usdPerHour * millionths);
      unpriced += sign * load.unpriced;
    }
    return { at, instances, accelerators: accelerators / shares, usdPerHour: micros / millionths, unpriced };
  });
}

/** Sums are kept in whole numbers: shares of an accelerator are eighths, prices have six digits. */
const shares = 1_000;
const millionths = 1_000_000;
