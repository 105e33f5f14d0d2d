import { calls as callerCalls } from "../adapters/aws/caller.calls.ts";
import { calls as lookupCalls } from "../adapters/aws/cloudtrail-lookup.calls.ts";
import { calls as bucketCalls } from "../adapters/aws/trail-bucket.calls.ts";
import type { Listing } from "../adapters/aws/trail-bucket.ts";
import { type Instant, instant, printInstant } from "../core/event/instant.ts";
import { type AwsCall, filled } from "../core/flow/aws-call.ts";
import {
  beforeHistory,
  dayPatterns,
  daysFrom,
  downloadSeconds,
  historyDays,
  spoken,
} from "../core/flow/pull/pull-plan.ts";
import type { TrailObject, TrailPlace } from "../core/flow/pull/trail-layout.ts";

/** What a pull reads from, as the person asked for it. */
export type PullFrom =
  | { readonly kind: "bucket"; readonly place: TrailPlace }
  | { readonly kind: "lookup"; readonly regions: readonly string[] };

/** The read actions that the pull will use, each with what it is used on and for: printed before the first call. */
export function rightsLines(from: PullFrom, partition: string): readonly string[] {
  const calls: readonly AwsCall[] = [...callerCalls, ...(from.kind === "bucket" ? bucketCalls : lookupCalls)];
  const names =
    from.kind === "bucket"
      ? { partition, bucket: from.place.bucket, prefix: from.place.prefix }
      : { partition, region: from.regions.join(", ") };
  const rows = calls.flatMap(({ api, why, rights }) =>
    rights.length === 0
      ? [[api, `${why}; nobody needs a right for it`]]
      : rights.map(({ action, resource }, index) => [
          action,
          `${filled(resource, names)}${index === 0 ? `, ${why}` : ""}`,
        ]),
  );
  const width = Math.max(...rows.map(([action = ""]) => action.length));
  return [
    "cordon pull only reads. It uses these rights, and no other:",
    ...rows.map(([action = "", rest = ""]) => `  ${action.padEnd(width)}  ${rest}`),
  ];
}

/** What was found in the bucket and what of it is still to be fetched, with an assumption about the time. */
export function foundLines(
  listing: Listing,
  missing: readonly TrailObject[],
  days: readonly string[],
): readonly string[] {
  const bytes = sum(missing);
  const span = days.length === 1 ? `day ${days[0]}` : `days ${days[0]} to ${days.at(-1)}`;
  return [
    `objects   ${objectsOf(listing.objects)} of ${many(listing.accounts.length, "account")} in ${many(listing.regions.length, "Region")}, ${span} (${many(listing.requests, "list request")})`,
    ...(missing.length < listing.objects.length
      ? [`here      ${many(listing.objects.length - missing.length, "object")} complete already`]
      : []),
    `to fetch  ${objectsOf(missing)}`,
    ...(missing.length > 0
      ? [`time      about ${spoken(downloadSeconds(missing.length, bytes))}, assuming 40 objects and 5 MB a second`]
      : []),
  ];
}

/** How long a look-up takes at least, and what it cannot see. */
export function lookupLines(asked: {
  readonly windows: number;
  readonly already: number;
  readonly regions: readonly string[];
  readonly since: Instant;
  readonly now: Instant;
}): readonly string[] {
  const perRegion = (asked.windows - asked.already) / Math.max(1, asked.regions.length);
  const seconds = ((asked.windows - asked.already) * 500) / 1000;
  return [
    `hours     ${many(asked.windows, "hour")} of history, ${asked.already} complete already; LookupEvents does not say how many records they hold`,
    `time      at least ${spoken(seconds)} (${Math.ceil(perRegion)} requests a Region, 2 a second); a busy account takes 1 min for 6,000 records`,
    ...(beforeHistory(asked.since, asked.now)
      ? [`cut       the history reaches back ${historyDays} days; for what is older use --bucket`]
      : []),
    `not seen  data events (S3 objects, Lambda invocations), network and Insights events; other accounts; other Regions than ${asked.regions.join(", ")}`,
    "          IAM and other global services are recorded in one Region of the partition (commercial: us-east-1); name it with --region",
  ];
}

/** The command line of the AWS CLI that fetches the same, for a person with credentials somewhere else. */
export function insteadLines(from: PullFrom, since: Instant, now: Instant, into: string): readonly string[] {
  switch (from.kind) {
    case "bucket":
      return [syncLine(from.place, since, now, into)];
    case "lookup":
      return from.regions.length === 0
        ? []
        : [`mkdir -p ${quoted(into)}`, ...from.regions.map((region) => historyLine(region, since, now, into))];
  }
}

function historyLine(region: string, since: Instant, now: Instant, into: string): string {
  const [start, end] = [since, now].map((at) => printInstant(instant(Math.floor(at / 1000) * 1000)));
  const target = quoted(`${into}/lookup-${region}.json`);
  return `aws cloudtrail lookup-events --region ${region} --start-time ${start} --end-time ${end} --output json > ${target}`;
}

function syncLine(place: TrailPlace, since: Instant, now: Instant, into: string): string {
  const parts = [
    place.organization,
    place.account,
    place.region === undefined ? undefined : `CloudTrail/${place.region}`,
  ];
  const path = `AWSLogs/${parts.flatMap((part) => (part === undefined ? [] : [`${part}/`])).join("")}`;
  const before = place.region === undefined ? "*CloudTrail/*/" : "";
  const includes = dayPatterns(daysFrom(since, now)).map((pattern) => ` --include ${quoted(`${before}${pattern}`)}`);
  const target = quoted(`${into}/${path}`);
  return `aws s3 sync ${quoted(`s3://${place.bucket}/${place.prefix}${path}`)} ${target} --exclude '*'${includes.join("")}`;
}

/** Bytes as a person reads them: decimal units, as S3 counts. */
export function sized(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1e3).toFixed(1)} kB`;
  return bytes < 1e9 ? `${(bytes / 1e6).toFixed(1)} MB` : `${(bytes / 1e9).toFixed(2)} GB`;
}

/** `1 object`, `1,204 objects`. */
export const many = (count: number, noun: string): string =>
  `${count.toLocaleString("en-US")} ${noun}${count === 1 ? "" : "s"}`;

const sum = (objects: readonly TrailObject[]): number => objects.reduce((bytes, { size }) => bytes + size, 0);
const objectsOf = (objects: readonly TrailObject[]): string =>
  `${many(objects.length, "object")}, ${sized(sum(objects))}`;

/** For a POSIX shell: plain words stay plain, everything else stands in single quotes. */
const quoted = (word: string): string => (/^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`);
