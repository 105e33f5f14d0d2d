import { at, fields, isObject, type Json, type JsonObject, list, text } from "../../event/json.ts";

/** A lifecycle rule that deletes all that lies in a bucket, or all the log files that AWS puts there. */
export interface Expiry {
  /** Days until current objects go; 0 for a date that is past. */
  readonly days: number;
  readonly prefix: string;
  readonly rule: JsonObject;
}

const day = 86_400_000;

/**
 * The enabled rule of a lifecycle that soonest deletes current objects by nothing but where they lie (S3 API,
 * "PutBucketLifecycleConfiguration"). Rules for other folders, tags or sizes delete some objects only and are left out.
 */
export function soonestExpiry(request: JsonObject, now: number): Expiry | undefined {
  const rules = at(request, "LifecycleConfiguration", "Rule") ?? at(request, "LifecycleConfiguration", "Rules");
  const found = manyOf(rules).flatMap((rule) => {
    const days = text(rule["Status"]) === "Enabled" ? daysOf(fields(rule["Expiration"]), now) : undefined;
    const prefix = prefixOf(rule);
    return days === undefined || prefix === undefined ? [] : [{ days, prefix, rule }];
  });
  return found.toSorted((a, b) => a.days - b.days)[0];
}

const manyOf = (value: Json | undefined): readonly JsonObject[] =>
  (Array.isArray(value) ? list(value) : [value]).filter(isObject);

function daysOf(expiration: JsonObject, now: number): number | undefined {
  const days = Number(expiration["Days"] ?? Number.NaN);
  if (Number.isFinite(days) && days > 0) return days;
  const date = Date.parse(text(expiration["Date"]));
  return Number.isFinite(date) ? Math.max(0, Math.ceil((date - now) / day)) : undefined;
}

/** An empty text is the whole bucket; `*` is taken for it, as whoever writes it means so, though S3 takes it by the letter. */
function prefixOf(rule: JsonObject): string | undefined {
  const filter = fields(rule["Filter"]);
  if (Object.keys(filter).some((key) => key !== "Prefix")) return undefined;
  const prefix = text(filter["Prefix"]) || text(rule["Prefix"]);
  if (prefix === "" || prefix === "*" || prefix === "/") return "";
  return prefix.startsWith("AWSLogs") ? prefix : undefined;
}
