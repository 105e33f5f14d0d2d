import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { defineDetector } from "../../../core/detect/detector.ts";
import { wakeIndex } from "../../../core/detect/run.ts";
import type { Json } from "../../../core/event/json.ts";
import { isRoleArn } from "../../../core/iam/arn.ts";
import { declaring } from "../../fixtures/declaring.ts";
import {
  account,
  assumeRole,
  eventId,
  type RecordObject,
  secondsAfter,
  session,
  sessionKey,
  user,
} from "../../fixtures/records.ts";
import { arn, call, sent, serviceRole } from "./capacity/capacity.ts";
import { settled } from "./settling.ts";

const registry = declaring(
  [`arn:aws:iam::${account}:role/trainer`, `arn:aws:iam::${account}:role/other`].filter(isRoleArn),
);
const [trainer, other] = ["declared-0", "declared-1"];
const asTrainer = session("trainer", "s", sessionKey(1));
const asOther = session("other", "s", sessionKey(2));

interface Line {
  readonly eventID: string;
  readonly principal?: unknown;
  readonly attribution: {
    readonly kind: string;
    readonly id?: string;
    readonly class?: string;
    readonly confidence: string;
    readonly because: string;
    readonly root: Json;
    readonly hops: readonly { readonly principal: string; readonly eventID: string | null }[];
  };
}

/** The attribution of the event with this number, after all records were read. */
async function attributionOf(number: number, records: readonly RecordObject[]): Promise<Line["attribution"]> {
  const { attributions } = await settled([[records]], { registry });
  const lines = attributions.map((line) => JSON.parse(line) as Line);
  const line = lines.find(({ eventID }) => eventID.endsWith(eventId(number)));
  if (line === undefined) throw new Error("the event has no attribution line");
  return line.attribution;
}

const brief = async (number: number, records: readonly RecordObject[]): Promise<string> => {
  const { kind, id = "", class: by = "", because } = await attributionOf(number, records);
  return kind === "unattributed" ? `${kind}: ${because.split("; ")[0]}` : `${by} ${id}`;
};

const group = { autoScalingGroupName: "gpu" };
const stamp = (seconds: number): string => `At ${secondsAfter(seconds)}`;
const started = `${stamp(15)} an instance was started in response to a difference between desired and actual capacity, increasing the capacity from 1 to 2.`;
const byRequest = `${stamp(10)} a user request explicitly set group desired capacity changing the desired capacity from 1 to 2.  ${started}`;
const byPolicy = (name: string): string =>
  `${stamp(10)} a monitor alarm busy in state ALARM triggered policy ${name} changing the desired capacity from 1 to 2.  ${started}`;
const launched = (cause: string, over: RecordObject = {}): RecordObject =>
  sent(
    "aws.autoscaling",
    "EC2 Instance Launch Successful",
    [900, 60],
    { AutoScalingGroupName: "gpu", EC2InstanceId: "i-0aaa", Cause: cause },
    over,
  );
const setBy = (by: Json, at: readonly [number, number], over: RecordObject = {}): RecordObject =>
  call("autoscaling:SetDesiredCapacity", at, { by, request: { ...group, desiredCapacity: 2 }, ...over });
const policyBy = (by: Json, policyName: string, at: readonly [number, number]): RecordObject =>
  call("autoscaling:PutScalingPolicy", at, { by, request: { ...group, policyName } });
const running = (number = 900, seconds = 60, state = "running"): RecordObject =>
  sent("aws.ec2", "EC2 Instance State-change Notification", [number, seconds], { "instance-id": "i-0aaa", state });
const instance = (over: Json = {}): Json => ({
  instancesSet: { items: [{ instanceId: "i-0aaa", ...(over as object) }] },
});
const notSeen = "unattributed: the call that changed it is not in these records";

