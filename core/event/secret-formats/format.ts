/** A kind of secret that can be told by its shape alone: its provider documents prefix and length. */
export interface SecretFormat {
  /** Our name for it: `github-token`. */
  readonly kind: string;
  /** Where the provider says so. */
  readonly source: string;
  /** Lower-case literals; text without any of them cannot match. */
  readonly hints: readonly [string, ...string[]];
  /** Every quantifier is bounded, so that matching stays linear. */
  readonly shape: RegExp;
}

/** A row of the table: kind, the provider's page, what must be in the text, and the shape. */
export const format = (
  kind: string,
  source: string,
  hints: string | readonly [string, ...string[]],
  shape: RegExp,
): SecretFormat => ({ kind, source, hints: typeof hints === "string" ? [hints] : hints, shape });
