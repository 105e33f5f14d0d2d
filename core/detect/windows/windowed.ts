import type { AuditEvent } from "../../event/event.ts";
import type { Issuance } from "../../identity/lineage/issuance.ts";
import type { Described } from "../described.ts";
import type { Seen } from "../detector.ts";
import type { Fact } from "../facts/fact.ts";
import type { Detection } from "../finding.ts";
import type { Mark } from "./window-store.ts";

/** What one event adds to the windows of a detector. */
export interface SeenMark {
  /** Whom or what the window is about: marks of one subject are judged together. Never a session's own name. */
  readonly subject: string;
  /** What counts once: of one member in one window the earliest event stays. */
  readonly member: string;
  readonly weight?: number;
}

/** Marks of one subject, by (time, id): those from the first event on that lie within the detector's size. */
export interface Span {
  readonly subject: string;
  /** Who made the first event, and how it ended, is in its mark. */
  readonly marks: readonly [Mark, ...Mark[]];
  /** True when a window was full: there were more members than these. */
  readonly more: boolean;
}

/** What a window detector says, and the marks it rests on, oldest first. */
export interface WindowDetection extends Detection {
  readonly marks: readonly [Mark, ...Mark[]];
}

/**
 * Judges several events together: how many there are within some time, or whether one follows another. Events may come in
 * any order and in any batches: marks are folded by event time, and a span may lie across the border of two windows.
 * One finding for each subject and window in which a span begins that fires; what such a span holds does not begin another.
 */
export interface WindowDetector extends Described {
  /** How long a span lasts at most, in milliseconds; windows are as long. */
  readonly size: number;
  /** The facts this event makes necessary; answered in one batch before `marks`. */
  wants(event: AuditEvent): readonly Fact[];
  /** Pure and synchronous. Nothing to remember is an empty list. */
  marks(seen: Seen): readonly SeenMark[];
  /** The marks of an issuing call, for detectors that ask who took which role; asked only where a span of that subject begins. */
  issued?(issuance: Issuance): readonly SeenMark[];
  /** Whether a span may begin with this mark. */
  begins(mark: Pick<Mark, "member">): boolean;
  /** Judges the marks from one that begins a span. Must fire again when marks are added behind those it fired on. */
  judge(span: Span): WindowDetection | undefined;
}

/** Types a detector where it is written. */
export const defineWindowDetector = (detector: WindowDetector): WindowDetector => detector;
