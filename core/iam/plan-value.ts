/** A JSON object of a plan; keys are looked up as its own only. */
export type PlanObject = Readonly<Record<string, unknown>>;

export const isPlanObject = (value: unknown): value is PlanObject =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** The value under an own key, or nothing. */
export const under = (value: unknown, key: string): unknown =>
  isPlanObject(value) && Object.hasOwn(value, key) ? value[key] : undefined;

/** The text under a key; nothing when it is no text or empty. */
export function textUnder(value: unknown, key: string): string | undefined {
  const found = under(value, key);
  return typeof found === "string" && found !== "" ? found : undefined;
}

export const listUnder = (value: unknown, key: string): readonly unknown[] => asList(under(value, key));

export const asList = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

export const textsIn = (values: readonly unknown[]): readonly string[] =>
  values.filter((one) => typeof one === "string" && one !== "") as readonly string[];