describe("a group's change", () => {
  it("goes to whoever made the request that its cause speaks of, with the chain of that call", async () => {
    const records = [
      assumeRole(user(), "trainer", sessionKey(1), { eventID: eventId(1) }),
      setBy(asTrainer, [2, 9]),
      launched(byRequest),
    ];
    const found = await attributionOf(900, records);
    expect(found).toMatchObject({
      kind: "workload",
      id: trainer,
      class: "indexed",
      confidence: "medium",
      hops: [{ eventID: eventId(1) }, { eventID: null }],
    });
    expect(found.because).toContain(`autoscaling:SetDesiredCapacity (event ${eventId(2)}) set its capacity`);
  });

  it("takes the last request before the moment named, not one after it", async () => {
    const requests = [setBy(asOther, [2, 5]), setBy(asTrainer, [3, 9]), setBy(asOther, [4, 30])];
    expect(await brief(900, [...requests, launched(byRequest)])).toBe(`indexed ${trainer}`);
  });

  it("takes the greater event id of two requests in one second", async () => {
    const requests = [setBy(asOther, [3, 9]), setBy(asTrainer, [4, 9])];
    expect(await brief(900, [...requests, launched(byRequest)])).toBe(`indexed ${trainer}`);
  });

  it.each([
    ["long before the moment named", [setBy(asTrainer, [2, -600])]],
    [
      "of another kind",
      [call("autoscaling:UpdateAutoScalingGroup", [2, 9], { by: asTrainer, request: { ...group, maxSize: 3 } })],
    ],
    ["that failed", [setBy(asTrainer, [2, 9], { errorCode: "ValidationError" })]],
    ["of another Region", [setBy(asTrainer, [2, 9], { awsRegion: "us-west-2" })]],
    ["of another account", [setBy(asTrainer, [2, 9], { recipientAccountId: "444455556666" })]],
    ["of nobody", []],
  ])("goes to nobody for a request %s", async (_, calls) =>
    expect(await brief(900, [...calls, launched(byRequest)])).toBe(notSeen),
  );

  it("goes to who set the policy that acted by itself, whoever set the capacity since", async () => {
    const records = [
      policyBy(asTrainer, "up", [2, -7_200]),
      policyBy(asOther, "down", [3, -3_600]),
      setBy(asOther, [4, -60]),
    ];
    const found = await attributionOf(900, [...records, launched(byPolicy("up"))]);
    expect(found).toMatchObject({ id: trainer, class: "indexed" });
    expect(found.because).toContain("set the rule that acted by itself");
    expect(await brief(900, [...records, launched(byPolicy("gone"))])).toBe(notSeen);
  });

  it("goes to who set the schedule", async () => {
    const put = call("autoscaling:PutScheduledUpdateGroupAction", [2, -60], {
      by: asTrainer,
      request: { ...group, scheduledActionName: "night" },
    });
    const cause = `${stamp(10)} the scheduled action night executed. Setting desired capacity from 1 to 2.  ${started}`;
    expect(await brief(900, [put, launched(cause)])).toBe(`indexed ${trainer}`);
  });

  it("goes to nobody where the text has two triggers", async () => {
    const both = `${byPolicy("up").replace(started, "")}${byRequest}`;
    const records = [policyBy(asTrainer, "up", [2, -60]), setBy(asTrainer, [3, 9]), launched(both)];
    expect(await brief(900, records)).toBe(
      "unattributed: what Auto Scaling gives as its cause can be read in more than one way",
    );
  });

  it("never blames one whose policy's name another policy carries in its own", async () => {
    const forged = `up changing the desired capacity from 1 to 2.  ${stamp(10)} a monitor alarm x in state ALARM triggered policy up`;
    const records = [policyBy(asTrainer, "up", [2, -60]), policyBy(asOther, forged, [4, -30])];
    expect((await attributionOf(900, [...records, launched(byPolicy(forged))])).kind).toBe("unattributed");
  });

  it("goes to nobody when Auto Scaling replaced an instance", async () => {
    const cause = `${stamp(10)} an instance was taken out of service in response to an EC2 health check indicating it has been terminated.`;
    expect(await brief(900, [setBy(asTrainer, [2, 9]), launched(cause)])).toBe(
      "unattributed: Auto Scaling replaced an instance by itself",
    );
  });

  it("goes to who began the refresh, by its id", async () => {
    const begun = call("autoscaling:StartInstanceRefresh", [2, 0], {
      by: asTrainer,
      request: group,
      response: { instanceRefreshId: "r-1" },
    });
    const event = sent("aws.autoscaling", "EC2 Auto Scaling Instance Refresh Succeeded", [900, 7_200], {
      AutoScalingGroupName: "gpu",
      InstanceRefreshId: "r-1",
    });
    const found = await attributionOf(900, [begun, event]);
    expect(found, "the manifest names the role by an index, the id only links").toMatchObject({
      id: trainer,
      class: "indexed",
      confidence: "high",
    });
  });

  it("stays open where a rule is in place and no cause is given, but for a request just before", async () => {
    const rule = policyBy(asOther, "up", [2, -7_200]);
    const open = "unattributed: a call or a rule may have changed it: the event does not say which";
    expect(await brief(900, [setBy(asTrainer, [3, -3_600]), launched("")])).toBe(`indexed ${trainer}`);
    expect(await brief(900, [rule, setBy(asTrainer, [3, -3_600]), launched("")])).toBe(open);
    expect(await brief(900, [rule, setBy(asTrainer, [3, 9]), launched("")])).toBe(`indexed ${trainer}`);
  });
});

