import type { Instant } from "../../event/instant.ts";

/** What runs from a moment on. */
export interface CoursePoint {
  readonly at: Instant;
  readonly instances: number;
  readonly accelerators: number;
  /** US dollars an hour of those that have a price. */
  readonly usdPerHour: number;
  /** Instances among them whose price is not known. */
  readonly unpriced: number;
}

/** What ran over time: a point for each change, oldest first; before the first nothing that was seen ran. */
export type Course = readonly CoursePoint[];

/** A course over some time, small enough to be shown and stored. */
export interface CapacityShown {
  readonly from: Instant;
  readonly until: Instant;
  /** Where prices are from. */
  readonly prices: string;
  readonly spentUsd: number;
  readonly peak: CoursePoint;
  readonly last: CoursePoint;
  /** At most 48; where changes lie too close together the highest stays. */
  readonly points: Course;
}

const mostPoints = 48;
const hour = 3_600_000;

/** What ran at a moment; a change at that very moment counts. */
export const pointAt = (course: Course, at: Instant): CoursePoint =>
  course.findLast((point) => point.at <= at) ?? { at, instances: 0, accelerators: 0, usdPerHour: 0, unpriced: 0 };

/** US dollars between two moments, by the prices that are known. */
export function spentUsd(course: Course, from: Instant, until: Instant): number {
  const within = [{ ...pointAt(course, from), at: from }, ...course.filter(({ at }) => at > from && at < until)];
  return within.reduce((sum, point, place) => {
    const end = within[place + 1]?.at ?? until;
    return sum + (point.usdPerHour * Math.max(0, end - point.at)) / hour;
  }, 0);
}

/** The part of a course from one moment to another, both included; nothing where nothing ran. */
export function shownCourse(
  course: Course,
  { from, until, prices }: Pick<CapacityShown, "from" | "until" | "prices">,
): CapacityShown | undefined {
  const before = course.findLast(({ at }) => at < from);
  const inside = course.filter(({ at }) => at >= from && at <= until);
  const points = before === undefined ? inside : [{ ...before, at: from }, ...inside];
  const [first] = points;
  if (first === undefined || points.every(({ instances }) => instances === 0)) return undefined;
  const peak = points.reduce((most, one) => (higher(one, most) ? one : most), first);
  return {
    from: first.at,
    until,
    prices,
    spentUsd: spentUsd(course, from, until),
    peak,
    last: points.at(-1) ?? first,
    points: thinned(points),
  };
}

const higher = (one: CoursePoint, other: CoursePoint): boolean =>
  one.usdPerHour > other.usdPerHour || (one.usdPerHour === other.usdPerHour && one.accelerators > other.accelerators);

/** Of the points in each of equal stretches of time the highest, and always the first and the last. */
function thinned(points: Course): Course {
  const [first, last] = [points[0], points.at(-1)];
  if (points.length <= mostPoints || first === undefined || last === undefined) return points;
  const length = Math.max(1, (last.at - first.at + 1) / (mostPoints - 2));
  const stretches = Map.groupBy(points.slice(1, -1), ({ at }) => Math.floor((at - first.at) / length));
  const highest = [...stretches.values()].flatMap((some) =>
    some.reduce((most, one) => (higher(one, most) ? one : most)),
  );
  return [first, ...highest, last];
}
