import type { Json } from "../../event/json.ts";
import type { Located, Place } from "../../event/located.ts";
import type { Reader } from "../../identity/manifest/manifest-reader.ts";
import { selector as selectorReader } from "../../identity/manifest/manifest-selector.ts";
import { declarationOf, workloadDocument } from "../../identity/manifest/manifest-workload.ts";
import type { Selector } from "../../identity/manifest/selector.ts";
import type { Workload } from "../../identity/workload.ts";

const nowhere: Place = { file: "", line: 1, column: 1 };

/** A value as a manifest's reader takes it; places do not matter. */
export function located(value: Json | undefined, place: Place = nowhere): Located {
  if (typeof value === "string") return { kind: "text", place, text: value };
  if (typeof value === "boolean") return { kind: "flag", place, flag: value };
  if (typeof value === "number") return { kind: "number", place, number: value, written: String(value) };
  if (value === null || value === undefined) return { kind: "nothing", place };
  if (isList(value)) return { kind: "list", place, items: value.map((one) => located(one, place)) };
  return {
    kind: "mapping",
    place,
    entries: Object.entries(value).map(([key, one]) => ({ key, place, value: located(one, place) })),
  };
}

const isList = (value: Json): value is readonly Json[] => Array.isArray(value);

/** Whether a manifest may say so. */
export function readsAs(reader: Reader<unknown>, value: Json): boolean {
  let refused = false;
  const read = reader.read(located(value), () => {
    refused = true;
  });
  return !refused && read !== undefined;
}

/** Whether a manifest may name this so. */
export const readsAsSelector = ({ kind, value }: Selector): boolean => readsAs(selectorReader, { [kind]: value });

/** The workload that a document declares, or what is wrong with it. */
export function workloadIn(document: Json): Workload | readonly string[] {
  const value = located(document);
  const problems: string[] = [];
  const read = workloadDocument.read(value, (_place, message) => void problems.push(message));
  return read === undefined || problems.length > 0 ? problems : declarationOf(read, value).workload;
}
