import { type Instant, instant, parseInstant } from "../../event/instant.ts";

/** Milliseconds in an hour, the length of one look-up window. */
export const hour = 3_600_000;

const day = 24 * hour;
const units: Readonly<Record<string, number>> = { m: 60_000, h: hour, d: day };

/** How far back CloudTrail's event history reaches (CloudTrail User Guide, "Viewing recent management events"). */
export const historyDays = 90;

/** CloudTrail delivers within about 5 minutes on average, without a promise: younger windows are read again next time. */
export const settlesAfter = 20 * 60_000;

/** Log files are named after their delivery; one named this much before an instant cannot hold records from after it. */
const deliverySlack = 15 * 60_000;

/** Reads `24h`, `7d`, `90m` or an RFC 3339 time; nothing when it is neither, lies after `now` or before 2013, when CloudTrail began. */
export function parseSince(text: string, now: Instant): Instant | undefined {
  const found = /^([1-9]\d{0,5})([mhd])$/.exec(text);
  const unit = units[found?.[2] ?? ""];
  const since = unit === undefined ? parseInstant(text) : instant(now - Number(found?.[1]) * unit);
  return since === undefined || since > now || since < Date.UTC(2013, 0) ? undefined : since;
}

/** The days, as `yyyy/mm/dd`, whose folders can hold records of [since, now]; a folder is named after the delivery. */
export function daysFrom(since: Instant, now: Instant): readonly string[] {
  const first = Math.floor((since - deliverySlack) / day);
  const last = Math.floor((now + deliverySlack) / day);
  return Array.from({ length: last - first + 1 }, (_, index) => folderOf((first + index) * day));
}

/** The same days as path patterns, a whole month as one: a command line stays short. */
export function dayPatterns(days: readonly string[]): readonly string[] {
  const months = Map.groupBy(days, (one) => one.slice(0, 7));
  return [...months].flatMap(([month, its]) => {
    const [year = 0, number = 0] = month.split("/").map(Number);
    return its.length === new Date(Date.UTC(year, number, 0)).getUTCDate()
      ? [`${month}/*`]
      : its.map((one) => `${one}/*`);
  });
}

/** True when a log file delivered at this minute may hold records from `since` on; a name without a time may. */
export const deliveredSince = (name: string, since: Instant): boolean => {
  const found = /_(\d{4})(\d{2})(\d{2})T(\d{2})(\d{2})Z_/.exec(name);
  if (found === null) return true;
  const [year = 0, month = 0, date = 0, hours = 0, minutes = 0] = found.slice(1).map(Number);
  return Date.UTC(year, month - 1, date, hours, minutes) + 60_000 > since - deliverySlack;
};

/** One hour of one Region, both ends included: CloudTrail writes whole seconds, so that neighbours share no record. */
export interface LookupWindow {
  readonly region: string;
  readonly from: Instant;
  readonly to: Instant;
  /** False when records of this hour may still arrive: it is read again by the next run. */
  readonly settled: boolean;
}

/** Whole hours from the one that holds `since` to the one that holds `now`, oldest first; older than the history is left out. */
export function lookupWindows(regions: readonly string[], since: Instant, now: Instant): readonly LookupWindow[] {
  const earliest = Math.max(since, now - historyDays * day);
  const first = Math.floor(earliest / hour);
  const count = Math.floor(now / hour) - first + 1;
  return regions.flatMap((region) =>
    Array.from({ length: count }, (_, index) => {
      const from = (first + index) * hour;
      const settled = from + hour + settlesAfter <= now;
      return { region, from: instant(from), to: instant(Math.min(from + hour - 1000, now)), settled };
    }),
  );
}

/** True when `since` lies before what CloudTrail's event history still has. */
export const beforeHistory = (since: Instant, now: Instant): boolean => since < now - historyDays * day;

/** Seconds that downloads take at 40 objects and 5 MB a second: an assumption for an announcement, not a measurement. */
export const downloadSeconds = (objects: number, bytes: number): number =>
  Math.ceil(Math.max(objects / 40, bytes / 5e6));

/** A span as a person says it: `12 s`, `3 min`, `2 h 05 min`. */
export function spoken(seconds: number): string {
  if (seconds < 90) return `${Math.max(1, Math.ceil(seconds))} s`;
  const minutes = Math.ceil(seconds / 60);
  if (minutes < 90) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${String(minutes % 60).padStart(2, "0")} min`;
}

const folderOf = (at: number): string => new Date(at).toISOString().slice(0, 10).replaceAll("-", "/");
