import type { ApiCall } from "../../event/event.ts";
import { excerpt } from "../../event/excerpt.ts";
import { fields, list, text } from "../../event/json.ts";
import { calls } from "../../event/watch.ts";
import { attempted } from "../attempt.ts";
import { actingAs } from "../escalation/acting.ts";
import type { Evidence, Severity } from "../finding.ts";
import { soonestExpiry } from "../watch/bucket-expiry.ts";
import type { Mark } from "../windows/window-store.ts";
import { defineWindowDetector, type SeenMark, type Span, type WindowDetection } from "../windows/windowed.ts";

const hour = 3_600_000;
/** So many objects put under a key that only the caller has, each over itself, are no change of a habit. */
export const reencryptedLimit = 5;
/** A rule that deletes within so many days is a threat, not a way to save money. */
const threatDays = 14;

/** Finds objects that are overwritten with copies only the caller can read, and the rule that will delete what is left. */
export const exposureRansom = defineWindowDetector({
  id: "exposure-ransom",
  version: "1",
  title: "Objects were put under a key that only the caller has",
  family: "exposure",
  maturity: "incubating",
  needsDeclarations: false,
  attack: ["T1486", "T1485.001"],
  controls: {
    owaspNhi: ["NHI2:2025", "NHI5:2025"],
    owaspAsi: ["ASI02", "ASI10"],
    nistCsf: ["PR.DS-01", "PR.DS-11", "DE.CM-09"],
    nistAiRmf: ["MANAGE 2.4", "MANAGE 4.1"],
    maestro: ["L2 Data Operations"],
  },
  watches: [calls("s3:CopyObject", "s3:PutBucketLifecycle", "s3:PutBucketLifecycleConfiguration")],
  falsePositives: ["An application moves its own objects to keys that it holds itself"],
  triage: [
    "Take the identity's rights to the bucket at once: every minute more objects are lost",
    "Delete the lifecycle rule, and keep older versions where the bucket has any",
    "Ask the bucket's owner whether anybody holds the key; AWS does not",
  ],
  references: [
    "https://www.halcyon.ai/blog/abusing-aws-native-services-ransomware-encrypting-s3-buckets-with-sse-c",
    "https://aws.amazon.com/blogs/security/preventing-unintended-encryption-of-amazon-s3-objects/",
    "https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerSideEncryptionCustomerKeys.html",
  ],
  size: hour,
  wants: () => [],
  marks({ event, attribution }) {
    const acting = event.kind === "api-call" ? actingAs(event.principal) : undefined;
    if (event.kind !== "api-call" || acting === undefined || attribution.kind === "service") return [];
    const bucket = text(event.request["bucketName"]);
    const member = memberOf(event);
    return bucket === "" || member === undefined
      ? []
      : [{ subject: JSON.stringify([acting, event.partition, bucket]), member } satisfies SeenMark];
  },
  begins: () => true,
  judge,
});

/** What a call does to the bucket: a copy under the caller's own key, over the object itself or not, or a deadline. */
function memberOf(call: ApiCall): string | undefined {
  const { request } = call;
  if (call.api !== "s3:CopyObject") {
    const days = soonestExpiry(request, call.at)?.days;
    return days === undefined || days > threatDays ? undefined : JSON.stringify(["expiry", days]);
  }
  const applied = text(fields(call.record["additionalEventData"])["SSEApplied"]);
  const ownKey = "x-amz-server-side-encryption-customer-algorithm";
  if (request[ownKey] === undefined && applied !== "SSE_C") return undefined;
  const key = text(request["key"]);
  const source = text(list(request["x-amz-copy-source"])[0]) || text(request["x-amz-copy-source"]);
  const itself = decoded(source).startsWith(`${text(request["bucketName"])}/${key}`);
  return JSON.stringify([itself ? "over" : "copy", key.slice(0, longest)]);
}

const longest = 200;

/** The header may begin with a slash, and is percent-encoded (S3 API, "CopyObject"). */
function decoded(source: string): string {
  const plain = source.startsWith("/") ? source.slice(1) : source;
  try {
    return decodeURIComponent(plain);
  } catch {
    return plain;
  }
}

const read = ({ member }: Pick<Mark, "member">): readonly [what: string, value: string | number] => JSON.parse(member);

function judge({ subject, marks, more }: Span): WindowDetection | undefined {
  const copies = marks.filter((one) => read(one)[0] !== "expiry");
  const over = copies.filter((one) => read(one)[0] === "over");
  const deadline = marks.find((one) => read(one)[0] === "expiry");
  if (copies.length === 0 || (deadline === undefined && over.length < reencryptedLimit)) return undefined;
  const [, partition, bucket] = JSON.parse(subject) as readonly [string, string, string];
  const done = marks.some(({ by }) => by !== undefined && !attempted(by.outcome));
  const severity: Severity = !done ? "medium" : deadline === undefined ? "high" : "critical";
  const days = deadline === undefined ? "" : `, and a rule deletes what is in it after ${read(deadline)[1]} days`;
  return {
    title: `${done ? "Objects" : "Somebody tried it: objects"} of bucket ${excerpt(bucket)} were put under a key that only the caller has${days}`,
    severity,
    confidence: "high",
    resource: `arn:${partition}:s3:::${bucket}`,
    evidence: [
      { kind: "count", what: `objects under a foreign key${more ? ", at least" : ""}`, count: copies.length },
      ...(deadline === undefined
        ? []
        : [
            {
              kind: "field",
              eventID: deadline.eventID,
              path: "requestParameters.LifecycleConfiguration",
              value: excerpt(`${read(deadline)[1]} days`),
            } as const,
          ]),
      ...copies.slice(0, mostShown).map(
        (one): Evidence => ({
          kind: "field",
          eventID: one.eventID,
          path: "requestParameters.key",
          value: excerpt(read(one)[1]),
        }),
      ),
    ],
    marks,
  };
}

const mostShown = 3;
