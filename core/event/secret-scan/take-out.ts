import { isObject, type Json, type JsonObject } from "../json.ts";
import { masked } from "../secret-shapes.ts";
import type { PlacedSecret } from "./configured.ts";

/** A shorter text is taken out only where it stands alone: within other texts it may be anything. */
const shortest = 6;
/** With more secrets than these in one call, nothing of its parameters stays. */
const most = 1_000;

/** The record without the secrets that were found in it, wherever they are repeated; names that hold one are changed too. */
export function withoutSecrets(record: JsonObject, placed: readonly PlacedSecret[]): JsonObject {
  if (placed.length === 0) return record;
  const raw = [...new Set(placed.map((one) => one.raw))].filter((one) => one !== masked);
  return raw.length > most
    ? { ...record, requestParameters: masked, responseElements: masked }
    : takenOut(
        record,
        raw.toSorted((a, b) => b.length - a.length),
      );
}

function takenOut(value: JsonObject, raw: readonly string[]): JsonObject {
  const out: { [key: string]: Json | undefined } = {};
  for (const [name, one] of Object.entries(value)) out[inText(name, raw)] = one === undefined ? one : inValue(one, raw);
  return out;
}

function inValue(value: Json, raw: readonly string[]): Json {
  if (typeof value === "string") return inText(value, raw);
  if (typeof value !== "object" || value === null) return value;
  return isObject(value) ? takenOut(value, raw) : value.map((one) => inValue(one, raw));
}

const inText = (text: string, raw: readonly string[]): string =>
  raw.reduce((left, one) => {
    if (one.length > left.length) return left;
    return one.length < shortest ? (left === one ? masked : left) : left.replaceAll(one, () => masked);
  }, text);
