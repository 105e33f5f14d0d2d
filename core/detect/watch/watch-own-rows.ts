import type { ApiName } from "../../iam/identifiers.ts";
import type { WatchRow } from "./watch-row.ts";

/** Calls of one service about one kind of thing; their pages are named by the operation. */
interface Things {
  readonly thing: string;
  readonly pages: `https://docs.aws.amazon.com/${string}`;
  readonly named: readonly string[];
  readonly as: string;
  readonly calls: readonly (readonly [api: ApiName, did: string, tried: string])[];
}

const all: readonly Things[] = [
  {
    thing: "rule",
    pages: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_",
    named: ["rule", "name"],
    as: "events:rule/",
    calls: [
      ["events:DeleteRule", "was deleted", "delete"],
      ["events:DisableRule", "was disabled", "disable"],
      ["events:PutRule", "was changed", "change"],
      ["events:RemoveTargets", "lost targets", "take targets off"],
      ["events:PutTargets", "got other targets", "give other targets to"],
    ],
  },
  {
    thing: "event bus",
    pages: "https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_",
    named: ["name", "eventBusName"],
    as: "events:event-bus/",
    calls: [
      ["events:DeleteEventBus", "was deleted", "delete"],
      ["events:RemovePermission", "lost a permission", "take a permission off"],
    ],
  },
  {
    thing: "queue",
    pages: "https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_",
    named: ["queueUrl"],
    as: "sqs:",
    calls: [
      ["sqs:DeleteQueue", "was deleted", "delete"],
      ["sqs:PurgeQueue", "was emptied", "empty"],
      ["sqs:SetQueueAttributes", "was changed", "change"],
    ],
  },
  {
    thing: "topic",
    pages: "https://docs.aws.amazon.com/sns/latest/api/API_",
    named: ["topicArn", "subscriptionArn"],
    as: "sns:",
    calls: [
      ["sns:DeleteTopic", "was deleted", "delete"],
      ["sns:Unsubscribe", "lost a subscription", "take a subscription off"],
    ],
  },
  {
    thing: "function",
    pages: "https://docs.aws.amazon.com/lambda/latest/api/API_",
    named: ["functionName"],
    as: "lambda:function:",
    calls: [
      ["lambda:DeleteFunction", "was deleted", "delete"],
      ["lambda:PutFunctionConcurrency", "was limited", "limit"],
      ["lambda:UpdateFunctionCode", "got other code", "put other code into"],
      ["lambda:UpdateFunctionConfiguration", "was changed", "change"],
      ["lambda:DeleteEventSourceMapping", "was cut from what it reads", "cut from what it reads"],
      ["lambda:UpdateEventSourceMapping", "reads otherwise than before", "change what is read by"],
    ],
  },
  {
    thing: "table",
    pages: "https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_",
    named: ["tableName"],
    as: "dynamodb:table/",
    calls: [
      ["dynamodb:DeleteTable", "was deleted", "delete"],
      ["dynamodb:UpdateTable", "was changed", "change"],
    ],
  },
  {
    thing: "schedule",
    pages: "https://docs.aws.amazon.com/scheduler/latest/APIReference/API_",
    named: ["name"],
    as: "scheduler:schedule/",
    calls: [
      ["scheduler:DeleteSchedule", "was deleted", "delete"],
      ["scheduler:UpdateSchedule", "was changed", "change"],
    ],
  },
  {
    thing: "alarm",
    pages: "https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_",
    named: ["alarmNames"],
    as: "cloudwatch:alarm:",
    calls: [
      ["monitoring:DeleteAlarms", "was deleted", "delete"],
      ["monitoring:DisableAlarmActions", "was silenced", "silence"],
    ],
  },
  {
    thing: "role",
    pages: "https://docs.aws.amazon.com/IAM/latest/APIReference/API_",
    named: ["roleName"],
    as: "iam:role/",
    calls: [
      ["iam:DeleteRole", "was deleted", "delete"],
      ["iam:DeleteRolePolicy", "lost a policy", "take a policy off"],
      ["iam:DetachRolePolicy", "lost a policy", "take a policy off"],
    ],
  },
  {
    thing: "key",
    pages: "https://docs.aws.amazon.com/kms/latest/APIReference/API_",
    named: ["keyId"],
    as: "kms:key/",
    calls: [["kms:PutKeyPolicy", "got another policy", "give another policy to"]],
  },
  {
    thing: "bucket",
    pages: "https://docs.aws.amazon.com/AmazonS3/latest/API/API_",
    named: ["bucketName"],
    as: "s3:",
    calls: [
      ["s3:DeleteBucketPolicy", "lost its policy", "take the policy off"],
      ["s3:PutBucketPolicy", "got another policy", "give another policy to"],
    ],
  },
  {
    thing: "stack",
    pages: "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_",
    named: ["stackName"],
    as: "cloudformation:stack/",
    calls: [["cloudformation:DeleteStack", "was deleted", "delete"]],
  },
];

/** Calls that everybody makes all day, and that matter where what they name belongs to the deployment that watches. */
export const ownRows: readonly WatchRow[] = all.flatMap(({ thing, pages, named, as, calls }) =>
  calls.map(
    ([api, did, tried]): WatchRow => ({
      api,
      did: `The ${thing} {} ${did}`,
      tried: `${tried} the ${thing} {}`,
      severity: "quiet",
      named,
      as,
      source: `${pages}${api.slice(api.indexOf(":") + 1)}.html`,
    }),
  ),
);
