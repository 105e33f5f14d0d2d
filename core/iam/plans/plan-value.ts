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

/** Nobody nests a plan or a policy deeper; whoever does wants the walk over it to run out of stack. */
export const mostNesting = 200;

/** Looks level by level, without recursion. */
export function tooDeep(value: unknown): boolean {
  let level: readonly unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > mostNesting) return true;
    level = level.flatMap((one) => (typeof one === "object" && one !== null ? Object.values(one) : []));
  }
  return false;
}
