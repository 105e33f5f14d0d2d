import type { ApiName } from "../../iam/identifiers.ts";
import type { Holds, Showing, ShownStep } from "../../iam/reach/escalation-shows.ts";
import type { PathStep } from "./step-index.ts";

/** One way to go a path in several calls; steps by their keys. */
export interface Sequence {
  readonly step: PathStep;
  readonly showing: Showing;
  readonly keys: readonly string[];
}

/** A step's key: equal steps of several paths are marked once. Part of what is stored, so it is made of the step's own words. */
export const stepKey = ({ calls, with: conditions }: ShownStep): string =>
  [calls.join("|"), ...conditions.map(worded)].join(" ");

const worded = (one: Holds): string =>
  `${one.at.map((path) => path.slice(path.lastIndexOf(".") + 1)).join("|")}=${"in" in one ? one.in.join("|") : one.is}`;

/** The sequences that these steps belong to, each once. */
export function sequencesOf(steps: readonly PathStep[]): readonly Sequence[] {
  const found = new Map<Showing, Sequence>();
  for (const step of steps)
    if (!found.has(step.showing))
      found.set(step.showing, { step, showing: step.showing, keys: step.showing.steps.map(stepKey) });
  return [...found.values()];
}

/** Keys of the steps that a sequence may begin with. */
export const beginningKeys = (sequences: readonly Sequence[]): ReadonlySet<string> =>
  new Set(
    sequences.flatMap(({ showing, keys }) => {
      if (showing.join === "any-order") return keys.filter((_, place) => !isLast(showing, place));
      const first = showing.steps.findIndex((one) => !one.optional);
      return keys.slice(0, first + 1);
    }),
  );

/** In any order, but for a last step that is no write: somebody takes the role when all else is done. */
export const isLast = ({ steps }: Showing, place: number): boolean =>
  place === steps.length - 1 && steps[place]?.trail === "read";

/** The call by which somebody takes a role: far more often made than all the others, and told by its issuing record. */
export const taking: ApiName = "sts:AssumeRole";
