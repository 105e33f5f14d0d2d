import type { Seen } from "../detect/detector.ts";
import type { Finding } from "../detect/finding.ts";
import { madeBy } from "../detect/made-by.ts";
import type { WakeIndex } from "../detect/run.ts";
import { findingBeginningIn, reach, windowStart } from "../detect/windows/window-run.ts";
import {
  foldWindow,
  type Mark,
  type MarkedBy,
  type Window,
  type WindowKey,
  type WindowStore,
  windowName,
} from "../detect/windows/window-store.ts";
import type { SeenMark, WindowDetector } from "../detect/windows/windowed.ts";
import type { EventId } from "../event/event.ts";
import { type Instant, instant } from "../event/instant.ts";
import type { Issuance } from "../identity/lineage/issuance.ts";

/** Detectors that judge several events together, found by the calls that wake them. */
export interface Windowed {
  readonly detectors: readonly WindowDetector[];
  readonly wakeIndex: WakeIndex<WindowDetector>;
}

/** Gathers the marks of one state, and judges its windows when all are there. The order of events does not matter. */
export interface Windows {
  add(detector: WindowDetector, seen: Seen): void;
  /** What begins in the windows of these marks. With a store, together with what earlier batches left there. */
  findings(issued: () => Iterable<Issuance>, store?: WindowStore): Promise<readonly Finding[]>;
}

export function windowsFor(detectors: readonly WindowDetector[]): Windows {
  const folded = new Map<string, Folding>();
  const begun = new Map<WindowDetector, Set<string>>();
  const signers = new Map<string, Signer>();
  const put = (detector: WindowDetector, event: At, mark: SeenMark, by: () => Pick<Mark, "by" | "signer">): void => {
    const { subject, ...counted } = mark;
    const key = { detector: detector.id, subject, start: windowStart(event.at, detector.size) };
    const name = windowName(key);
    const known = folded.get(name) ?? folding(key);
    if (!known.holds(mark.member, event)) known.add({ ...counted, at: event.at, eventID: event.id, ...by() });
    folded.set(name, known);
  };
  const issuedMarks = (issued: Iterable<Issuance>, wanted: (one: WindowDetector, subject: string) => boolean): void => {
    for (const issuance of issued)
      for (const detector of detectors)
        for (const mark of detector.issued?.(issuance) ?? [])
          if (wanted(detector, mark.subject))
            put(detector, { at: issuance.at, id: issuance.eventID as EventId }, mark, () => ({}));
  };
  return {
    add(detector, seen) {
      for (const mark of detector.marks(seen)) {
        const signer = seen.event.kind === "api-call" ? seen.event.principal.accessKeyId : undefined;
        if (signer !== undefined) signers.set(signer, signerIn(seen));
        const begins = detector.begins(mark);
        if (begins) begun.set(detector, (begun.get(detector) ?? new Set()).add(mark.subject));
        const made = () => (begins ? { by: madeBy(seen), ...(signer === undefined ? {} : { signer }) } : {});
        put(detector, seen.event, mark, made);
      }
    },
    async findings(issued, store) {
      const asks = detectors.some((one) => one.issued !== undefined);
      // Without a store nothing can begin later: who took a role matters only where something did.
      if (asks && store !== undefined) issuedMarks(issued(), () => true);
      else if (asks && begun.size > 0) issuedMarks(issued(), (one, subject) => begun.get(one)?.has(subject) === true);
      const fresh = [...folded.values()].map((one) => one.window());
      return store === undefined ? judgedHere(detectors, fresh) : judgedIn(store, { detectors, fresh, signers });
    },
  };
}

interface At {
  readonly at: Instant;
  readonly id: EventId;
}

/** What is learnt of whoever holds a key. */
type Signer = Pick<MarkedBy, "attribution" | "workload">;

const signerIn = ({ attribution, workload }: Seen): Signer => ({
  attribution,
  ...(workload === undefined ? {} : { workload: workload.name }),
});

interface Folding {
  /** Whether an earlier event is known to hold this member: a later one adds nothing. */
  holds(member: string, event: At): boolean;
  add(mark: Mark): void;
  window(): Window;
}

/** So many marks of one window wait to be folded together: folding each alone would sort the window each time. */
const most = 512;

