import type { EventId, Outcome } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import type { Instant } from "../../event/instant.ts";
import type { Conduct } from "../../identity/conduct.ts";
import type { CompiledEnvelope } from "../../identity/envelope/envelope.ts";
import type { Workload } from "../../identity/workload.ts";
import type { Described } from "../described.ts";
import type { Detection, Evidence } from "../finding.ts";

/** One conduct of one identity on one UTC day, or on a part of it: calls before and after an edge of a grant are apart. */
export interface Done {
  /** Whole UTC days since 1970. */
  readonly day: number;
  /** The same object for equal conduct of things done one after the other. */
  readonly conduct: Conduct;
  /** Distinct records. */
  readonly count: number;
  readonly first: Instant;
  readonly last: Instant;
  /** Whether the identity's session did it, or the federated subject that asked for the session. */
  readonly by: "session" | "subject";
  /** Names it within the run, for whoever looks up its records. */
  readonly handle: number;
}

/** Whose conduct is judged: a declared workload, or the role or user that an undeclared one acts as; never a session. */
export interface Whose {
  readonly identity: string;
  readonly declared?: Declared;
  /** What is known before anything is looked at: many identities need no look. */
  readonly span: Span;
  /** What was done on days before the records that are judged, where somebody remembers. */
  readonly earlier?: EarlierDays;
}

/** Who it is, for people: the workload's name, or `role <name>`. */
export const whoSaid = ({ identity, declared }: Pick<Whose, "identity" | "declared">): string =>
  declared?.workload.name ??
  `${identity.slice(0, identity.indexOf(":"))} ${excerpt(identity.slice(identity.lastIndexOf("/") + 1))}`;

/** All that an identity did, in sum. */
export interface Span {
  readonly firstDay: number;
  readonly lastDay: number;
  /** Distinct records of calls that were denied. */
  readonly denied: number;
}

export interface Declared {
  readonly workload: Workload;
  readonly envelope: CompiledEnvelope;
}

/** The days on which an identity was seen before, by action and by Region; `active`: on which it did anything. */
export interface EarlierDays {
  readonly active: ReadonlySet<number>;
  readonly byAction: ReadonlyMap<string, ReadonlySet<number>>;
  readonly byRegion: ReadonlyMap<string, ReadonlySet<number>>;
}

/** What a detector says of one day of an identity, and the things done that by themselves meet its condition. */
export interface ConductDetection extends Omit<Detection, "evidence"> {
  readonly day: number;
  /** Tells the detections of one day apart, and stays the same when more of that day becomes known. */
  readonly deviation: string;
  /** The earliest, at most 50, oldest first. */
  readonly done: readonly [Done, ...Done[]];
  /** What title and evidence speak of, where that is not the earliest. */
  readonly shown?: Done;
  /** Distinct records of all of them. */
  readonly count: number;
  /** Of the deed where there was one: attempts beside it do not make it less. */
  readonly outcome: Outcome;
  /** Evidence that names the first record of what is shown. */
  evidence(shown: EventId): readonly [Evidence, ...Evidence[]];
}

/** Sees what one identity did, in no promised order, and says at the end what was wrong with it. */
export interface Judging {
  see(done: Done): void;
  detections(): readonly ConductDetection[];
}

/**
 * Judges what an identity did by the day: once for each way in which a day deviates, however many calls deviate so. Its
 * records need not be kept, and no order of arrival is seen.
 */
export interface ConductDetector extends Described {
  /** Nothing where this identity is not its concern. */
  judging(whose: Whose): Judging | undefined;
}

/** Types a detector where it is written. */
export const defineConductDetector = (detector: ConductDetector): ConductDetector => detector;
