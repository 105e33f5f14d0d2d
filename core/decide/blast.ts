/** Who and what stops working with it, counted over the last 24 hours. */
export interface Blast {
  readonly sessions: number;
  readonly instances: number;
  readonly functions: number;
  readonly jobs: number;
  readonly workloads: readonly string[];
}
