import { Fault } from "../../core/fault.ts";
import type { PullState, Unfinished } from "../../core/flow/pull/pull-folder.ts";

/** The version of the state file that this code writes; an older one is read, a newer one refused. */
const schema = 1;

/** Begins the one line of each file: says what it is, and keeps a reader of records from taking it for JSON. */
export const stateNote = "# what cordon pull has fetched into this folder; delete it to begin again: ";

/** The state as text: the note, then one JSON value on the same line. */
export const printState = ({ objects, settled }: PullState): string =>
  `${stateNote}${JSON.stringify({ schema, objects: [...objects], settled: [...settled] })}\n`;

/** Reads what `printState` wrote. Text that cannot be read counts as nothing remembered: that costs requests, no records. */
export function readState(text: string, path: string): Omit<PullState, "unfinished"> {
  const value = parsed(text);
  const version = Number(value["schema"] ?? schema);
  if (version > schema)
    throw new Fault(
      "misconfigured",
      `${path} was written by a newer cordon (schema ${version}); update, or use another -o`,
    );
  return { objects: new Map(pairs(value["objects"], isText)), settled: new Map(pairs(value["settled"], isCount)) };
}

/** Reads the position in an unfinished look-up; nothing when there is none or it cannot be read. */
export function readUnfinished(text: string): Unfinished | undefined {
  const { path, token, bytes, records } = parsed(text);
  return isText(path) && isText(token) && isCount(bytes) && isCount(records)
    ? { path, token, bytes, records }
    : undefined;
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text.slice(text.indexOf("{")));
    return isRecord(value) ? value : {};
  } catch {
    return {};
  }
}

function pairs<Value>(value: unknown, isValue: (one: unknown) => one is Value): readonly (readonly [string, Value])[] {
  if (!Array.isArray(value)) return [];
  return value.flatMap((pair: unknown) => {
    const [key, one]: readonly unknown[] = Array.isArray(pair) ? pair : [];
    return isText(key) && isValue(one) ? [[key, one] as const] : [];
  });
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
const isText = (value: unknown): value is string => typeof value === "string";
const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
