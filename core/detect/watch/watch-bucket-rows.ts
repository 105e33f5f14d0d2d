import type { ApiCall } from "../../event/event.ts";
import { at, text } from "../../event/json.ts";
import { parsePolicy, type Statement } from "../../iam/policy.ts";
import { soonestExpiry } from "./bucket-expiry.ts";
import { namedLikeAWatch, type Said, type WatchRow } from "./watch-row.ts";

/** Buckets that hold what is watched, and the calls that empty them or keep log files out. */
export const bucketRows: readonly WatchRow[] = [
  ...(["PutBucketLifecycle", "PutBucketLifecycleConfiguration"] as const).map(
    (name): WatchRow => ({
      api: `s3:${name}`,
      did: "Everything in bucket {} will soon be deleted by a rule",
      tried: "have everything in a bucket deleted by a rule",
      severity: "medium",
      named: ["bucketName"],
      as: "s3:",
      says: shortLife,
      source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketLifecycleConfiguration.html",
    }),
  ),
  {
    api: "s3:DeleteBucket",
    did: "A bucket that is named like one for logs was deleted: {}",
    tried: "delete a bucket that is named like one for logs",
    severity: "quiet",
    named: ["bucketName"],
    as: "s3:",
    says: (call) => ofBucket(call, "medium"),
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html",
  },
  {
    api: "s3:PutBucketVersioning",
    did: "A bucket that is named like one for logs no longer keeps what is overwritten: {}",
    tried: "have a bucket that is named like one for logs lose what is overwritten",
    severity: "quiet",
    named: ["bucketName"],
    as: "s3:",
    says: (call) =>
      at(call.request, "VersioningConfiguration", "Status") === "Suspended" ? ofBucket(call, "medium") : undefined,
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html",
  },
  {
    api: "s3:DeleteBucketPolicy",
    did: "A bucket that is named like one for logs lost the policy that lets them in: {}",
    tried: "take the policy off a bucket that is named like one for logs",
    severity: "quiet",
    named: ["bucketName"],
    as: "s3:",
    says: (call) => ofBucket(call, "medium"),
    source: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucketPolicy.html",
  },
  {
    api: "s3:PutBucketPolicy",
    did: "CloudTrail may no longer write to bucket {}, which is named like a trail's",
    tried: "keep CloudTrail from writing to a bucket that is named like a trail's",
    severity: "quiet",
    named: ["bucketName"],
    as: "s3:",
    says: shutsTrailOut,
    source: "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/create-s3-bucket-policy-for-cloudtrail.html",
  },
];

function ofBucket(call: ApiCall, severity: "medium"): Said {
  const name = text(call.request["bucketName"]);
  const said: Said = { path: "requestParameters.bucketName", value: name };
  return namedLikeAWatch(name) ? { ...said, severity } : said;
}

/** Buckets that are emptied all the time, by their name. Whoever holds others' data to ransom finds the names as they are. */
const scratch = ["tmp", "temp", "scratch", "cache", "athena", "staging"];
/** What goes within a week leaves nobody time to notice; whoever takes data to ransom sets such a rule as a deadline. */
const week = 7;
/** Logs that are gone within a month are gone before most look for them. */
const month = 30;

function shortLife(call: ApiCall): Said | undefined {
  const name = text(call.request["bucketName"]);
  const expiry = soonestExpiry(call.request, call.at);
  if (expiry === undefined) return undefined;
  const { days, prefix, rule } = expiry;
  const ofLogs = namedLikeAWatch(name) || prefix !== "";
  if (days > (ofLogs ? month : week)) return undefined;
  const said = { path: "requestParameters.LifecycleConfiguration", value: rule };
  const did = `Everything in bucket {} will be deleted after ${days === 1 ? "a day" : `${days} days`} by a rule`;
  if (ofLogs) return { ...said, did, severity: days <= week ? "high" : "medium" };
  return { ...said, did, severity: scratch.some((one) => name.toLowerCase().includes(one)) ? "low" : "medium" };
}

const trail = "cloudtrail.amazonaws.com";

/** The call replaces the policy: a trail writes only where a statement lets it (CloudTrail User Guide, bucket policies). */
function shutsTrailOut(call: ApiCall): Said | undefined {
  const bucket = text(call.request["bucketName"]);
  const parsed = parsePolicy(call.request["bucketPolicy"]);
  const path = "requestParameters.bucketPolicy";
  if (!parsed.ok) return undefined;
  const open = parsed.document.statements.some((one) => one.effect === "Allow" && names(one));
  return open || !bucket.toLowerCase().includes("cloudtrail")
    ? { path, value: bucket }
    : { path, value: bucket, severity: "medium" };
}

const names = ({ principals }: Statement): boolean =>
  principals?.kind !== "only" ||
  principals.principals.some((one) => one.kind === "everyone" || (one.kind === "service" && one.name === trail));