function folding(key: WindowKey): Folding {
  let known: Window | undefined;
  let waiting: Mark[] = [];
  // Ordinary calls make the same few marks all day. Forgotten when it grows: it spares work and decides nothing.
  let earliest = new Map<string, At>();
  const fold = (): Window => {
    known = foldWindow(known, key, waiting) ?? known;
    waiting = [];
    return known ?? { schema: 1, ...key, marks: [], more: false };
  };
  return {
    holds(member, { at, id }) {
      const before = earliest.get(member);
      return before !== undefined && (before.at < at || (before.at === at && before.id < id));
    },
    add(mark) {
      if (earliest.size >= most) earliest = new Map();
      earliest.set(mark.member, { at: mark.at, id: mark.eventID });
      waiting.push(mark);
      if (waiting.length >= most) fold();
    },
    window: fold,
  };
}

function judgedHere(detectors: readonly WindowDetector[], windows: readonly Window[]): readonly Finding[] {
  const byName = new Map(windows.map((one) => [windowName(one), one]));
  return windows.flatMap((here) =>
    judged(detectors, here, (start) => byName.get(windowName({ ...keyOf(here), start }))),
  );
}

interface Fresh {
  readonly detectors: readonly WindowDetector[];
  readonly fresh: readonly Window[];
  /** Who is behind the keys that signed in this state, as far as that is known by now. */
  readonly signers: ReadonlyMap<string, Signer>;
}

/** Writes the marks, and judges every window whose findings they may change: by the windows as the store has them now. */
async function judgedIn(store: WindowStore, { detectors, fresh, signers }: Fresh): Promise<readonly Finding[]> {
  await store.add(fresh.flatMap((one) => one.marks.map((mark) => ({ ...keyOf(one), ...mark }))));
  const sizes = new Map(detectors.map((one) => [one.id, one.size]));
  const known = new Map<string, Window | undefined>();
  const load = async (key: WindowKey): Promise<void> => {
    const name = windowName(key);
    if (known.has(name)) return;
    const window = await store.read(key);
    // Written back, so that whoever judges the window next knows no less.
    const learnt = (window?.marks ?? []).flatMap((mark) => betterKnown(mark, signers));
    if (learnt.length > 0) await store.add(learnt.map((mark) => ({ ...key, ...mark })));
    known.set(name, learnt.length > 0 ? (foldWindow(window, key, learnt) ?? window) : window);
  };
  const here = new Map<string, WindowKey>();
  for (const one of fresh)
    for (const start of startsAround(one, sizes, reach))
      here.set(windowName({ ...keyOf(one), start }), { ...keyOf(one), start });
  for (const key of here.values()) for (const start of startsAround(key, sizes, 1)) await load({ ...key, start });
  return [...here.values()].flatMap((key) => {
    const window = known.get(windowName(key));
    return window === undefined ? [] : judged(detectors, window, (start) => known.get(windowName({ ...key, start })));
  });
}

/** The mark of an earlier batch with the chain of its session as it is known now, where that is longer. */
function betterKnown(mark: Mark, signers: ReadonlyMap<string, Signer>): readonly Mark[] {
  const now = mark.signer === undefined ? undefined : signers.get(mark.signer);
  if (now === undefined || mark.by === undefined) return [];
  const { attribution, workload } = now;
  if (attribution.hops.length <= mark.by.attribution.hops.length) return [];
  return [{ ...mark, by: { ...mark.by, attribution, ...(workload === undefined ? {} : { workload }) } }];
}

const startsAround = (
  { detector, start }: WindowKey,
  sizes: ReadonlyMap<string, number>,
  far: number,
): readonly Instant[] =>
  Array.from({ length: 2 * far + 1 }, (_, place) => instant(start + (place - far) * (sizes.get(detector) ?? 0)));

function judged(
  detectors: readonly WindowDetector[],
  here: Window,
  around: (start: Instant) => Window | undefined,
): readonly Finding[] {
  const detector = detectors.find((one) => one.id === here.detector);
  const finding = detector && findingBeginningIn(detector, here, around);
  return finding === undefined ? [] : [finding];
}

const keyOf = ({ detector, subject, start }: WindowKey): WindowKey => ({ detector, subject, start });
