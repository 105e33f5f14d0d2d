import accelerators from "../core/detect/accelerators.data.json" with { type: "json" };
import { detectorsWith } from "../core/detect/catalog.ts";
import { wakeIndex } from "../core/detect/run.ts";
import type { Watchers } from "../core/flow/findings.ts";
import { nearest } from "../core/identity/nearest.ts";
import { usageError } from "./usage.ts";

/** The detectors of a run: all, or only the named ones. Lineage and IAM state always watch. */
export function watchersFor(only: readonly string[]): Watchers {
  const all = detectorsWith({ accelerators });
  const known = all.map((one) => one.id);
  for (const id of only) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    throw usageError(`--only ${id}: there is no such detector${meant ? `; did you mean ${meant}?` : ""}`);
  }
  const detectors = only.length === 0 ? all : all.filter((one) => only.includes(one.id));
  return { detectors, wakeIndex: wakeIndex(detectors) };
}
