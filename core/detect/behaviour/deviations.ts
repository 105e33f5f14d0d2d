import type { Outcome } from "../../event/event.ts";
import { attempted } from "../attempt.ts";
import type { Severity } from "../finding.ts";
import { gravest } from "./breach-weight.ts";
import type { Done } from "./conduct-detector.ts";

/** Things done that deviate in one way on one day; what is kept of them does not depend on the order they are seen in. */
export interface Deviation<About> {
  readonly key: string;
  readonly day: number;
  readonly severity: Severity;
  readonly count: number;
  /** The earliest, oldest first. */
  readonly done: readonly [Done, ...Done[]];
  /** What is said of the earliest of the gravest, and of the deed before the attempt. */
  readonly about: About;
  readonly outcome: Outcome;
  /** What that is said of. */
  readonly shown: Done;
}

/** What one call adds. */
export interface Deviant<About> {
  readonly key: string;
  readonly severity: Severity;
  readonly about: About;
}

export interface Deviations<About> {
  add(done: Done, deviant: Deviant<About>): void;
  /** By day; of one day the gravest first. */
  all(): readonly Deviation<About>[];
}

/** The earliest fifty records of anything are among those of the fifty that begin earliest. */
export const mostDone = 50;
/** So many ways to deviate are told of one identity on one day. */
export const mostOfDay = 50;

export interface Limits {
  /** How many things done are kept of each deviation of a day. */
  readonly done: number;
  /** How many deviations are told of each day. */
  readonly ofDay: number;
}

export function deviations<About>(limits: Limits = { done: mostDone, ofDay: mostOfDay }): Deviations<About> {
  const found = new Map<string, Gathering<About>>();
  return {
    add(done, { key, severity, about }) {
      const name = `${done.day} ${key}`;
      const known = found.get(name) ?? gathering(key, done.day, limits.done);
      found.set(name, known);
      known.add(done, severity, about);
    },
    all() {
      const byDay = Map.groupBy(
        [...found.values()].flatMap((one) => one.deviation()),
        ({ day }) => day,
      );
      return [...byDay].sort(([a], [b]) => a - b).flatMap(([, ofDay]) => ofDay.sort(byGravity).slice(0, limits.ofDay));
    },
  };
}

interface Gathering<About> {
  add(done: Done, severity: Severity, about: About): void;
  deviation(): readonly Deviation<About>[];
}

function gathering<About>(key: string, day: number, most: number): Gathering<About> {
  let kept: Done[] = [];
  let top: Told<About> | undefined;
  let count = 0;
  const cut = (): void => {
    kept = kept.sort(byBeginning).slice(0, most);
  };
  return {
    add(done, severity, about) {
      count += done.count;
      kept.push(done);
      const told = { done, severity, about };
      if (top === undefined || byWeight(told, top) < 0) top = told;
      if (kept.length >= 4 * most) cut();
    },
    deviation() {
      cut();
      const [first, ...rest] = kept;
      if (first === undefined || top === undefined) return [];
      const { severity, about } = top;
      return [
        {
          key,
          day,
          severity,
          count,
          done: [first, ...rest],
          about,
          outcome: top.done.conduct.outcome,
          shown: top.done,
        },
      ];
    },
  };
}

interface Told<About> {
  readonly done: Done;
  readonly severity: Severity;
  readonly about: About;
}

function byWeight(a: Told<unknown>, b: Told<unknown>): number {
  if (a.severity !== b.severity) return gravest([a.severity, b.severity]) === a.severity ? -1 : 1;
  const tries = Number(attempted(a.done.conduct.outcome)) - Number(attempted(b.done.conduct.outcome));
  return tries || byBeginning(a.done, b.done);
}

/** Of those that begin in one second the text decides: numbers depend on the order of arrival. */
export const byBeginning = (a: Done, b: Done): number =>
  a.first - b.first || (a === b ? 0 : JSON.stringify(a.conduct) < JSON.stringify(b.conduct) ? -1 : 1);

function byGravity<About>(a: Deviation<About>, b: Deviation<About>): number {
  if (a.severity !== b.severity) return gravest([a.severity, b.severity]) === a.severity ? -1 : 1;
  return a.key < b.key ? -1 : 1;
}
