import { type DetectorTables, detectorsWith } from "./catalog.ts";
import { conductDetectorsWith } from "./conduct-catalog.ts";
import type { Described } from "./described.ts";
import { lifeDetectors } from "./life-catalog.ts";
import { meterDetectors } from "./meter-catalog.ts";
import { sweepDetectorsWith } from "./sweep-catalog.ts";
import { windowDetectorsWith } from "./window-catalog.ts";

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
