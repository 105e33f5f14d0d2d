/** Which records a settlement speaks about; earlier ones still feed lineage and state. Whole seconds, half-open. */
export interface Horizon {
  readonly since?: number;
  readonly until?: number;
}

/** Whether a record of this second is spoken about. */
export const within = ({ since = 0, until = Number.POSITIVE_INFINITY }: Horizon, second: number): boolean =>
  second >= since && second < until;
