import type { ApiCall } from "../../event/event.ts";

/** What stands at a dotted path of a call (`requestParameters.…` or `responseElements.…`); lists on the way are entered. */
export function leavesAt(
  { request, response }: Pick<ApiCall, "request" | "response">,
  path: string,
): readonly unknown[] {
  const [part, ...keys] = path.split(".");
  let here: readonly unknown[] = [part === "responseElements" ? response : request];
  for (const key of keys)
    here = here.flatMap(entered).flatMap((value) => (isRecord(value) && Object.hasOwn(value, key) ? [value[key]] : []));
  return here.flatMap(entered).filter((value) => value !== null && value !== undefined && value !== "");
}

/** A text of a call and where it stands. */
export interface Said {
  readonly path: string;
  readonly value: string;
}

/** The texts at these places, in their order. */
export const textsAt = (call: Pick<ApiCall, "request" | "response">, paths: readonly string[]): readonly Said[] =>
  paths.flatMap((path) =>
    leavesAt(call, path).flatMap((value) => (typeof value === "string" ? [{ path, value }] : rolesInside(path, value))),
  );

/** Data Pipeline writes a definition as objects with lists of keys and values (API reference, PutPipelineDefinition). */
function rolesInside(path: string, value: unknown): readonly Said[] {
  if (!isRecord(value) || !Array.isArray(value["fields"])) return [];
  return value["fields"].flatMap((one: unknown) =>
    isRecord(one) && (one["key"] === "role" || one["key"] === "resourceRole") && typeof one["stringValue"] === "string"
      ? [{ path, value: one["stringValue"] }]
      : [],
  );
}

const entered = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [value]);
const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);
