import { type Finding, windowFindingId } from "../detect/finding.ts";
import type { Life, LifeDetection, LifeDetector, Lineage } from "../detect/windows/life.ts";
import type { EventId } from "../event/event.ts";
import { type Instant, instant } from "../event/instant.ts";
import { accountOf } from "../iam/arn.ts";
import type { Attribution } from "../identity/attribution.ts";
import { noPrincipal } from "../identity/principal-index.ts";
import type { Registry } from "../identity/workload.ts";
import { type AttributionOf, issuanceOfKey } from "./attributor.ts";
import { type Horizon, within } from "./horizon.ts";
import { placementsIn } from "./placements.ts";
import type { State } from "./state.ts";

/** Watches who is attributed while a settlement counts, and says at the end what was noticed. */
export interface Lives {
  /** The same answers; each caller's first answer is told to the detectors. */
  readonly attributionOf: AttributionOf;
  findings(): readonly Finding[];
}

interface Question {
  readonly detectors: readonly LifeDetector[];
  readonly registry: Registry;
  readonly horizon: Horizon;
  readonly attributionOf: AttributionOf;
}

/** Costs a few steps for each distinct caller, nothing for each record. */
export function livesIn(state: State, question: Question): Lives {
  const { registry, horizon, attributionOf } = question;
  const declares = registry.workloads.some((one) => one.status === "active");
  const lineage: Lineage = {
    issued: (key) => issuanceOfKey(state, key),
    placements: placementsIn(state),
  };
  const gatherings = question.detectors
    .filter((one) => declares || !one.needsDeclarations)
    .map((detector) => ({ detector, gathering: detector.gather(lineage) }));
  const told = new Uint8Array(gatherings.length === 0 ? 0 : state.principals.count);
  return {
    attributionOf(principal, kept) {
      const attribution = attributionOf(principal, kept);
      if (principal === noPrincipal || told[principal] !== 0) return attribution;
      told[principal] = 1;
      const life = lifeOf(state, registry, { principal, attribution });
      if (life !== undefined) for (const { gathering } of gatherings) gathering.see(life);
      return attribution;
    },
    findings: () =>
      gatherings.flatMap(({ detector, gathering }) =>
        gathering
          .findings()
          .filter(({ began }) => within(horizon, Math.floor(began.at / 1_000)))
          .map((one) => completed(detector, one)),
      ),
  };
}

interface Who {
  readonly principal: number;
  readonly attribution: Attribution;
}

function lifeOf(state: State, registry: Registry, { principal, attribution }: Who): Life | undefined {
  const first = state.principals.first(principal);
  if (first === undefined) return undefined;
  const workload = attribution.kind === "workload" && attribution.declared ? registry.named(attribution.id) : undefined;
  return {
    attribution,
    ...(workload === undefined ? {} : { workload }),
    first: { at: first.at, eventID: first.eventID as EventId },
  };
}

function completed(detector: LifeDetector, { subject, began, life, count = 1, ...said }: LifeDetection): Finding {
  const { attribution, workload } = life;
  const principal = attribution.hops[0]?.principal;
  const account = began.account ?? (principal === undefined ? undefined : accountOf(principal));
  return {
    ...said,
    id: windowFindingId(detector.id, subject, startOfDay(began.at)),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    outcome: "done",
    at: began.at,
    ...(account === undefined ? {} : { account }),
    region: began.region ?? "",
    ...(principal === undefined ? {} : { principal }),
    ...(workload === undefined ? {} : { workload: workload.name }),
    attribution,
    guessed: false,
    eventIDs: [began.eventID],
    count,
    attack: detector.attack,
    controls: detector.controls,
  };
}

/** Another run over more records tells the same thing again: once a day it is new. */
const startOfDay = (at: Instant): Instant => instant(at - (at % 86_400_000));
