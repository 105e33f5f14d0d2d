import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findingBeginningIn, windowStart } from "../../../../core/detect/windows/window-run.ts";
import { foldWindow, type Mark, type MarkedBy, type Window } from "../../../../core/detect/windows/window-store.ts";
import type { EventId } from "../../../../core/event/event.ts";
import { instant } from "../../../../core/event/instant.ts";
import { countingFrom } from "./window-detectors.ts";

const by: MarkedBy = {
  attribution: {
    kind: "unattributed",
    confidence: "low",
    because: "a test",
    root: { kind: "unknown", id: "" },
    hops: [],
  },
  outcome: "done",
  region: "us-east-1",
  guessed: false,
};
const size = 1_000;
const detector = countingFrom(3, size);
const mark = (member: string, at: number): Mark => ({
  member,
  at: instant(at),
  eventID: `e-${member}-${at}` as EventId,
  by,
});

/** Every finding that begins in any window of these marks. */
function findingsOf(marks: readonly Mark[]) {
  const windows = new Map<number, Window>();
  for (const one of marks) {
    const start = windowStart(one.at, size);
    const key = { detector: detector.id, subject: "s", start };
    const known = windows.get(start);
    const next = foldWindow(known, key, [one]) ?? known;
    if (next !== undefined) windows.set(start, next);
  }
  return [...windows.values()].flatMap(
    (here) => findingBeginningIn(detector, here, (start) => windows.get(start)) ?? [],
  );
}

describe("a finding of several events", () => {
  it("is made when a window holds enough, and not before", () => {
    expect(findingsOf([mark("a", 10), mark("b", 20)])).toEqual([]);
    expect(findingsOf([mark("a", 10), mark("b", 20), mark("c", 30)])).toHaveLength(1);
  });

  it("lies across the border of two windows, and belongs to the one in which it begins", () => {
    const [finding, ...more] = findingsOf([mark("a", 900), mark("b", 950), mark("c", 1_100)]);
    expect(more).toEqual([]);
    expect(finding).toMatchObject({ at: 900, count: 3, eventIDs: ["e-a-900", "e-b-950", "e-c-1100"] });
  });

  it("is not made of events that are further apart than a span is long", () => {
    expect(findingsOf([mark("a", 100), mark("b", 950), mark("c", 1_150)])).toEqual([]);
  });

  it("counts a member once, with its earliest event", () => {
    expect(findingsOf([mark("a", 10), mark("a", 20), mark("a", 30), mark("b", 40)])).toEqual([]);
    // The border does not make two of one.
    expect(findingsOf([mark("a", 900), mark("b", 950), mark("a", 1_100), mark("b", 1_200)])).toEqual([]);
  });

  it("is one, not two, when a storm goes on behind the border", () => {
    const storm = [10, 500, 900, 1_005, 1_008].map((at) => mark(`m${at}`, at));
    expect(findingsOf(storm).map((one) => one.at)).toEqual([10]);
    // What comes after the span is a storm of its own.
    const longer = [...storm, ...[1_200, 1_300, 1_400].map((at) => mark(`m${at}`, at))];
    expect(findingsOf(longer).map((one) => one.at)).toEqual([10, 1_200]);
  });

  it("has one id for as long as its window is the same, whatever comes later", () => {
    const few = [mark("a", 10), mark("b", 20), mark("c", 30)];
    const [early] = findingsOf(few);
    const [late] = findingsOf([...few, mark("d", 40), mark("0", 5)]);
    expect(late?.id).toBe(early?.id);
    expect(late?.count).toBe(5);
  });

  it("names fifty events at most and counts all", () => {
    const [finding] = findingsOf(Array.from({ length: 80 }, (_, place) => mark(`m${place}`, place)));
    expect(finding?.eventIDs).toHaveLength(50);
    expect(finding?.count).toBe(80);
  });

  it("is the same for any order and repetition of the marks", () => {
    const marks = fc.array(fc.tuple(fc.nat(9), fc.nat(4_000)), { maxLength: 40 });
    fc.assert(
      fc.property(marks, fc.infiniteStream(fc.nat()), (seen, luck) => {
        const batch = seen.map(([member, at]) => mark(`m${member}`, at));
        const shuffled = [...batch, ...batch.slice(0, 5)]
          .map((one) => [luck.next().value ?? 0, one] as const)
          .sort((a, b) => a[0] - b[0])
          .map(([, one]) => one);
        const sorted = (found: ReturnType<typeof findingsOf>) => found.toSorted((a, b) => a.at - b.at);
        expect(sorted(findingsOf(shuffled))).toEqual(sorted(findingsOf(batch)));
      }),
    );
  });
});

describe("of two readings of one event", () => {
  const hop = { principal: "p", accessKeyId: null, eventID: null } as const;
  const chained: MarkedBy = { ...by, attribution: { ...by.attribution, hops: [hop] } };
  const key = { detector: "d", subject: "s", start: instant(0) };
  it("the one that knows more of who made it stays, whichever comes first", () => {
    const [less, more] = [mark("a", 1), { ...mark("a", 1), by: chained }];
    const window = foldWindow(undefined, key, [less]);
    expect(foldWindow(window, key, [more])?.marks[0]?.by).toEqual(chained);
    expect(foldWindow(foldWindow(undefined, key, [more]), key, [less])).toBeUndefined();
  });
});
