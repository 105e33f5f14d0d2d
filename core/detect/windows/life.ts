import type { EventId } from "../../event/event.ts";
import type { Instant } from "../../event/instant.ts";
import type { Attribution } from "../../identity/attribution.ts";
import type { Issuance } from "../../identity/lineage/issuance.ts";
import type { Placements } from "../../identity/placement.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Described } from "../described.ts";
import type { Detection } from "../finding.ts";

/** One credential that acted, and who is behind it. */
export interface Life {
  readonly attribution: Attribution;
  /** The manifest behind the attribution, when declared. */
  readonly workload?: Workload;
  /** Its earliest record. */
  readonly first: Beginning;
}

/** The record that a finding begins with. */
export interface Beginning {
  readonly at: Instant;
  readonly eventID: EventId;
  readonly region?: string;
  readonly account?: string;
}

/** What is known of how credentials came to be, and of where roles work. */
export interface Lineage {
  /** The call that issued a key. */
  issued(accessKeyId: string): Issuance | undefined;
  readonly placements: Placements;
}

/** What a life detector says. The runner adds an id that stays the same, whatever else is read. */
export interface LifeDetection extends Detection {
  /** Whom and what the finding is about, for its id: one finding for each, on the day of its beginning. */
  readonly subject: string;
  readonly began: Beginning;
  /** Who is behind it. */
  readonly life: Life;
  /** How many there are of what is told; absent is 1. */
  readonly count?: number;
}

/** Gathers what one state says of one thing. The order in which lives are told does not matter. */
export interface Gathering {
  see(life: Life): void;
  findings(): readonly LifeDetection[];
}

/**
 * Judges credentials by where they came from and what else they are, which no single record tells: each is told once,
 * however many calls it made, so that this costs nothing by the record. Only a whole run can say so: a batch sees too few.
 */
export interface LifeDetector extends Described {
  /** Begins with an empty gathering for each state. */
  gather(lineage: Lineage): Gathering;
}

/** Types a detector where it is written. */
export const defineLifeDetector = (detector: LifeDetector): LifeDetector => detector;

/** Of two lives the one that begins first; equal for all orders. */
export const earlier = (one: Life, other: Life): Life =>
  one.first.at < other.first.at || (one.first.at === other.first.at && one.first.eventID <= other.first.eventID)
    ? one
    : other;
