/** Who and what stops working with it, counted over the last 24 hours. */
export interface Blast {
  readonly sessions: number;
  readonly instances: number;
  readonly functions: number;
  readonly jobs: number;
  readonly workloads: readonly string[];
}

/** More than this is for a person to decide, whoever may be contained without one (design D.4). */
export const narrow = { sessions: 10, instances: 3, workloads: 1 } as const;

/** Why a containment of this reach waits for a person; undefined when it is narrow. */
export function tooWide({ sessions, instances, workloads }: Blast): string | undefined {
  if (workloads.length > narrow.workloads) return `${workloads.length} workloads use it`;
  if (instances > narrow.instances) return `${instances} instances use it`;
  return sessions > narrow.sessions ? `${sessions} sessions used it in 24 hours` : undefined;
}
