import type { ApiCall } from "../event/event.ts";
import { at, fields, isObject, list, text } from "../event/json.ts";
import { accountOf } from "../iam/arn.ts";
import { soonestExpiry } from "./bucket-expiry.ts";
import { isFalse, namedLikeAWatch, type Said, type WatchRow, when } from "./watch-row.ts";

/** Logs, what they are encrypted with, where they lie, and the rules that carry events on. */
export const logRows: readonly WatchRow[] = [
  {
    api: "ec2:DeleteFlowLogs",
    did: "Flow logs were deleted: traffic of a network is no longer recorded",
    tried: "delete flow logs",
    severity: "medium",
    named: ["DeleteFlowLogsRequest.FlowLogId", "flowLogId"],
    as: "ec2:vpc-flow-log/",
    source: "https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_DeleteFlowLogs.html",
  },
  {
    api: "logs:DeleteLogGroup",
    did: "A log group was deleted with all it held: {}",
    tried: "delete a log group",
    severity: "low",
    named: ["logGroupName"],
    as: "logs:log-group:",
    says: (call) => ofLogGroup(call, "high"),
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogGroup.html",
  },
  {
    api: "logs:DeleteLogStream",
    did: "A log stream was deleted with all it held, in {}",
    tried: "delete a log stream",
    severity: "low",
    named: ["logGroupName"],
    as: "logs:log-group:",
    says: (call) => ofLogGroup(call, "medium"),
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteLogStream.html",
  },
  {
    api: "logs:PutRetentionPolicy",
    did: "Logs that are watched are kept for a few days only: {}",
    tried: "have logs that are watched kept for a few days only",
    severity: "quiet",
    named: ["logGroupName"],
    as: "logs:log-group:",
    says: shortRetention,
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html",
  },
  {
    api: "logs:DeleteSubscriptionFilter",
    did: "Logs are no longer handed on to who reads them: {}",
    tried: "stop logs from being handed on",
    severity: "low",
    named: ["logGroupName"],
    as: "logs:log-group:",
    says: (call) => ofLogGroup(call, "medium"),
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteSubscriptionFilter.html",
  },
  {
    api: "logs:PutSubscriptionFilter",
    did: "Logs are handed on to another account: {}",
    tried: "have logs handed on to another account",
    severity: "low",
    named: ["logGroupName"],
    as: "logs:log-group:",
    says: (call) => {
      const value = text(call.request["destinationArn"]);
      const other = accountOf(value);
      return other === undefined || other === call.account
        ? undefined
        : { path: "requestParameters.destinationArn", value };
    },
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutSubscriptionFilter.html",
  },
  {
    api: "logs:DeleteDelivery",
    did: "Logs of a service are no longer delivered",
    tried: "stop the delivery of a service's logs",
    severity: "low",
    named: ["id"],
    as: "logs:delivery:",
    source: "https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_DeleteDelivery.html",
  },
  ...(["DeleteResolverQueryLogConfig", "DisassociateResolverQueryLogConfig"] as const).map(
    (name): WatchRow => ({
      api: `route53resolver:${name}`,
      did: "Name look-ups of a network are no longer recorded",
      tried: "stop the record of name look-ups",
      severity: "medium",
      named: ["resolverQueryLogConfigId"],
      as: "route53resolver:resolver-query-log-config/",
      source: `https://docs.aws.amazon.com/Route53/latest/APIReference/API_route53resolver_${name}.html`,
    }),
  ),
  {
    api: "wafv2:DeleteLoggingConfiguration",
    did: "A web application firewall no longer records requests",
    tried: "stop a web application firewall from recording requests",
    severity: "medium",
    named: ["resourceArn"],
    source: "https://docs.aws.amazon.com/waf/latest/APIReference/API_DeleteLoggingConfiguration.html",
  },
  {
    api: "eks:UpdateClusterConfig",
    did: "The control plane of cluster {} no longer writes some of its logs",
    tried: "switch logs of a cluster's control plane off",
    severity: "medium",
    named: ["name"],
    as: "eks:cluster/",
    says: (call) => {
      const off = list(at(call.request, "logging", "clusterLogging"))
        .map(fields)
        .find(isOff);
      return off && { path: "requestParameters.logging.clusterLogging", value: off };
    },
    source: "https://docs.aws.amazon.com/eks/latest/APIReference/API_UpdateClusterConfig.html",
  },
  {
    api: "xray:UpdateTraceSegmentDestination",
    did: "Traces go to another place than before",
    tried: "send traces to another place",
    severity: "low",
    named: [],
    source: "https://docs.aws.amazon.com/xray/latest/api/API_UpdateTraceSegmentDestination.html",
  },
  {
    api: "xray:UpdateSamplingRule",
    did: "No more traces are taken by a rule: {}",
    tried: "have no more traces taken",
    severity: "low",
    named: ["SamplingRuleUpdate.RuleName", "samplingRuleUpdate.ruleName"],
    as: "xray:sampling-rule/",
    says: (call) =>
      when("SamplingRuleUpdate.FixedRate", (rate) => rate === 0)(call) ??
      when("samplingRuleUpdate.fixedRate", (rate) => rate === 0)(call),
    source: "https://docs.aws.amazon.com/xray/latest/api/API_UpdateSamplingRule.html",
  },
  ...(["ScheduleKeyDeletion", "DisableKey"] as const).map(
    (name): WatchRow => ({
      api: `kms:${name}`,
      did: `A key was ${name === "DisableKey" ? "disabled" : "marked for deletion"}: what it encrypts, logs included, cannot be read`,
      tried: name === "DisableKey" ? "disable a key" : "have a key deleted",
      severity: "low",
      named: ["keyId"],
      as: "kms:key/",
      source: `https://docs.aws.amazon.com/kms/latest/APIReference/API_${name}.html`,
    }),
  ),
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
];

