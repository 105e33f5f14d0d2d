import type { Might } from "./granted-might.ts";

/** What a mark says of the step that its event is. Kept as one text: it is what counts once in a window. */
export interface StepMark {
  readonly key: string;
  /** How much the step gave, where it gave rights. */
  readonly might?: Might;
  /** The signer is a declared workload, and its envelope does not allow the step. */
  readonly outside: boolean;
  /** What is worked on is a declared workload's, and somebody else works on it. */
  readonly touchesDeclared: boolean;
}

/** `which` tells events apart that each count; events of one `which` count once. */
export const stepMark = ({ key, might, outside, touchesDeclared }: StepMark, which: string): string =>
  JSON.stringify([key, might ?? null, outside, touchesDeclared, which]);

const mights: readonly Might[] = ["everything", "escalates", "some", "unknown"];

/** Reads a mark again; nothing where a later version wrote it another way. */
export function stepMarkOf(member: string): StepMark | undefined {
  if (!member.startsWith('["')) return undefined;
  const [key, might, outside, touchesDeclared]: readonly unknown[] = JSON.parse(member);
  if (typeof key !== "string" || typeof outside !== "boolean" || typeof touchesDeclared !== "boolean") return undefined;
  const known = mights.find((one) => one === might);
  return { key, ...(known === undefined ? {} : { might: known }), outside, touchesDeclared };
}
