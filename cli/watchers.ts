import accelerators from "../core/detect/accelerators.data.json" with { type: "json" };
import { conductDetectorsWith } from "../core/detect/behaviour/conduct-catalog.ts";
import { meterDetectors } from "../core/detect/capacity/meter-catalog.ts";
import { detectorsWith } from "../core/detect/catalog.ts";
import type { Detector } from "../core/detect/detector.ts";
import { wakeIndex } from "../core/detect/run.ts";
import { lifeDetectors } from "../core/detect/windows/life-catalog.ts";
import { sweepDetectorsWith } from "../core/detect/windows/sweep-catalog.ts";
import { windowDetectorsWith } from "../core/detect/windows/window-catalog.ts";
import type { Watchers } from "../core/flow/findings.ts";
import { countedOnly } from "../core/flow/purpose.ts";
import { undeclaredId } from "../core/flow/undeclared.ts";
import { nearest } from "../core/identity/manifest/nearest.ts";
import { conductParameters, iamTables } from "./iam-tables.ts";
import { usageError } from "./usage.ts";

/** The detectors of a run: all, or only the named ones. Lineage and IAM state always watch. */
export function watchersFor(only: readonly string[]): Watchers {
  const all = detectorsWith({ accelerators, iam: iamTables });
  const allWindowed = windowDetectorsWith({ accelerators, iam: iamTables });
  const allConduct = conductDetectorsWith({ iam: iamTables });
  const allSweeps = sweepDetectorsWith({ iam: iamTables });
  const wholeRun = [...lifeDetectors, ...allSweeps, ...meterDetectors];
  const known = [...all, ...allWindowed, ...allConduct, ...wholeRun].map((one) => one.id).concat(undeclaredId);
  for (const id of only) {
    if (known.includes(id)) continue;
    const meant = nearest(id, known);
    throw usageError(`--only ${id}: there is no such detector${meant ? `; did you mean ${meant}?` : ""}`);
  }
  const chosen = <One extends { readonly id: string }>(some: readonly One[]): readonly One[] =>
    only.length === 0 ? some : some.filter((one) => only.includes(one.id));
  const [detectors, windowed] = [chosen(all), chosen(allWindowed)];
  // What is kept does not depend on what is asked: a store must be able to answer the next run's question.
  const kept = [...all, ...allWindowed, ...meterDetectors].flatMap((one) => one.watches);
  const undeclared = only.length === 0 || only.includes(undeclaredId) ? "found" : "not-sought";
  return {
    detectors,
    wakeIndex: wakeIndex(detectors, kept),
    counted: countedOnly(allWindowed, [...all, ...meterDetectors]),
    windowed: { detectors: windowed, wakeIndex: wakeIndex(windowed) },
    lives: chosen(lifeDetectors),
    sweeps: chosen(allSweeps),
    metering: { detectors: chosen(meterDetectors), table: accelerators },
    conduct: { detectors: chosen(allConduct), iam: iamTables, parameters: conductParameters() },
    undeclared,
  };
}

/** Keeps the same records for a question of another kind, and finds nothing. */
export function keepingWatchers(): Watchers {
  const others = [...detectorsWith({ accelerators, iam: iamTables }), ...meterDetectors];
  const windowed = windowDetectorsWith({ accelerators, iam: iamTables });
  const kept = [...others, ...windowed].flatMap((one) => one.watches);
  const counted = countedOnly(windowed, others);
  return { detectors: [], wakeIndex: wakeIndex<Detector>([], kept), counted, undeclared: "not-sought" };
}