const isOff = (one: object): boolean =>
  isObject(one) && one["enabled"] !== undefined && isFalse(one["enabled"] ?? null);

function ofLogGroup(call: ApiCall, severity: "medium" | "high"): Said {
  const name = text(call.request["logGroupName"]);
  const path = "requestParameters.logGroupName";
  return namedLikeAWatch(name) ? { path, value: name, severity } : { path, value: name };
}

const shortest = 7;

/** Days are one of a few that CloudWatch Logs takes; a week or less is no time to look into what happened. */
function shortRetention(call: ApiCall): Said | undefined {
  const days = Number(call.request["retentionInDays"]);
  if (!(days <= shortest)) return undefined;
  const said: Said = { path: "requestParameters.retentionInDays", value: days };
  return namedLikeAWatch(text(call.request["logGroupName"])) ? { ...said, severity: "medium" } : said;
}

function ofBucket(call: ApiCall, severity: "medium"): Said {
  const name = text(call.request["bucketName"]);
  const said: Said = { path: "requestParameters.bucketName", value: name };
  return namedLikeAWatch(name) ? { ...said, severity } : said;
}

/** Buckets that are emptied all the time, by their name. Whoever holds others' data to ransom finds the names as they are. */
const scratch = ["tmp", "temp", "scratch", "cache", "athena", "staging"];
/** Logs that are gone within a month are gone before most look for them. */
const month = 30;

function shortLife(call: ApiCall): Said | undefined {
  const name = text(call.request["bucketName"]);
  const expiry = soonestExpiry(call.request, call.at);
  if (expiry === undefined) return undefined;
  const { days, prefix, rule } = expiry;
  const ofLogs = namedLikeAWatch(name) || prefix !== "";
  if (days > (ofLogs ? month : shortest)) return undefined;
  const said = { path: "requestParameters.LifecycleConfiguration", value: rule };
  const did = `Everything in bucket {} will be deleted after ${days === 1 ? "a day" : `${days} days`} by a rule`;
  if (ofLogs) return { ...said, did, severity: days <= shortest ? "high" : "medium" };
  return { ...said, did, severity: scratch.some((one) => name.toLowerCase().includes(one)) ? "low" : "medium" };
}
