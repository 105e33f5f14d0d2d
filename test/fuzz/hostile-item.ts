import fc from "fast-check";
import { decode } from "../../core/event/decode.ts";
import { oneOfEach } from "../fixtures/records.ts";
import { hostileKey, hostileValue } from "./hostile-value.ts";

type Container = Record<string, unknown>;

/** Where a mutation strikes: one key of one object or list somewhere in the item. */
interface Spot {
  readonly owner: Container;
  readonly key: string;
}

const mutation = fc.record({
  where: fc.nat(),
  kind: fc.constantFrom("replace", "delete", "insert", "bury", "repeat", "swap", "stringify"),
  key: hostileKey,
  value: hostileValue,
  times: fc.constantFrom(1, 2, 40, 70, 300),
});
type Mutation = typeof mutation extends fc.Arbitrary<infer Value> ? Value : never;

const originals = oneOfEach().map((item) => JSON.stringify(item));

/** A whole record or envelope with a few things wrong in it; sometimes none. */
export const hostileItem: fc.Arbitrary<unknown> = fc
  .tuple(fc.constantFrom(...originals), fc.array(mutation, { maxLength: 4 }))
  .map(([text, mutations]) => mutations.reduce(mutated, JSON.parse(text) as unknown));

function mutated(item: unknown, change: Mutation): unknown {
  const spots = spotsOf(item);
  const spot = spots[change.where % Math.max(1, spots.length)];
  if (spot === undefined) return JSON.parse(change.value);
  const { owner, key } = spot;
  switch (change.kind) {
    case "replace":
      put(owner, key, JSON.parse(change.value));
      break;
    case "delete":
      delete owner[key];
      break;
    case "insert":
      put(owner, change.key, JSON.parse(change.value));
      break;
    case "bury":
      put(
        owner,
        key,
        Array.from({ length: change.times }).reduce<unknown>((inner) => ({ [key]: inner }), owner[key]),
      );
      break;
    case "repeat":
      put(
        owner,
        key,
        Array.from({ length: change.times * 40 }, () => owner[key]),
      );
      break;
    case "swap": {
      const other = spots[(change.where + change.times) % spots.length] ?? spot;
      put(owner, key, structureOf(other.owner[other.key]));
      break;
    }
    case "stringify":
      put(owner, key, isSmall(owner[key]) ? JSON.stringify(owner[key]) : "");
  }
  return item;
}

/** Defines an own key, `__proto__` included, as `JSON.parse` does. */
const put = (owner: Container, key: string, value: unknown): void => {
  if (Array.isArray(owner) && !/^\d+$/.test(key)) owner.push(value);
  else Object.defineProperty(owner, key, { value, writable: true, enumerable: true, configurable: true });
};

/** A copy, so that no item holds itself. */
const structureOf = (value: unknown): unknown => (isSmall(value) ? JSON.parse(JSON.stringify(value) ?? "null") : null);

/** Whether a value can be written out at once: mutations of mutations reach sizes that only a bounded walk survives. */
export function isSmall(value: unknown): boolean {
  const open: (readonly [value: unknown, depth: number])[] = [[value, 0]];
  for (let nodes = 0, characters = 0; open.length > 0; nodes++) {
    const [one, depth] = open.pop() ?? [null, 0];
    if (typeof one === "string") characters += one.length;
    if (nodes > 1_000 || depth > 400 || characters > 20_000) return false;
    if (typeof one !== "object" || one === null) continue;
    const keys = Object.keys(one);
    if (keys.length > 1_000) return false;
    for (const key of keys) open.push([(one as Container)[key], depth + 1]);
  }
  return true;
}

function spotsOf(item: unknown): readonly Spot[] {
  const spots: Spot[] = [];
  const open: unknown[] = [item];
  while (open.length > 0 && spots.length < 2_000) {
    const owner = open.pop();
    if (typeof owner !== "object" || owner === null) continue;
    for (const key of Object.keys(owner)) {
      spots.push({ owner: owner as Container, key });
      open.push((owner as Container)[key]);
    }
  }
  return spots;
}

const pristine = Object.getOwnPropertyNames(Object.prototype).sort().join();

/** What must hold of any item: an answer, in JSON, at once, and nothing else changed. */
export const itemProperty = fc.property(hostileItem, (item) => {
  const began = performance.now();
  const decoded = decode(item);
  const text = JSON.stringify(decoded);
  if (performance.now() - began > 1_000) throw new Error("took longer than a second");
  if (!["event", "parked", "ignored"].includes(decoded.kind))
    throw new Error(`an answer of no kind: ${text.slice(0, 200)}`);
  if (decoded.kind !== "event" && decoded.because === "") throw new Error("an answer without a reason");
  if (decoded.kind === "event" && (decoded.event.id === "" || !Number.isSafeInteger(decoded.event.at)))
    throw new Error("an event without an id or a time");
  if (/"(?:__proto__|constructor|prototype)":/.test(text.replace(/\\./g, "")))
    throw new Error("a hostile key got through");
  if (Object.getOwnPropertyNames(Object.prototype).sort().join() !== pristine || "polluted" in {})
    throw new Error("a prototype was polluted");
});
