/** Why something in a pattern is refused, and where: `$` is the pattern, `$.detail.state[0]` the first value of that field. */
export interface Refusal {
  readonly ok: false;
  readonly because: string;
  readonly where: string;
}

/** Either the part of the pattern that was read, or why it is refused. */
export type Read<Value> = { readonly ok: true; readonly value: Value } | Refusal;

/** A refusal at a place in the pattern. */
export const refuse = (where: string, because: string): Refusal => ({ ok: false, because, where });

/** The value as read. */
export const read = <Value>(value: Value): Read<Value> => ({ ok: true, value });

/** The place of a key below a place. Keys that are not plain words are quoted, so that a dot in a key can be told apart. */
export const below = (where: string, key: string): string =>
  plain(key) ? `${where}.${key}` : `${where}[${JSON.stringify(key.length > 64 ? `${key.slice(0, 64)}…` : key)}]`;

/** The place of the element with this index below a place. */
export const element = (where: string, index: number): string => `${where}[${index}]`;

/** Reads every element with the same reader; the first refusal wins. */
export function readAll<Item, Value>(
  items: readonly Item[],
  reader: (item: Item, index: number) => Read<Value>,
): Read<readonly Value[]> {
  const values: Value[] = [];
  for (const [index, item] of items.entries()) {
    const one = reader(item, index);
    if (!one.ok) return one;
    values.push(one.value);
  }
  return read(values);
}

const plain = (key: string): boolean => key.length <= 64 && /^[A-Za-z$_][\w$-]*$/.test(key);
