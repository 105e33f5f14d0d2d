/** Parsed JSON of unknown origin. Objects may carry any key; nothing may be looked up through a prototype. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export type JsonObject = { readonly [key: string]: Json | undefined };

export const isObject = (value: unknown): value is JsonObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const nothing: JsonObject = Object.freeze(Object.create(null));

/** The value as an object; an empty one when it is anything else (CloudTrail writes `null` and `""` where it has nothing). */
export const fields = (value: unknown): JsonObject => (isObject(value) ? value : nothing);

/** The value as text; empty when it is anything else. */
export const text = (value: unknown): string => (typeof value === "string" ? value : "");

export const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? value : []);

/** The value at the end of a path of own keys, or nothing. */
export function at(value: unknown, ...path: readonly string[]): Json | undefined {
  let here: unknown = value;
  for (const key of path) {
    if (!isObject(here) || !Object.hasOwn(here, key)) return undefined;
    here = here[key];
  }
  return here as Json | undefined;
}
