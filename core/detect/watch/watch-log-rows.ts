import type { ApiCall } from "../../event/event.ts";
import { at, fields, isObject, list, text } from "../../event/json.ts";
import { accountOf } from "../../iam/arn.ts";
import { isFalse, namedLikeAWatch, type Said, type WatchRow, when } from "./watch-row.ts";

/** Logs, what they are encrypted with, where they lie, and the rules that carry events on. */
export const logRows: readonly WatchRow[] = [
  {
    api: "ec2:DeleteFlowLogs",
    did: "Flow logs were deleted: traffic of a network is no longer recorded",
    tried: "delete flow logs",
    severity: "high",
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
      severity: "high",
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
