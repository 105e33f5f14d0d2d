import type { Random } from "../bench/corpus-random.ts";
import { eventTime } from "../bench/corpus-record.ts";
import { account } from "./sample-cast.ts";
import type { Incident } from "./sample-incident.ts";
import { clock, type SampleRecord } from "./sample-record.ts";
import { ordinaryInstances, scaledInstances } from "./sample-writes.ts";

/** What EventBridge delivers in the hour, one envelope a line, not in order of time. */
export function envelopes(random: Random, { streamed, launch }: Incident): readonly string[] {
  const started = (instances: readonly string[], region: string, at: number): readonly object[] =>
    instances.flatMap((instance, index) =>
      ["pending", "running"].map((state, step) =>
        stateChange(random, { instance, region, state, at: at + (step * (11 + index) + 1) * 1000 }),
      ),
    );
  const calls = streamed.map((record) => ofRecord(random, record));
  const [first, second, ...others] = calls;
  return [
    ...started(ordinaryInstances, "us-east-1", clock(14, 31)),
    ...scaledInstances.map((instance, index) => scaled(random, instance, clock(31, 38 + index))),
    ...started(scaledInstances, "us-east-1", clock(31, 5)),
    second,
    ...started(launch.instances, launch.region, launch.at),
    first,
    ...others,
  ].flatMap((one) => (one === undefined ? [] : [JSON.stringify(one)]));
}

interface Frame {
  readonly detailType: string;
  readonly source: string;
  readonly at: number;
  readonly region: string;
  readonly resources: readonly string[];
  readonly detail: object;
}

const envelope = (random: Random, { detailType, source, at, region, resources, detail }: Frame): object => ({
  version: "0",
  id: random.uuid(),
  "detail-type": detailType,
  source,
  account,
  time: eventTime(at),
  region,
  resources,
  detail,
});

function ofRecord(random: Random, { at, region, text }: SampleRecord): object {
  const detail = JSON.parse(text) as { readonly eventSource: string };
  const source = `aws.${detail.eventSource.slice(0, detail.eventSource.indexOf("."))}`;
  return envelope(random, { detailType: "AWS API Call via CloudTrail", source, at, region, resources: [], detail });
}

interface Change {
  readonly instance: string;
  readonly region: string;
  readonly state: string;
  readonly at: number;
}

const stateChange = (random: Random, { instance, region, state, at }: Change): object =>
  envelope(random, {
    detailType: "EC2 Instance State-change Notification",
    source: "aws.ec2",
    at,
    region,
    resources: [`arn:aws:ec2:${region}:${account}:instance/${instance}`],
    detail: { "instance-id": instance, state },
  });

/** Auto Scaling reports a web server that it started because a target said so. */
function scaled(random: Random, instance: string, at: number): object {
  const group = `arn:aws:autoscaling:us-east-1:${account}:autoScalingGroup:${random.uuid()}:autoScalingGroupName/serving`;
  const activity = random.uuid();
  const cause = `At ${eventTime(at - 40_000)} a monitor alarm TargetTracking-serving-AlarmHigh in state ALARM triggered policy cpu-60 changing the desired capacity from 3 to 5.  At ${eventTime(at - 36_000)} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 3 to 5.`;
  return envelope(random, {
    detailType: "EC2 Instance Launch Successful",
    source: "aws.autoscaling",
    at,
    region: "us-east-1",
    resources: [group, `arn:aws:ec2:us-east-1:${account}:instance/${instance}`],
    detail: {
      StatusCode: "InProgress",
      AutoScalingGroupName: "serving",
      ActivityId: activity,
      Details: { "Availability Zone": "us-east-1a", "Subnet ID": "subnet-0aa11bb22cc33dd44" },
      RequestId: activity,
      StatusMessage: "",
      EndTime: eventTime(at),
      EC2InstanceId: instance,
      StartTime: eventTime(at - 36_000),
      Cause: cause,
      Origin: "EC2",
      Destination: "AutoScalingGroup",
    },
  });
}
