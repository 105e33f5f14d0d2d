import { type Instant, printInstant } from "../../event/instant.ts";

/** Where a trail's files lie in a bucket, as far as the person named it; what is not named is discovered. */
export interface TrailPlace {
  readonly bucket: string;
  /** Everything before `AWSLogs/`: empty, or ending in a slash. */
  readonly prefix: string;
  readonly organization: string | undefined;
  readonly account: string | undefined;
  readonly region: string | undefined;
}

export type ParsedPlace =
  | { readonly ok: true; readonly place: TrailPlace }
  | { readonly ok: false; readonly because: string };

/** A log file of a trail whose key was checked part by part: its path is safe to create below any folder. */
export interface TrailObject {
  readonly key: string;
  /** `AWSLogs/…`, with forward slashes. */
  readonly path: string;
  readonly account: string;
  readonly region: string;
  readonly size: number;
  readonly etag: string;
}

/** Reads `s3://bucket[/prefix][/AWSLogs[/o-…][/account[/CloudTrail[/region]]]]`. */
export function parsePlace(url: string): ParsedPlace {
  if (!url.startsWith("s3://")) return refused(`"${url}" is not an S3 URL; write s3://bucket or s3://bucket/prefix`);
  const [bucket = "", ...rest] = url.slice(5).split("/");
  if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(bucket))
    return refused(`"${bucket}" cannot be the name of a bucket: 3 to 63 of a-z, 0-9, "." and "-"`);
  const parts = rest.filter((part) => part !== "");
  if (parts.some((part) => !/^[\w!.*'() -]{1,255}$/.test(part) || part === "." || part === ".."))
    return refused(`the prefix in "${url}" has characters or parts that a trail's prefix cannot have`);
  const at = parts.indexOf("AWSLogs");
  const prefix = (at < 0 ? parts : parts.slice(0, at)).map((part) => `${part}/`).join("");
  const below = at < 0 ? [] : parts.slice(at + 1);
  const organization = isOrganization(below[0]) ? below.shift() : undefined;
  const [account, folder, region, ...more] = below;
  if ((account !== undefined && !isAccount(account)) || (folder !== undefined && folder !== "CloudTrail"))
    return refused(`after AWSLogs/ come [organization/]account/CloudTrail/region; "${url}" has something else there`);
  if ((region !== undefined && !isRegion(region)) || more.length > 0)
    return refused(`"${url}" goes deeper than a Region; name the time with --since instead`);
  return { ok: true, place: { bucket, prefix, organization, account, region } };
}

/** The key as a safe relative path in CloudTrail's own layout, or nothing: no other shape ever becomes a path. */
export function trailObject(key: string, size: number, etag: string, prefix: string): TrailObject | undefined {
  if (!key.startsWith(`${prefix}AWSLogs/`)) return undefined;
  const path = key.slice(prefix.length);
  const parts = path.split("/").slice(1);
  if (isOrganization(parts[0])) parts.shift();
  const [account, folder, region, year, month, date, name, ...more] = parts;
  if (!isAccount(account) || folder !== "CloudTrail" || !isRegion(region) || more.length > 0) return undefined;
  if (!isDate(year, month, date) || !isLogName(name) || !Number.isSafeInteger(size) || size < 0) return undefined;
  return { key, path, account, region, size, etag };
}

/** Where the look-up of one hour is kept: beside the trail's files, in the same layout, under a name of its own. */
export function lookupPath(account: string, region: string, from: Instant): string {
  const at = printInstant(from);
  const folder = at.slice(0, 10).replaceAll("-", "/");
  const stamp = `${at.slice(0, 13).replaceAll("-", "")}00Z`;
  return `AWSLogs/${account}/CloudTrail-Lookup/${region}/${folder}/${account}_lookup_${region}_${stamp}.json.gz`;
}

export const isAccount = (text: string | undefined): text is string => text !== undefined && /^\d{12}$/.test(text);

/** `o-` and 10 to 32 lower-case letters or digits (AWS Organizations API Reference, "Organization"). */
export const isOrganization = (text: string | undefined): text is string =>
  text !== undefined && /^o-[a-z0-9]{10,32}$/.test(text);

/** The shape of a Region's name, in any partition. */
export const isRegion = (text: string | undefined): text is string =>
  text !== undefined && text.length <= 32 && /^[a-z]{2,8}(?:-[a-z]{1,16}){1,3}-\d{1,2}$/.test(text);

const isDate = (...[year = "", month = "", date = ""]: readonly (string | undefined)[]): boolean =>
  /^20\d\d$/.test(year) && /^(?:0[1-9]|1[0-2])$/.test(month) && /^(?:0[1-9]|[12]\d|3[01])$/.test(date);

const isLogName = (name: string | undefined): boolean =>
  name !== undefined && name.length <= 200 && /^\d{12}_CloudTrail_[\w-]+\.json\.gz$/.test(name);

const refused = (because: string): ParsedPlace => ({ ok: false, because });
