import type { MeterDetection, MeterDetector } from "../../detect/capacity/metered.ts";
import { type Finding, windowFindingId } from "../../detect/finding.ts";
import type { EventId } from "../../event/event.ts";
import { unexplained } from "../../identity/lineage/caused.ts";

/** So many ids of events a finding names; it counts them all. */
const mostNamed = 50;

/** Completes what a meter detector says: who began it, when, under which lasting id. */
export function meterFinding(detector: MeterDetector, detection: MeterDetection): Finding {
  const { subject, since, stretches, ...said } = detection;
  const [first] = stretches;
  const ids = [...new Set(stretches.map(({ word }) => word))];
  const [one = first.word, ...rest] = ids;
  const named: readonly [EventId, ...EventId[]] = [one, ...rest.slice(0, mostNamed - 1)];
  const [account = "", region = ""] = first.key.split("/");
  const place = { region, ...(account === "" ? {} : { account }) };
  return {
    ...said,
    id: windowFindingId(detector.id, subject, since),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    at: first.from,
    ...(first.by ?? {
      ...place,
      outcome: "done",
      attribution: unexplained("no record tells who began it"),
      guessed: false,
    }),
    eventIDs: named,
    count: ids.length,
    attack: detector.attack,
    controls: detector.controls,
  };
}
