/** A context key's value: one text, or a list for keys that AWS documents as multivalued. */
export type ContextValue = string | readonly string[];

/** The request's context: answers a key's value by its name in lower case. Key names are not case-sensitive in IAM. */
export type Context = (key: string) => ContextValue | undefined;

/** A context of given keys, written in any case; of two spellings of one key the later one stands. */
export function contextOf(given: Readonly<Record<string, ContextValue>>): Context {
  const values = new Map(Object.entries(given).map(([key, value]) => [key.toLowerCase(), value]));
  return (key) => values.get(key);
}

/** The first context's answer, or else the second's. */
export const withDefaults =
  (first: Context, second: Context): Context =>
  (key) =>
    first(key) ?? second(key);
