import type { EventId } from "../../event/event.ts";
import { type Instant, instant } from "../../event/instant.ts";
import { type Finding, windowFindingId } from "../finding.ts";
import type { Mark, MarkedBy, Window } from "./window-store.ts";
import type { WindowDetection, WindowDetector } from "./windowed.ts";

/** The window that a moment falls into: windows of one size begin at its multiples since 1970. */
export const windowStart = (at: Instant, size: number): Instant => instant(Math.floor(at / size) * size);

/** So many windows before and after a changed one can hold findings that the change makes or unmakes. */
export const reach = 1;

/**
 * The finding that begins in a window, judged with the window after it; `around` answers for its neighbours. What a span
 * that began in the window before holds, that finding tells of: it begins none here.
 */
export function findingBeginningIn(
  detector: WindowDetector,
  here: Window,
  around: (start: Instant) => Window | undefined,
): Finding | undefined {
  const { size } = detector;
  const before = around(instant(here.start - size));
  const next = around(instant(here.start + size));
  const covered = before === undefined ? undefined : firstFiring(detector, [before, here]);
  const from = covered === undefined ? here.start : covered.from + size;
  const firing = firstFiring(detector, next === undefined ? [here] : [here, next], from);
  return firing === undefined ? undefined : completed(detector, here, firing);
}

interface Firing {
  readonly from: Instant;
  readonly by: MarkedBy;
  readonly detection: WindowDetection;
}

/** The earliest span that begins in the first of two windows, not before `from`, and fires. */
function firstFiring(
  detector: WindowDetector,
  windows: readonly [Window] | readonly [Window, Window],
  from = 0,
): Firing | undefined {
  const [first] = windows;
  const marks = windows.flatMap((one) => one.marks);
  const more = windows.some((one) => one.more);
  for (const trigger of first.marks) {
    if (trigger.at < from || trigger.by === undefined || !detector.begins(trigger)) continue;
    // Events of one second have no order: those beside the first are part of its span wherever they stand.
    const others = marks.filter(
      (one) => one !== trigger && one.at >= trigger.at && one.at < trigger.at + detector.size,
    );
    const span = distinct([trigger, ...others]);
    const detection = detector.judge({ subject: first.subject, marks: span, more });
    if (detection !== undefined) return { from: trigger.at, by: trigger.by, detection };
  }
  return undefined;
}

/** A member that both windows hold counts once, with its earlier event. */
function distinct([first, ...others]: readonly [Mark, ...Mark[]]): readonly [Mark, ...Mark[]] {
  const seen = new Set([first.member]);
  return [first, ...others.filter(({ member }) => !seen.has(member) && seen.add(member))];
}

/** So many ids of events a finding names; it counts them all. */
const mostNamed = 50;

function completed(detector: WindowDetector, { subject, start }: Window, { from, by, detection }: Firing): Finding {
  const { marks, ...said } = detection;
  const [first, ...rest] = idsOf(marks);
  return {
    ...said,
    id: windowFindingId(detector.id, subject, start),
    detector: detector.id,
    version: detector.version,
    maturity: detector.maturity,
    family: detector.family,
    at: from,
    ...by,
    eventIDs: [first, ...rest.slice(0, mostNamed - 1)],
    count: rest.length + 1,
    attack: detector.attack,
    controls: detector.controls,
  };
}

const idsOf = ([first, ...others]: WindowDetection["marks"]): readonly [EventId, ...EventId[]] => {
  const [head, ...rest] = new Set([first.eventID, ...others.map((one) => one.eventID)]);
  return [head ?? first.eventID, ...rest];
};
