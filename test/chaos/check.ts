/** How large a run of a check is: a commit's, a full one, or something in between. */
export interface Dose {
  readonly seed: number;
  /** 1 is the dose of the reliability plan, less a share of it. */
  readonly share: number;
}

export type Figure = number | string;

/** What a check found. `failures` name what broke and how to see it again; none is a pass. */
export interface Checked {
  readonly runs: number;
  readonly figures: Readonly<Record<string, Figure>>;
  readonly failures: readonly string[];
}

/** One acceptance check of the reliability plan. */
export interface Check {
  /** F1 to F15. */
  readonly id: string;
  readonly title: string;
  /** How long the full dose takes on two cores, about, in seconds. */
  readonly seconds: number;
  run(dose: Dose): Promise<Checked>;
}

/** A count of the plan, at the dose's share of it, at least one. */
export const dosed = (full: number, { share }: Dose): number => Math.max(1, Math.round(full * share));
