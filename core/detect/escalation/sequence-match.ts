import type { Mark } from "../windows/window-store.ts";
import { isLast, type Sequence } from "./sequence-steps.ts";
import { type StepMark, stepMarkOf } from "./step-mark.ts";

/** A mark with what it says of its step. */
export interface Made extends StepMark {
  readonly mark: Mark;
}

/** The marks of one span, oldest first. */
export const madeIn = (marks: readonly Mark[]): readonly Made[] =>
  marks.flatMap((mark) => {
    const read = stepMarkOf(mark.member);
    return read === undefined ? [] : [{ ...read, mark }];
  });

/**
 * The marks by which a span completes a sequence, beginning with its first mark; nothing where a step is missing or took
 * too long. Steps of one second have no order, so each may come first.
 */
export function completing({ showing, keys }: Sequence, made: readonly Made[]): readonly Made[] | undefined {
  const [trigger] = made;
  if (trigger === undefined) return undefined;
  const until = trigger.mark.at + (showing.withinMinutes ?? 0) * 60_000;
  const within = made.filter(({ mark }) => mark.at <= until);
  const found = showing.join === "any-order" ? anyOrder(showing, keys, within) : inOrder(showing, keys, within);
  return found?.[0] === trigger ? found : undefined;
}

function inOrder(
  { steps }: Sequence["showing"],
  keys: readonly string[],
  made: readonly Made[],
): readonly Made[] | undefined {
  const needed: Made[] = [];
  for (const [place, key] of keys.entries()) {
    if (steps[place]?.optional === true) continue;
    const from = needed.at(-1)?.mark.at ?? 0;
    const next = made.find((one) => one.key === key && one.mark.at >= from && !needed.includes(one));
    if (next === undefined) return undefined;
    needed.push(next);
  }
  const end = needed.at(-1)?.mark.at ?? 0;
  const beside = keys.flatMap((key, place) =>
    steps[place]?.optional === true ? (made.find((one) => one.key === key && one.mark.at <= end) ?? []) : [],
  );
  return [...needed, ...beside].toSorted((a, b) => made.indexOf(a) - made.indexOf(b));
}

function anyOrder(
  showing: Sequence["showing"],
  keys: readonly string[],
  made: readonly Made[],
): readonly Made[] | undefined {
  const found: Made[] = [];
  for (const [place, key] of keys.entries()) {
    const from = isLast(showing, place) ? Math.max(0, ...found.map(({ mark }) => mark.at)) : 0;
    const next = made.find((one) => one.key === key && one.mark.at >= from);
    if (next === undefined) return undefined;
    found.push(next);
  }
  return found.toSorted((a, b) => made.indexOf(a) - made.indexOf(b));
}
