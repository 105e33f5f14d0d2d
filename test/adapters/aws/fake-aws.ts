import { createHash } from "node:crypto";
import { gzipSync } from "node:zlib";
import type { CallerClient } from "../../../adapters/aws/caller.ts";
import type { LookupClient } from "../../../adapters/aws/cloudtrail-lookup.ts";
import type { TrailClient } from "../../../adapters/aws/trail-bucket.ts";
import { type Instant, instant, parseInstant } from "../../../core/event/instant.ts";

export const account = "111122223333";

/** An instant from its text; a test that misspells one fails here. */
export function at(text: string): Instant {
  const found = parseInstant(text);
  if (found === undefined) throw new Error(`${text} is not an instant`);
  return found;
}

/** An error as an SDK throws it. */
export const awsError = (name: string, message = name, status = 400): Error =>
  Object.assign(new Error(message), { name, $metadata: { httpStatusCode: status } });

/** What a fake client was sent. */
export interface Sent {
  readonly name: string;
  readonly input: Readonly<Record<string, unknown>>;
}

/** A clock that only moves when somebody sleeps. */
export function virtualTime(start: Instant) {
  const slept: number[] = [];
  let now: number = start;
  return {
    slept,
    clock: { now: () => instant(now) },
    sleep: async (milliseconds: number): Promise<void> => {
      slept.push(milliseconds);
      now += milliseconds;
    },
  };
}

/** Answers a request, or throws; the fakes below are made of these. */
export type Answer = (sent: Sent) => unknown;

/** A client that records what it is sent. `before` may throw, to stand for throttling, denial or a dead network. */
function client(sent: Sent[], before: (one: Sent) => void, answer: Answer) {
  return {
    async send(command: { readonly input: object }): Promise<never> {
      const one = { name: command.constructor.name, input: { ...command.input } };
      sent.push(one);
      before(one);
      return answer(one) as never;
    },
  };
}

const nothing = (): void => {};

export function fakeCaller(before: (one: Sent) => void = nothing): {
  readonly client: CallerClient;
  readonly sent: readonly Sent[];
} {
  const sent: Sent[] = [];
  const arn = `arn:aws:iam::${account}:user/reader`;
  return {
    sent,
    client: client(sent, before, () => ({ Account: account, Arn: arn, UserId: "AIDACKCEVSQ6C2EXAMPLE" })),
  };
}

/** A bucket with objects by key, that lists `pageSize` at a time as S3 does: sorted, with common prefixes. */
export function fakeBucket(objects: Map<string, Uint8Array>, before: (one: Sent) => void = nothing, pageSize = 2) {
  const sent: Sent[] = [];
  const answer: Answer = ({ name, input }) =>
    name === "GetObjectCommand" ? got(objects, input) : listed(objects, input, pageSize);
  const made: TrailClient = client(sent, before, answer);
  return {
    sent,
    client: made,
    gets: () => sent.filter(({ name }) => name === "GetObjectCommand").map(({ input }) => String(input["Key"])),
  };
}

export const etagOf = (bytes: Uint8Array): string => `"${createHash("md5").update(bytes).digest("hex")}"`;

function got(objects: Map<string, Uint8Array>, input: Sent["input"]) {
  const bytes = objects.get(String(input["Key"]));
  if (bytes === undefined) throw awsError("NoSuchKey", "The specified key does not exist.", 404);
  if (input["IfMatch"] !== etagOf(bytes)) throw awsError("PreconditionFailed", "At least one precondition failed", 412);
  return { Body: chunks(bytes) };
}

async function* chunks(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes.subarray(0, 10);
  yield bytes.subarray(10);
}

function listed(objects: Map<string, Uint8Array>, input: Sent["input"], pageSize: number) {
  const prefix = String(input["Prefix"]);
  const keys = [...objects.keys()].filter((key) => key.startsWith(prefix)).sort();
  const entries = input["Delimiter"] === undefined ? keys : [...new Set(keys.map((key) => upTo(key, prefix.length)))];
  const from = Number(input["ContinuationToken"] ?? 0);
  const page = entries.slice(from, from + pageSize);
  const isFolder = (entry: string): boolean => input["Delimiter"] !== undefined && entry.endsWith("/");
  const contents = page
    .filter((entry) => !isFolder(entry))
    .map((Key) => {
      const bytes = objects.get(Key) ?? new Uint8Array();
      return { Key, Size: bytes.length, ETag: etagOf(bytes) };
    });
  const more = from + pageSize < entries.length;
  return {
    Contents: contents,
    CommonPrefixes: page.filter(isFolder).map((Prefix) => ({ Prefix })),
    IsTruncated: more,
    ...(more ? { NextContinuationToken: String(from + pageSize) } : {}),
  };
}

function upTo(key: string, from: number): string {
  const slash = key.indexOf("/", from);
  return slash < 0 ? key : key.slice(0, slash + 1);
}

/** A log file of a trail with one record in it. */
export const logFile = (eventID: string): Uint8Array =>
  gzipSync(JSON.stringify({ Records: [{ eventVersion: "1.11", eventID, eventName: "GetObject" }] }));

/** The key of a log file as CloudTrail names it. */
export const logKey = (day: string, time: string, nonce: string, region = "eu-west-1", owner = account): string =>
  `AWSLogs/${owner}/CloudTrail/${region}/${day}/${owner}_CloudTrail_${region}_${day.replaceAll("/", "")}T${time}Z_${nonce}.json.gz`;

/** A record of the event history; `second` is when it happened. */
export interface Happened {
  readonly id: string;
  readonly time: Instant;
}

/** CloudTrail's event history: newest first, inclusive bounds, `pageSize` records a page, tokens bound to their window. */
export function fakeHistory(events: readonly Happened[], before: (one: Sent) => void = nothing, pageSize = 3) {
  const sent: Sent[] = [];
  const made: LookupClient = client(sent, before, ({ input }) => {
    const { StartTime: start, EndTime: end, NextToken: token } = input;
    if (!(start instanceof Date) || !(end instanceof Date)) throw awsError("InvalidTimeRangeException");
    const window = `${start.getTime()}-${end.getTime()}:`;
    if (token !== undefined && !String(token).startsWith(window)) throw awsError("InvalidNextTokenException");
    const from = token === undefined ? 0 : Number(String(token).slice(window.length));
    const within = events
      .filter(({ time }) => time >= start.getTime() && time <= end.getTime())
      .sort((a, b) => b.time - a.time);
    const page = within.slice(from, from + pageSize);
    const record = ({ id, time }: Happened) =>
      JSON.stringify({ eventVersion: "1.11", eventID: id, eventTime: new Date(time).toISOString() });
    return {
      Events: page.map((one) => ({ EventId: one.id, EventTime: new Date(one.time), CloudTrailEvent: record(one) })),
      ...(from + pageSize < within.length ? { NextToken: `${window}${from + pageSize}` } : {}),
    };
  });
  return { sent, client: made };
}
