import type { EventId } from "../../event/event.ts";
import { type Instant, instant } from "../../event/instant.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Described } from "../described.ts";
import { type Finding, windowFindingId } from "../finding.ts";
import type { ConductDetection, Whose } from "./conduct-detector.ts";

/** The records behind a detection, and who made the first of them. */
export interface Behind {
  /** The earliest, at most 50, oldest first. */
  readonly ids: readonly [EventId, ...EventId[]];
  readonly at: Instant;
  /** The first record of what the detection shows. */
  readonly shown: EventId;
  /** The first one's signer, by ARN or id. */
  readonly principal?: string;
  readonly attribution: Attribution;
  readonly guessed: boolean;
}

const dayLength = 86_400_000;

/** Completes what a detector says of one day of an identity: who, when, and an id that stays when more of the day is known. */
export function conductFinding(
  detector: Described,
  { identity, declared }: Whose,
  { detection, behind }: { readonly detection: ConductDetection; readonly behind: Behind },
): Finding {
  const { day, deviation, done, shown = done[0], count, outcome, evidence, ...said } = detection;
  const { ids, at, principal, attribution, guessed } = behind;
  const { conduct } = shown;
  return {
    ...said,
    evidence: evidence(behind.shown),
    id: windowFindingId(detector.id, JSON.stringify([identity, deviation]), instant(day * dayLength)),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    outcome,
    at,
    ...(conduct.account === "" ? {} : { account: conduct.account }),
    region: conduct.region,
    ...(principal === undefined ? {} : { principal }),
    ...(declared === undefined ? {} : { workload: declared.workload.name }),
    attribution,
    guessed,
    eventIDs: ids,
    count,
    attack: detector.attack,
    controls: detector.controls,
  };
}
