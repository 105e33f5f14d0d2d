import type { Branded } from "../iam/brand.ts";

/** Milliseconds since 1970-01-01T00:00:00Z. Finer fractions are cut: CloudTrail itself writes whole seconds. */
export type Instant = Branded<number, "Instant">;

const shape = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d+))?([Zz]|[+-]\d{2}:\d{2})?$/;

/** Reads RFC 3339, or `YYYY-MM-DD hh:mm:ss[.fraction]` as UTC. Fields are range-checked: 30 February is refused, not moved to March. */
export function parseInstant(value: unknown): Instant | undefined {
  if (typeof value !== "string") return undefined;
  const quick = canonical(value);
  if (quick !== undefined) return quick;
  const found = shape.exec(value);
  if (!found) return undefined;
  const zone = found[8];
  if (zone === undefined && value[10] !== " ") return undefined;
  const milliseconds = Number((found[7] ?? "0").padEnd(3, "0").slice(0, 3));
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = found.slice(1, 7).map(Number);
  const utc = checked(year, month, day, hour, minute, second, milliseconds);
  return utc === undefined ? undefined : offset(utc, zone);
}

/** RFC 3339 in UTC, with milliseconds only where there are some. */
export const printInstant = (at: Instant): string => new Date(at).toISOString().replace(".000Z", "Z");

/** The UTC day, as `YYYY-MM-DD`. */
export const dayOf = (at: Instant): string => new Date(at).toISOString().slice(0, 10);

/** An instant from a number of milliseconds, for clocks and arithmetic. */
export const instant = (milliseconds: number): Instant => milliseconds as Instant;

/** CloudTrail's own spelling, `YYYY-MM-DDThh:mm:ssZ`, without a regular expression: it is read once per record. */
function canonical(value: string): Instant | undefined {
  if (value.length !== 20 || value[19] !== "Z" || value[10] !== "T") return undefined;
  if (value[4] !== "-" || value[7] !== "-" || value[13] !== ":" || value[16] !== ":") return undefined;
  const year = digits(value, 0) * 100 + digits(value, 2);
  return checked(year, digits(value, 5), digits(value, 8), digits(value, 11), digits(value, 14), digits(value, 17), 0);
}

/** Two digits as a number; far below zero when they are none, so that the range check refuses them. */
function digits(value: string, from: number): number {
  const tens = value.charCodeAt(from) - 48;
  const ones = value.charCodeAt(from + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -1_000_000;
}

function checked(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  milliseconds: number,
): Instant | undefined {
  if (year < 1970 || year > 9999 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return undefined;
  return instant(
    ((daysSince1970(year, month, day) * 24 + hour) * 60 + minute) * 60_000 + second * 1_000 + milliseconds,
  );
}

const lengths = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
const isLeap = (year: number): boolean => (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
const daysIn = (year: number, month: number): number => (month === 2 && isLeap(year) ? 29 : (lengths[month - 1] ?? 0));

/** Days of the proleptic Gregorian calendar, counted in years that begin with March so that leap days come last. */
function daysSince1970(year: number, month: number, day: number): number {
  const marchYear = month <= 2 ? year - 1 : year;
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1;
  const leapDays = Math.floor(marchYear / 4) - Math.floor(marchYear / 100) + Math.floor(marchYear / 400);
  return marchYear * 365 + leapDays + dayOfYear - 719_468;
}

/** The last millisecond of the year 9999: beyond it there is no RFC 3339. */
const latest = 253_402_300_799_999;

function offset(utc: Instant, zone: string | undefined): Instant | undefined {
  if (zone === undefined || zone === "Z" || zone === "z") return utc;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  const shift = (hours * 60 + minutes) * 60_000;
  const at = zone[0] === "-" ? utc + shift : utc - shift;
  return at < 0 || at > latest ? undefined : instant(at);
}
