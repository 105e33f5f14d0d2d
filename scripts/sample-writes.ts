import type { Random } from "../bench/corpus-random.ts";
import { eventTime, recordText } from "../bench/corpus-record.ts";
import type { Session } from "../bench/corpus-session.ts";
import { type Launch, launchRequest, launchResponse } from "../bench/templates-launch.ts";
import { account } from "./sample-cast.ts";
import { clock, type SampleRecord } from "./sample-record.ts";

/** One call that is told in full. */
export interface Told {
  readonly session: Session;
  readonly at: number;
  readonly service: string;
  readonly name: string;
  readonly request: object | null;
  readonly response?: object;
  readonly region?: string;
  readonly error?: { readonly code: string; readonly message: string };
  readonly reads?: "only";
}

/** The record of a call that is told in full. */
export function tell(
  random: Random,
  { session, at, service, name, request, response, error, ...more }: Told,
): SampleRecord {
  const { role, identityJson } = session;
  const region = more.region ?? session.region;
  const byService = role.kind === "service-linked";
  const eventId = random.uuid();
  const text = recordText({
    identityJson,
    time: eventTime(at),
    source: `${service}.amazonaws.com`,
    name,
    region,
    address: byService ? role.home : role.address,
    userAgent: role.userAgent,
    ...(error === undefined ? {} : { error }),
    requestJson: JSON.stringify(request),
    responseJson: JSON.stringify(response ?? null),
    requestId: random.uuid(),
    eventId,
    readOnly: more.reads === "only",
    eventType: "AwsApiCall",
    management: true,
    account,
    tls: !byService,
  });
  return { at, region, eventId, text };
}

/** Ids of a launch, drawn; everything else as given. */
export function launchOf(
  random: Random,
  given: Pick<Launch, "instanceType" | "region" | "at" | "profile"> & { readonly count: number },
): Launch {
  const id = (prefix: string): string => `${prefix}-0${random.hex(16)}`;
  return {
    account,
    region: given.region,
    instanceType: given.instanceType,
    instances: Array.from({ length: given.count }, () => id("i")),
    image: id("ami"),
    subnet: id("subnet"),
    vpc: id("vpc"),
    group: id("sg"),
    network: id("eni"),
    reservation: id("r"),
    clientToken: random.uuid(),
    requestId: random.uuid(),
    profile: given.profile,
    at: given.at,
    tags: { Name: given.profile, team: "train" },
  };
}

/** A launch, told as `RunInstances`. */
export const tellLaunch = (random: Random, session: Session, launch: Launch): SampleRecord =>
  tell(random, {
    session,
    at: launch.at,
    service: "ec2",
    name: "RunInstances",
    region: launch.region,
    request: launchRequest(launch),
    response: launchResponse(launch),
  });

/** The session of a role that was open at a time. */
export function openAt(sessions: ReadonlyMap<string, readonly Session[]>, role: string, at: number): Session {
  const found = sessions.get(role)?.findLast(({ startedAt }) => startedAt < at);
  if (found === undefined)
    throw new Error(`sample: no session of ${role} is open at ${eventTime(at)}; begin one earlier`);
  return found;
}

type Sessions = ReadonlyMap<string, readonly Session[]>;

/** The two g5 instances that gpu-launcher starts, as declared. */
export const ordinaryInstances = ["i-0aa00000000000001", "i-0aa00000000000002"] as const;

/** The two web servers that Auto Scaling starts. */
export const scaledInstances = ["i-0bb00000000000001", "i-0bb00000000000002"] as const;

/** What ordinarily starts: GPUs inside the envelope, web servers by Auto Scaling. */
export function ordinaryLaunches(random: Random, sessions: Sessions): readonly SampleRecord[] {
  const gpus = launchOf(random, {
    instanceType: "g5.2xlarge",
    count: 2,
    region: "us-east-1",
    at: clock(14, 31),
    profile: "gpu-node",
  });
  const server = (second: number, instance: string): Launch => ({
    ...launchOf(random, {
      instanceType: "m7i.large",
      count: 1,
      region: "us-east-1",
      at: clock(31, second),
      profile: "serving",
    }),
    instances: [instance],
  });
  const scaling = openAt(sessions, "AWSServiceRoleForAutoScaling", clock(31));
  return [
    tellLaunch(random, openAt(sessions, "gpu-launcher", gpus.at), { ...gpus, instances: ordinaryInstances }),
    ...scaledInstances.map((instance, index) => tellLaunch(random, scaling, server(4 + index, instance))),
  ];
}

/** The pipeline ships a new version of the bot: code, version, alias. */
export function deployment(random: Random, sessions: Sessions): readonly SampleRecord[] {
  const session = openAt(sessions, "github-deploy", clock(24));
  const functionArn = `arn:aws:lambda:us-east-1:${account}:function:support-bot`;
  const configuration = {
    functionName: "support-bot",
    functionArn,
    runtime: "python3.13",
    role: `arn:aws:iam::${account}:role/support-bot`,
    handler: "bot.handler",
    codeSize: 4_812_334,
    timeout: 30,
    memorySize: 1024,
    lastModified: "2026-11-20T02:24:10.000+0000",
    codeSha256: "47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=",
    version: "$LATEST",
    state: "Active",
    packageType: "Zip",
    architectures: ["arm64"],
  };
  const call = (second: number, name: string, request: object, response: object): SampleRecord =>
    tell(random, {
      session,
      at: clock(24, second),
      service: "lambda",
      name,
      request: { functionName: "support-bot", ...request },
      response,
    });
  return [
    call(
      10,
      "UpdateFunctionCode20150331v2",
      { s3Bucket: "example-releases", s3Key: "support-bot/418.zip", publish: false, dryRun: false },
      configuration,
    ),
    call(
      19,
      "PublishVersion20150331",
      { description: "418" },
      { ...configuration, functionArn: `${functionArn}:418`, version: "418" },
    ),
    call(
      23,
      "UpdateAlias20150331",
      { name: "live", functionVersion: "418" },
      { aliasArn: `${functionArn}:live`, name: "live", functionVersion: "418" },
    ),
  ];
}
