import { canonicalDigest } from "./canonical.ts";
import { type Instant, parseInstant } from "./instant.ts";
import { fields, isObject, type JsonObject, text } from "./json.ts";
import { measure } from "./measure.ts";
import type { ConfiguredSecret } from "./secret-scan/configured.ts";

/** What every record is filed under, read without decoding the rest. */
export interface Head {
  readonly form: "record" | "envelope";
  readonly id: string;
  readonly at: Instant;
  readonly account: string;
  readonly region: string;
  /** `eventSource` of a record, `source` of an envelope. */
  readonly source: string;
  /** `eventName` of a record, `detail-type` of an envelope. */
  readonly name: string;
  /** The CloudTrail record, or the whole envelope. */
  readonly body: JsonObject;
  /** Characters of the canonical JSON; of two copies the fuller one stays. */
  readonly length: number;
  /**
   * True when the id or the time was not where it belongs, or when the record has keys that AWS would not write
   * (`__proto__` and the like): it may open a case, never cause an action.
   */
  readonly guessed: boolean;
  /** What was found in a configuration before it was masked; never read from an item. */
  readonly configured?: readonly ConfiguredSecret[];
}

/** What came of reading one item. Parked: it claims to be for us and cannot be read. Ignored: it is well-formed and not for us. */
export type Read =
  | { readonly kind: "read"; readonly head: Head }
  | { readonly kind: "parked"; readonly because: string }
  | { readonly kind: "ignored"; readonly because: string };

const detailTypes: ReadonlySet<string> = new Set([
  "AWS API Call via CloudTrail",
  "AWS Console Sign In via CloudTrail",
  "AWS Service Event via CloudTrail",
  "AWS Insight via CloudTrail",
]);

/** Files one parsed item: a CloudTrail record, an EventBridge envelope or a LookupEvents entry, told apart by content. */
export function readHead(item: unknown): Read {
  if (!isObject(item)) return parked("the item is not a JSON object");
  // Nearly every item is a record, and only records have this field: asked first, it saves the others.
  const isRecord = item["eventVersion"] !== undefined;
  if (!isRecord && typeof item["CloudTrailEvent"] === "string") return fromLookup(item["CloudTrailEvent"]);
  const measured = measure(item);
  if (!measured.ok) return parked(measured.because);
  if (isRecord) return fromRecord(item, undefined, measured);
  if (typeof item["detail-type"] === "string") {
    if (!detailTypes.has(item["detail-type"])) return fromEnvelope(item, item["detail-type"], measured);
    return fromDetail(item["detail"], item, measured.hostileKeys);
  }
  if (item["eventName"] !== undefined || item["eventSource"] !== undefined || item["eventID"] !== undefined)
    return fromRecord(item, undefined, measured);
  if (item["digestS3Object"] !== undefined || item["logFiles"] !== undefined)
    return { kind: "ignored", because: "a CloudTrail digest file" };
  return parked("neither a CloudTrail record nor an EventBridge event");
}

/** The record inside an envelope is measured by itself, so that the same record from a file is as long. */
function fromDetail(detail: unknown, envelope: JsonObject, hostileKeys: boolean): Read {
  if (!isObject(detail)) return parked("the envelope has no detail");
  const measured = measure(detail);
  if (!measured.ok) return parked(measured.because);
  return fromRecord(detail, envelope, { length: measured.length, hostileKeys });
}

type Size = { readonly length: number; readonly hostileKeys: boolean };

function fromLookup(inner: string): Read {
  try {
    const record: unknown = JSON.parse(inner);
    return isObject(record) && record["CloudTrailEvent"] === undefined
      ? readHead(record)
      : parked("CloudTrailEvent does not hold a record");
  } catch {
    return parked("CloudTrailEvent is not JSON");
  }
}

function fromRecord(record: JsonObject, envelope: JsonObject | undefined, { length, hostileKeys }: Size): Read {
  const version = record["eventVersion"];
  if (version !== undefined && !isMajorOne(version))
    return parked("eventVersion is not 1.x: this record format is not known");
  const at = parseInstant(record["eventTime"]) ?? timeOf(record, envelope);
  if (at === undefined) return parked(badTime(record["eventTime"], "eventTime"));
  const source = text(record["eventSource"]);
  const name = text(record["eventName"]) || text(fields(record["insightDetails"])["eventName"]);
  if (!source) return parked("the record has no eventSource");
  if (!name) return parked("the record has no eventName");
  const eventId = text(record["eventID"]);
  return {
    kind: "read",
    head: {
      form: "record",
      id: eventId || contentId(record),
      at,
      account:
        text(record["recipientAccountId"]) ||
        text(envelope?.["account"]) ||
        text(fields(record["userIdentity"])["accountId"]),
      region: text(record["awsRegion"]) || text(envelope?.["region"]),
      source,
      name,
      body: record,
      length,
      guessed: hostileKeys || !eventId || record["eventTime"] === undefined,
    },
  };
}

const isMajorOne = (version: unknown): boolean =>
  typeof version === "string" && version[0] === "1" && (version.length === 1 || version[1] === ".");

/** The envelope's time counts only where the record has none: a wrong `eventTime` is not papered over. */
const timeOf = (record: JsonObject, envelope: JsonObject | undefined): Instant | undefined =>
  record["eventTime"] === undefined ? parseInstant(envelope?.["time"]) : undefined;

function fromEnvelope(envelope: JsonObject, detailType: string, { length, hostileKeys }: Size): Read {
  const source = text(envelope["source"]);
  if (!source) return parked("the envelope has no source");
  const at = parseInstant(envelope["time"]);
  if (at === undefined) return parked(badTime(envelope["time"], "time"));
  const id = text(envelope["id"]);
  return {
    kind: "read",
    head: {
      form: "envelope",
      id: id ? `${source}:${id}` : contentId(envelope),
      at,
      account: text(envelope["account"]),
      region: text(envelope["region"]),
      source,
      name: detailType,
      body: envelope,
      length,
      guessed: hostileKeys || !id,
    },
  };
}

const contentId = (value: JsonObject): string => `sha256:${canonicalDigest(value).slice(0, 32)}`;

const badTime = (value: unknown, field: string): string =>
  value === undefined ? `there is no ${field}` : `${field} is not a time: write RFC 3339, such as 2026-01-31T23:59:59Z`;

const parked = (because: string): Read => ({ kind: "parked", because });
