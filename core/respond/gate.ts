/** Asked before every mutating call; an answer that cannot be had is a no. */
export interface Gate {
  /** The kill switch and the pace: waits for its turn where the account had its writes of this second. */
  pass(account: string): Promise<{ readonly ok: true } | { readonly ok: false; readonly because: string }>;
}

/** At most so many IAM writes a second in one account; people need the rest of the quota. */
export const writesASecond = 5;