describe("an instance's change", () => {
  const inLambda = session("bot", "f", sessionKey(3), {
    inScopeOf: { issuerType: "AWS::Lambda::Function", credentialsIssuedTo: arn("lambda", "function:f") },
  });

  it("is linked to whoever started it, by the id that only this call's answer has", async () => {
    const records = [call("ec2:RunInstances", [2, 0], { by: inLambda, response: instance() }), running()];
    expect(await attributionOf(900, records)).toMatchObject({
      id: `lambda:${arn("lambda", "function:f")}`,
      class: "linked",
      confidence: "high",
    });
  });

  it("goes to whoever ended it, and to nobody when that call is not seen", async () => {
    const launch = call("ec2:RunInstances", [2, 0], { by: asTrainer, response: instance() });
    const end = call("ec2:TerminateInstances", [3, 50], { by: asOther, response: instance() });
    expect(await brief(900, [launch, end, running(900, 60, "terminated")])).toBe(`indexed ${other}`);
    expect(await brief(900, [launch, running(900, 60, "terminated")])).toBe(notSeen);
    expect(await brief(900, [launch, end, running(900, 40)])).toBe(`indexed ${trainer}`);
  });

  it("goes through Auto Scaling to whoever set the group", async () => {
    const tags = { tagSet: { items: [{ key: "aws:autoscaling:groupName", value: "gpu" }] } };
    const launch = call("ec2:RunInstances", [3, 30], {
      by: serviceRole("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
      response: instance(tags),
    });
    const found = await attributionOf(900, [setBy(asTrainer, [2, 9]), launch, running()]);
    expect(found).toMatchObject({ id: trainer, class: "indexed" });
    expect(found.because).toContain("carried out by service:autoscaling.amazonaws.com");
    expect(await brief(900, [launch, running()])).toBe(notSeen);
    const end = call("ec2:TerminateInstances", [4, 50], {
      by: serviceRole("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
      response: instance(),
    });
    expect(await brief(900, [setBy(asTrainer, [2, 9]), launch, end, running(900, 60, "terminated")])).toBe(
      `indexed ${trainer}`,
    );
  });

  it("goes to nobody when it began again by a call that is not seen", async () => {
    const launch = call("ec2:RunInstances", [2, 0], { by: asTrainer, response: instance() });
    const stop = call("ec2:StopInstances", [3, 40], { by: asOther, response: instance() });
    expect(await brief(900, [launch, stop, running()])).toBe(notSeen);
    const start = call("ec2:StartInstances", [4, 50], { by: asOther, response: instance() });
    expect(await brief(900, [launch, stop, start, running()])).toBe(`indexed ${other}`);
  });

  it("is only indexed where a name stood anywhere on the way, and linked where ids alone did", async () => {
    const service = serviceRole("ec2fleet.amazonaws.com", "AWSServiceRoleForEC2Fleet");
    const fleet = call("ec2:CreateFleet", [2, 0], {
      by: inLambda,
      response: { CreateFleetResponse: { fleetId: "fleet-1" } },
    });
    const launch = call("ec2:RunInstances", [3, 10], {
      by: service,
      response: instance({ tagSet: { items: [{ key: "aws:ec2:fleet-id", value: "fleet-1" }] } }),
    });
    const end = call("ec2:TerminateInstances", [4, 50], { by: service, response: instance() });
    expect(await attributionOf(900, [fleet, launch, running()])).toMatchObject({ class: "linked", confidence: "high" });
    expect(await attributionOf(900, [fleet, launch, end, running(900, 60, "terminated")])).toMatchObject({
      class: "indexed",
      confidence: "medium",
    });
  });

  it("stays with the service where nothing tells for whom it acted", async () => {
    const batch = serviceRole("batch.amazonaws.com", "AWSServiceRoleForBatch");
    const records = [call("ec2:RunInstances", [2, 0], { by: batch, response: instance() }), running()];
    expect(await attributionOf(900, records)).toMatchObject({ kind: "service", id: "service:batch.amazonaws.com" });
  });

  it("goes through EKS's own group to whoever set the node group", async () => {
    const eks = serviceRole("eks-nodegroup.amazonaws.com", "AWSServiceRoleForAmazonEKSNodegroup");
    const made = call("autoscaling:CreateAutoScalingGroup", [3, -3_000], {
      by: eks,
      request: {
        ...group,
        tags: [
          { key: "eks:cluster-name", value: "c" },
          { key: "eks:nodegroup-name", value: "gpu" },
        ],
      },
    });
    const resized = call("autoscaling:UpdateAutoScalingGroup", [5, 10], {
      by: eks,
      request: { ...group, desiredCapacity: 2 },
    });
    const nodes = [
      call("eks:CreateNodegroup", [2, -3_010], { by: asOther, request: { name: "c", nodegroupName: "gpu" } }),
      call("eks:UpdateNodegroupConfig", [4, 5], { by: asTrainer, request: { name: "c", nodegroupName: "gpu" } }),
    ];
    const cause = `${stamp(10)} a user request update of AutoScalingGroup constraints to min: 1, max: 9, desired: 2 changing the desired capacity from 1 to 2.  ${started}`;
    expect(await brief(900, [...nodes, made, resized, launched(cause)])).toBe(`indexed ${trainer}`);
  });

  it("names who wrote the template as evidence, not as the cause", async () => {
    const version = call("ec2:CreateLaunchTemplateVersion", [2, -60], {
      by: asOther,
      response: {
        CreateLaunchTemplateVersionResponse: { launchTemplateVersion: { launchTemplateId: "lt-1", versionNumber: 3 } },
      },
    });
    const launch = call("ec2:RunInstances", [3, 30], {
      by: asTrainer,
      request: { launchTemplate: { launchTemplateId: "lt-1", version: "3" } },
      response: instance(),
    });
    const found = await attributionOf(900, [version, launch, running()]);
    expect(found.id).toBe(trainer);
    expect(found.because).toContain(
      `what it starts was written by ec2:CreateLaunchTemplateVersion (event ${eventId(2)})`,
    );
  });
});

describe("Karpenter", () => {
  const asked = {
    CreateFleetRequest: {
      TagSpecification: { ResourceType: "instance", Tag: [{ Key: "karpenter.sh/nodepool", Value: "gpu" }] },
    },
  };
  const fleet = {
    CreateFleetResponse: { fleetId: "fleet-1", fleetInstanceSet: { item: { instanceIds: { item: "i-0aaa" } } } },
  };
  const launch = (by: Json): RecordObject => call("ec2:CreateFleet", [2, 30], { by, request: asked, response: fleet });

  it("is not blamed for pods that somebody made pending", async () => {
    const found = await attributionOf(900, [launch(asTrainer), running()]);
    expect(found).toMatchObject({ kind: "unattributed", hops: [], root: { kind: "unknown" } });
    expect(found.because).toBe(
      `cause not visible: why pods were pending is not in CloudTrail; NodePool gpu by ec2:CreateFleet (event ${eventId(2)})`,
    );
    const end = call("ec2:TerminateInstances", [3, 50], { by: asTrainer, response: instance() });
    expect((await attributionOf(900, [launch(asTrainer), end, running(900, 60, "terminated")])).because).toContain(
      "NodePool gpu",
    );
    expect(
      await brief(900, [launch(asTrainer), { ...end, userIdentity: asOther }, running(900, 60, "terminated")]),
    ).toBe(`indexed ${other}`);
  });

  it("is no excuse for a person who chose its tag", async () => {
    const person = session("admin", "jo", sessionKey(5), {
      onBehalfOf: { userId: "u-1", identityStoreArn: `arn:aws:identitystore::${account}:identitystore/d-1` },
    });
    expect(await attributionOf(900, [launch(person), running()])).toMatchObject({ kind: "person" });
  });
});

describe("jobs, endpoints, tasks and services", () => {
  const trained = (over: Json = {}): RecordObject =>
    sent("aws.sagemaker", "SageMaker Training Job State Change", [900, 60], {
      TrainingJobArn: arn("sagemaker", "training-job/nightly"),
      TrainingJobStatus: "Completed",
      ...(over as object),
    });

  it("are joined by what the answer names", async () => {
    const rows: readonly (readonly [RecordObject, RecordObject])[] = [
      [
        call("sagemaker:CreateTrainingJob", [2, 0], {
          by: asTrainer,
          response: { trainingJobArn: arn("sagemaker", "training-job/nightly") },
        }),
        trained(),
      ],
      [
        call("sagemaker:CreateHyperParameterTuningJob", [2, 0], {
          by: asTrainer,
          response: { hyperParameterTuningJobArn: arn("sagemaker", "hyper-parameter-tuning-job/tune") },
        }),
        trained({ TuningJobArn: arn("sagemaker", "hyper-parameter-tuning-job/tune") }),
      ],
      [
        call("sagemaker:UpdateEndpoint", [2, 0], {
          by: asTrainer,
          response: { endpointArn: arn("sagemaker", "endpoint/rag") },
        }),
        sent("aws.sagemaker", "SageMaker Endpoint State Change", [900, 60], {
          EndpointName: "RAG",
          EndpointStatus: "IN_SERVICE",
        }),
      ],
      [
        call("batch:SubmitJob", [2, 0], { by: asTrainer, response: { jobId: "0-0-0" } }),
        sent("aws.batch", "Batch Job State Change", [900, 60], {
          jobArn: arn("batch", "job/0-0-0:7"),
          status: "RUNNING",
        }),
      ],
      [
        call("ecs:RunTask", [2, 0], {
          by: asTrainer,
          response: { tasks: [{ taskArn: arn("ecs", "task/prod/0aaa") }] },
        }),
        sent("aws.ecs", "ECS Task State Change", [900, 60], {
          taskArn: arn("ecs", "task/prod/0aaa"),
          lastStatus: "RUNNING",
        }),
      ],
      [
        call("ecs:UpdateService", [2, 0], {
          by: asTrainer,
          response: { service: { serviceArn: arn("ecs", "service/prod/bot") } },
        }),
        sent("aws.ecs", "ECS Task State Change", [900, 60], {
          taskArn: arn("ecs", "task/prod/0aaa"),
          clusterArn: arn("ecs", "cluster/prod"),
          group: "service:bot",
          lastStatus: "RUNNING",
        }),
      ],
      [
        call("bedrock:CreateModelInvocationJob", [2, 0], {
          by: asTrainer,
          response: { jobArn: arn("bedrock", "model-invocation-job/j1") },
        }),
        sent("aws.bedrock", "Batch Inference Job State Change", [900, 60], {
          batchJobArn: arn("bedrock", "model-invocation-job/j1"),
          status: "Completed",
        }),
      ],
      [
        call("ec2:CreateFleet", [2, 0], { by: asTrainer, response: { CreateFleetResponse: { fleetId: "fleet-1" } } }),
        sent(
          "aws.ec2fleet",
          "EC2 Fleet State Change",
          [900, 60],
          { "sub-type": "active" },
          { resources: [arn("ec2", "fleet/fleet-1")] },
        ),
      ],
      [
        call("ec2:CreateCapacityReservation", [2, 0], {
          by: asTrainer,
          response: { CreateCapacityReservationResponse: { capacityReservation: { capacityReservationId: "cr-1" } } },
        }),
        sent("aws.ec2", "EC2 Capacity Reservation Active", [900, 60], { "capacity-reservation-id": "cr-1" }),
      ],
      [
        call("ec2:RequestSpotInstances", [2, 0], {
          by: asTrainer,
          response: { spotInstanceRequestSet: { items: [{ spotInstanceRequestId: "sir-1" }] } },
        }),
        sent("aws.ec2", "EC2 Spot Instance Request Fulfillment", [900, 60], {
          "spot-instance-request-id": "sir-1",
          "instance-id": "i-0aaa",
        }),
      ],
    ];
    for (const [cause, event] of rows)
      expect([cause["eventName"], await brief(900, [event, cause])]).toEqual([
        cause["eventName"],
        `indexed ${trainer}`,
      ]);
  });

  const scaler = serviceRole(
    "ecs.application-autoscaling.amazonaws.com",
    "AWSServiceRoleForApplicationAutoScaling_ECSService",
  );
  const service = { service: { serviceArn: arn("ecs", "service/prod/bot") } };
  const scaled = call("ecs:UpdateService", [4, 50], { by: scaler, response: service });
  const notice = sent(
    "aws.ecs",
    "ECS Service Action",
    [900, 60],
    { eventName: "SERVICE_STEADY_STATE", eventType: "INFO" },
    { resources: [arn("ecs", "service/prod/bot")] },
  );
  const rule = (by: Json, number: number): RecordObject =>
    call("autoscaling:PutScalingPolicy", [number, -60], {
      by,
      request: { serviceNamespace: "ecs", resourceId: "service/prod/bot", policyName: `p${number}` },
    });

  it("go through Application Auto Scaling to the one who set its policies, and to nobody when there are two", async () => {
    expect(await brief(900, [rule(asTrainer, 2), rule(asTrainer, 3), scaled, notice])).toBe(`indexed ${trainer}`);
    expect(await brief(900, [rule(asTrainer, 2), rule(asOther, 3), scaled, notice])).toContain("several identities");
    expect(await brief(900, [scaled, notice])).toBe(notSeen);
    const own = await attributionOf(900, [rule(scaler, 2), rule(scaler, 3), scaled, notice]);
    expect(own, "a rule of the service's own leads no further").toMatchObject({ kind: "service" });
  });
});

describe("attributions of events without a caller", () => {
  const records: readonly RecordObject[] = [
    assumeRole(user(), "trainer", sessionKey(1), { eventID: eventId(1) }),
    setBy(asTrainer, [2, 9]),
    setBy(asOther, [3, 9]),
    policyBy(asOther, "up", [4, -60]),
    launched(byRequest),
    launched(byPolicy("up"), { id: eventId(901) }),
    running(902),
    call("ec2:RunInstances", [5, 30], {
      by: serviceRole("autoscaling.amazonaws.com", "AWSServiceRoleForAutoScaling"),
      response: instance({ tagSet: { items: [{ key: "aws:autoscaling:groupName", value: "gpu" }] } }),
    }),
  ];

  it("are the same in any order, repeated and split over threads", async () => {
    const expected = (await settled([[records]], { registry })).attributions;
    await fc.assert(
      fc.asyncProperty(
        fc.shuffledSubarray([...records, ...records.slice(2, 6)], { minLength: records.length + 4 }),
        fc.nat(records.length),
        async (shuffled, cut) => {
          const { attributions } = await settled([[shuffled.slice(0, cut)], [shuffled.slice(cut)]], { registry });
          expect(attributions).toEqual(expected);
        },
      ),
      { numRuns: 30 },
    );
  });

  it("are what the summary counts, under no identity of their own", async () => {
    const { settlement } = await settled([[records]], { registry });
    const { tally } = settlement;
    expect(tally.records).toBe(8);
    expect(tally.attributed + tally.contested + tally.unattributed).toBe(8);
    expect(tally.byClass.indexed, "three calls and three events").toBe(6);
    expect(tally.identities.get(other)?.calls).toBe(2);
  });

  it("are what a detector sees, and what its case is about", async () => {
    const detector = defineDetector({
      id: "test-launch",
      version: "1",
      title: "An instance was started",
      family: "gpu-scaling",
      maturity: "stable",
      needsDeclarations: false,
      attack: ["T1578.002"],
      controls: {},
      watches: [{ kind: "envelopes", source: "aws.autoscaling", detailTypes: ["EC2 Instance Launch Successful"] }],
      falsePositives: ["none"],
      triage: ["none"],
      references: ["https://docs.aws.amazon.com/"],
      wants: () => [],
      detect: ({ attribution, workload }) => [
        {
          title: `for ${workload?.name ?? attribution.kind}`,
          severity: "low",
          confidence: attribution.confidence,
          evidence: [{ kind: "count", what: "instances", count: 1 }],
        },
      ],
    });
    const watchers = { detectors: [detector], wakeIndex: wakeIndex([detector]), undeclared: "not-sought" as const };
    const { settlement } = await settled([[records]], { registry, watchers });
    // The two requests came in one second: the greater event id is the later one.
    expect(settlement.findings.map(({ title, workload }) => [title, workload])).toEqual([
      [`for ${other}`, other],
      [`for ${other}`, other],
    ]);
    expect(settlement.cases).toHaveLength(1);
  });

  it("are counted by their reason, whatever it says of one record", async () => {
    const pools = ["a", "b"].flatMap((pool, place) => {
      const request = { tagSpecificationSet: { items: [{ tags: [{ key: "karpenter.sh/nodepool", value: pool }] }] } };
      const id = `i-0${pool}`;
      return [
        call("ec2:RunInstances", [20 + place, 0], {
          by: asTrainer,
          request,
          response: { instancesSet: { items: [{ instanceId: id }] } },
        }),
        sent("aws.ec2", "EC2 Instance State-change Notification", [930 + place, 60], {
          "instance-id": id,
          state: "running",
        }),
      ];
    });
    const { settlement } = await settled([[pools]], { registry });
    expect([...settlement.tally.silences]).toEqual([
      ["cause not visible: why pods were pending is not in CloudTrail", 2],
    ]);
  });
});
