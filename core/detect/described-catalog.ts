import { conductDetectorsWith } from "./behaviour/conduct-catalog.ts";
import { meterDetectors } from "./capacity/meter-catalog.ts";
import { type DetectorTables, detectorsWith } from "./catalog.ts";
import type { Described } from "./described.ts";
import { lifeDetectors } from "./windows/life-catalog.ts";
import { sweepDetectorsWith } from "./windows/sweep-catalog.ts";
import { windowDetectorsWith } from "./windows/window-catalog.ts";

/** Every detector there is, of whatever kind, once and sorted by id: for pages, lists and names. */
export function describedWith(tables: DetectorTables): readonly Described[] {
  const all: readonly Described[] = [
    ...detectorsWith(tables),
    ...windowDetectorsWith(tables),
    ...conductDetectorsWith(tables),
    ...lifeDetectors,
    ...meterDetectors,
    ...sweepDetectorsWith(tables),
  ];
  const byId = new Map(all.toReversed().map((one) => [one.id, one]));
  return [...byId.values()].toSorted((a, b) => (a.id < b.id ? -1 : 1));
}
