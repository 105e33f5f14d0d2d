/** Wrong usage or configuration: nothing ran, and the message says what to do. Exit code 2. */
export interface UsageError extends Error {
  readonly usage: true;
}

/** Makes one. */
export const usageError = (message: string): UsageError => Object.assign(new Error(message), { usage: true as const });

export const isUsageError = (error: unknown): error is UsageError =>
  error instanceof Error && "usage" in error && error.usage === true;
