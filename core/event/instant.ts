import type { Branded } from "../iam/brand.ts";

/** Milliseconds since 1970-01-01T00:00:00Z. Finer fractions are cut: CloudTrail itself writes whole seconds. */
export type Instant = Branded<number, "Instant">;

const shape = /^(\d{4})-(\d{2})-(\d{2})[Tt ](\d{2}):(\d{2}):(\d{2})(?:\.(\d{1,9}))?([Zz]|[+-]\d{2}:\d{2})?$/;

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
  const utc = checked(numbers(found), milliseconds);
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
  const century = digits(value, 0);
  const year = digits(value, 2);
  const parts = [
    century * 100 + year,
    digits(value, 5),
    digits(value, 8),
    digits(value, 11),
    digits(value, 14),
    digits(value, 17),
  ];
  return century < 0 || parts.some((part) => part < 0) ? undefined : checked(parts, 0);
}

function digits(value: string, from: number): number {
  const tens = value.charCodeAt(from) - 48;
  const ones = value.charCodeAt(from + 1) - 48;
  return tens >= 0 && tens <= 9 && ones >= 0 && ones <= 9 ? tens * 10 + ones : -10_000;
}

const numbers = (found: RegExpExecArray): readonly number[] => found.slice(1, 7).map(Number);

function checked(parts: readonly number[], milliseconds: number): Instant | undefined {
  const [year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0] = parts;
  if (year < 1970 || month < 1 || month > 12 || day < 1 || day > daysIn(year, month)) return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return instant(Date.UTC(year, month - 1, day, hour, minute, second, milliseconds));
}

const daysIn = (year: number, month: number): number => new Date(Date.UTC(year, month, 0)).getUTCDate();

function offset(utc: Instant, zone: string | undefined): Instant | undefined {
  if (zone === undefined || zone === "Z" || zone === "z") return utc;
  const hours = Number(zone.slice(1, 3));
  const minutes = Number(zone.slice(4, 6));
  if (hours > 23 || minutes > 59) return undefined;
  const shift = (hours * 60 + minutes) * 60_000;
  return instant(zone[0] === "-" ? utc + shift : utc - shift);
}
