import type { ApiName } from "../../iam/identifiers.ts";
import type { EscalationPath } from "../../iam/reach/escalation-path.ts";
import type { Showing, ShownStep } from "../../iam/reach/escalation-shows.ts";

/** One step of one path, as one detector looks for it. */
export interface PathStep {
  readonly path: EscalationPath;
  readonly showing: Showing;
  readonly step: ShownStep;
}

/** Every step of the paths that a detector reports. */
export const stepsOf = (paths: readonly EscalationPath[], detector: string): readonly PathStep[] =>
  paths.flatMap((path) =>
    path.shows
      .filter((showing) => showing.detector === detector)
      .flatMap((showing) => showing.steps.map((step) => ({ path, showing, step }))),
  );

/**
 * The step at which a path is reported that one call is enough for: where the role is handed over, else its first step.
 * With several such calls, each.
 */
export function telling({ showing, step }: PathStep): boolean {
  const passing = showing.steps.filter((one) => one.passes);
  return passing.length > 0 ? step.passes : step === showing.steps.find((one) => !one.optional);
}

/** Steps by the calls that make them. */
export function byCall(steps: readonly PathStep[]): ReadonlyMap<ApiName, readonly PathStep[]> {
  const found = new Map<ApiName, PathStep[]>();
  for (const one of steps)
    for (const call of one.step.calls) {
      const known = found.get(call);
      if (known === undefined) found.set(call, [one]);
      else known.push(one);
    }
  return found;
}

/** The calls of these steps that reach a detector by management events, sorted. */
export function watched(steps: readonly PathStep[]): readonly [ApiName, ...ApiName[]] {
  const seen = steps.filter(({ step }) => step.trail !== "data").flatMap(({ step }) => step.calls);
  const [first, ...others] = [...new Set(seen)].sort();
  if (first === undefined) throw new TypeError("the escalation table gives this detector nothing to watch");
  return [first, ...others];
}
