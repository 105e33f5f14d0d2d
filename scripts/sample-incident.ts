import type { Random } from "../bench/corpus-random.ts";
import { openSession, type Session } from "../bench/corpus-session.ts";
import { type Launch, launchRequest } from "../bench/templates-launch.ts";
import { type Actor, account } from "./sample-cast.ts";
import { clock, eventIdOf, type SampleRecord, sampleKey } from "./sample-record.ts";
import { launchOf, tell, tellLaunch } from "./sample-writes.ts";

/** What the incident consists of; `issuing` is delivered after the calls that it explains. */
export interface Incident {
  readonly records: readonly SampleRecord[];
  /** `AssumeRole` from train-orch to gpu-launcher. */
  readonly issuing: SampleRecord;
  /** Records that EventBridge delivers too. */
  readonly streamed: readonly SampleRecord[];
  readonly launch: Launch;
}

/** AWS's documented example of a long-term key: the key that the agent makes for itself. */
export const madeKey = "AKIAIOSFODNN7EXAMPLE";

const region = "us-west-2";

/**
 * A prompt-injected agent hunts GPU capacity: it takes gpu-launcher's role, starts p5 instances where it has no business,
 * widens that role, reads a token, makes itself a key, stops the trail, and fails to start a fifth instance.
 * The records come from a second trail, `archive-trail`; that is why there are some after `StopLogging`.
 */
export function incident(random: Random, agent: Actor, launcher: Actor): Incident {
  const began = openSession(random, {
    role: agent.role,
    region: "us-east-1",
    at: clock(41, 7),
    accessKeyId: sampleKey(random),
    name: "botocore-session-1795142467",
  });
  const taken = openSession(random, {
    role: launcher.role,
    region: "us-east-1",
    at: clock(44, 58),
    accessKeyId: sampleKey(random),
    name: "train-orch-scale-out",
    caller: began.session,
  });
  // The calls leave from the pod, not from an instance of gpu-launcher.
  const session: Session = {
    ...taken.session,
    role: { ...launcher.role, address: agent.role.address, userAgent: agent.role.userAgent },
  };
  const launch = launchOf(random, {
    instanceType: "p5.48xlarge",
    count: 4,
    region,
    at: clock(45, 12),
    profile: "gpu-node",
  });
  const launched = tellLaunch(random, session, launch);
  const deeds = deedsOf(random, session);
  const fifth = refused(random, session);
  const issuing = plain(clock(44, 58), taken.issuing.text);
  return {
    records: [plain(clock(41, 7), began.issuing.text), ...glances(random, session), issuing, launched, ...deeds, fifth],
    issuing,
    streamed: [launched, ...deeds, fifth],
    launch,
  };
}

const plain = (at: number, text: string): SampleRecord => ({ at, region: "us-east-1", eventId: eventIdOf(text), text });

/** What it looks at before it acts. */
function glances(random: Random, session: Session): readonly SampleRecord[] {
  const look = (at: number, service: string, name: string, request: object | null, where = "us-east-1"): SampleRecord =>
    tell(random, { session, at, service, name, request, region: where, reads: "only" });
  return [
    look(clock(45, 1), "sts", "GetCallerIdentity", null),
    look(clock(45, 4), "ec2", "DescribeInstanceTypeOfferings", { locationType: "region", filterSet: {} }, region),
    look(clock(45, 8), "ec2", "DescribeSubnets", { subnetSet: {}, filterSet: {} }, region),
    look(clock(45, 31), "ec2", "DescribeInstanceStatus", { instancesSet: {}, includeAllInstances: true }, region),
    look(clock(46, 9), "iam", "ListUsers", { maxItems: 100 }),
  ];
}

/** What it changes, and the secret that it reads. */
function deedsOf(random: Random, session: Session): readonly SampleRecord[] {
  const everything = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "*", Resource: "*" }] };
  const widened = { roleName: "gpu-launcher", policyName: "scale-out", policyDocument: JSON.stringify(everything) };
  const key = { accessKeyId: madeKey, status: "Active", userName: "ci-legacy", createDate: "Nov 20, 2026, 2:46:20 AM" };
  const trail = `arn:aws:cloudtrail:us-east-1:${account}:trail/org-trail`;
  return [
    tell(random, { session, at: clock(45, 40), service: "iam", name: "PutRolePolicy", request: widened }),
    tell(random, {
      session,
      at: clock(45, 58),
      service: "secretsmanager",
      name: "GetSecretValue",
      request: { secretId: "prod/hub-token" },
      reads: "only",
    }),
    tell(random, {
      session,
      at: clock(46, 20),
      service: "iam",
      name: "CreateAccessKey",
      request: { userName: "ci-legacy" },
      response: { accessKey: key },
    }),
    tell(random, { session, at: clock(46, 50), service: "cloudtrail", name: "StopLogging", request: { name: trail } }),
  ];
}

/** The fifth instance: the quota says no. */
function refused(random: Random, session: Session): SampleRecord {
  const wish = launchOf(random, {
    instanceType: "p5.48xlarge",
    count: 1,
    region,
    at: clock(47, 1),
    profile: "gpu-node",
  });
  return tell(random, {
    session,
    at: wish.at,
    service: "ec2",
    name: "RunInstances",
    region,
    request: launchRequest(wish),
    error: {
      code: "Client.VcpuLimitExceeded",
      message:
        "You have requested more vCPU capacity than your current vCPU limit of 768 allows for the instance bucket that the specified instance type belongs to. Please visit http://aws.amazon.com/contact-us/ec2-request to request an adjustment to this limit.",
    },
  });
}
