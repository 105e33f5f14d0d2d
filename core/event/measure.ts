/** Bounds of one record after parsing (RULINGS of input hardening): what breaks one is parked by name. */
export const limits = {
  length: 1_048_576,
  depth: 64,
  keysPerObject: 2_000,
  nodes: 50_000,
  elements: 10_000,
} as const;

/** What one walk over a parsed record found out. */
export type Measured =
  | {
      readonly ok: true;
      /** Characters of the canonical JSON before escaping: the measure by which the fuller of two copies is kept. */
      readonly length: number;
      /** True when a key named `__proto__`, `constructor` or `prototype` occurs anywhere. */
      readonly hostileKeys: boolean;
    }
  | { readonly ok: false; readonly because: string };

/** Measures a parsed record in one bounded walk. It never recurses deeper than the depth limit. */
export function measure(value: unknown): Measured {
  const walk: Walk = { nodes: 1, hostile: false, breach: undefined };
  const length = walkValue(value, 0, walk);
  if (walk.breach !== undefined) return { ok: false, because: walk.breach };
  if (length > limits.length) return { ok: false, because: `the record is longer than ${limits.length} characters` };
  return { ok: true, length, hostileKeys: walk.hostile };
}

/** Keys that could reach a prototype when copied carelessly. They are dropped from what is kept. */
export const isHostileKey = (key: string): boolean =>
  (key.length === 9 && (key === "__proto__" || key === "prototype")) || (key.length === 11 && key === "constructor");

interface Walk {
  nodes: number;
  hostile: boolean;
  breach: string | undefined;
}

function walkValue(value: unknown, depth: number, walk: Walk): number {
  if (typeof value === "string") return value.length + 2;
  if (typeof value !== "object" || value === null) return typeof value === "boolean" ? (value ? 4 : 5) : scalar(value);
  if (depth >= limits.depth) return breach(walk, `the record is nested deeper than ${limits.depth} levels`);
  return Array.isArray(value)
    ? walkArray(value, depth, walk)
    : walkObject(value as Readonly<Record<string, unknown>>, depth, walk);
}

const scalar = (value: unknown): number => (value === null ? 4 : String(value).length);

function walkArray(value: readonly unknown[], depth: number, walk: Walk): number {
  if (value.length > limits.elements) return breach(walk, `a list has more than ${limits.elements} elements`);
  walk.nodes += value.length;
  if (walk.nodes > limits.nodes) return tooMany(walk);
  let length = 2 + Math.max(0, value.length - 1);
  for (const one of value) {
    length += walkValue(one, depth + 1, walk);
    if (walk.breach !== undefined) return 0;
  }
  return length;
}

function walkObject(value: Readonly<Record<string, unknown>>, depth: number, walk: Walk): number {
  let keys = 0;
  let length = 1;
  for (const key in value) {
    if (++keys > limits.keysPerObject) return breach(walk, `an object has more than ${limits.keysPerObject} keys`);
    const letters = key.length;
    if ((letters === 9 || letters === 11) && isHostileKey(key)) walk.hostile = true;
    const one = value[key];
    // Most values are texts: they need no call of their own.
    if (typeof one === "string") length += letters + one.length + 6;
    else {
      length += letters + 4 + walkValue(one, depth + 1, walk);
      if (walk.breach !== undefined) return 0;
    }
  }
  walk.nodes += keys;
  if (walk.nodes > limits.nodes) return tooMany(walk);
  return keys === 0 ? 2 : length;
}

const tooMany = (walk: Walk): number => breach(walk, `the record has more than ${limits.nodes} values`);

function breach(walk: Walk, because: string): number {
  walk.breach ??= because;
  return 0;
}
