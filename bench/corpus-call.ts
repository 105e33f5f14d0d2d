import type { Random } from "./corpus-random.ts";
import { eventTime, recordText } from "./corpus-record.ts";
import type { Session } from "./corpus-session.ts";
import { roleArn } from "./corpus-world.ts";
import type { Template } from "./templates.ts";

/** A call and how it went. */
export interface Call {
  readonly session: Session;
  readonly template: Template;
  readonly at: number;
  /** `failed` for one reason or another; `denied` by IAM. */
  readonly outcome: "done" | "failed" | "denied";
}

/** The record of one call by a session. */
export function callRecord(random: Random, { session, template, at, outcome }: Call): string {
  const { role, region } = session;
  const { source, name, readOnly, management, apiVersion } = template;
  const { requestJson, responseJson, additionalJson, resourcesJson } = template.render({ random, role, region });
  const failed = outcome !== "done";
  return recordText({
    identityJson: session.identityJson,
    time: eventTime(at),
    source,
    name,
    region: globalServices.has(source) ? "us-east-1" : region,
    address: role.kind === "service-linked" ? role.home : role.address,
    userAgent: role.userAgent,
    ...(failed ? { error: errorOf(random, session, { template, denied: outcome === "denied" }) } : {}),
    requestJson,
    responseJson: failed ? "null" : responseJson,
    ...(additionalJson === undefined ? {} : { additionalJson }),
    requestId: random.uuid(),
    eventId: random.uuid(),
    readOnly,
    ...(resourcesJson === undefined ? {} : { resourcesJson }),
    eventType: "AwsApiCall",
    ...(apiVersion === undefined ? {} : { apiVersion }),
    management,
    account: role.account,
    ...(role.vpcEndpoint === undefined ? {} : { vpcEndpointId: role.vpcEndpoint }),
    tls: role.kind !== "service-linked",
  });
}

/** Services that record everything in us-east-1, wherever the caller sits. */
export const globalServices: ReadonlySet<string> = new Set([
  "iam.amazonaws.com",
  "organizations.amazonaws.com",
  "ce.amazonaws.com",
  "support.amazonaws.com",
  "health.amazonaws.com",
]);

interface Refused {
  readonly template: Template;
  readonly denied: boolean;
}

function errorOf(random: Random, { role, region }: Session, { template: { source, name }, denied: surely }: Refused) {
  const service = source.slice(0, source.indexOf("."));
  const denied = `User: arn:aws:sts::${role.account}:assumed-role/${role.name}/session is not authorized to perform: ${service}:${name} because no identity-based policy of ${roleArn(role)} allows the ${service}:${name} action`;
  const which = surely ? 0 : random.below(10);
  if (service === "ec2") {
    if (which < 5)
      return {
        code: "Client.UnauthorizedOperation",
        message: `You are not authorized to perform this operation. ${denied}`,
      };
    return {
      code: "Client.RequestLimitExceeded",
      message: `Request limit exceeded. Account ${role.account} in ${region} has been throttled.`,
    };
  }
  if (which < 6) return { code: "AccessDenied", message: denied };
  if (which < 8) return { code: "ThrottlingException", message: "Rate exceeded" };
  return { code: "ResourceNotFoundException", message: `The resource that ${name} names was not found.` };
}

/** Something AWS did by itself: such records have no `userIdentity.type`. */
export function serviceRecord(
  random: Random,
  account: string,
  region: string,
  at: number,
): { readonly name: string; readonly text: string } {
  const [source, name, invokedBy, details] = random.pick(serviceEvents);
  const text = recordText({
    identityJson: JSON.stringify({ accountId: account, invokedBy }),
    time: eventTime(at),
    source,
    name,
    region,
    address: invokedBy,
    userAgent: invokedBy,
    requestJson: "null",
    responseJson: "null",
    eventId: random.uuid(),
    readOnly: false,
    eventType: "AwsServiceEvent",
    management: true,
    account,
    serviceDetailsJson: details(random),
    tls: false,
  });
  return { name, text };
}

type ServiceEvent = readonly [source: string, name: string, invokedBy: string, details: (random: Random) => string];

const serviceEvents: readonly ServiceEvent[] = [
  [
    "kms.amazonaws.com",
    "RotateKey",
    "kms.amazonaws.com",
    (random) => JSON.stringify({ keyId: random.uuid(), rotationType: "AUTOMATIC" }),
  ],
  [
    "ec2.amazonaws.com",
    "BidEvictedEvent",
    "ec2.amazonaws.com",
    (random) => JSON.stringify({ instanceIdSet: [`i-0${random.hex(16)}`] }),
  ],
  [
    "ecs.amazonaws.com",
    "DeleteCluster",
    "ecs.amazonaws.com",
    (random) => JSON.stringify({ cluster: `serving-${random.below(9)}` }),
  ],
  [
    "ecr.amazonaws.com",
    "PolicyExecutionEvent",
    "ecr.amazonaws.com",
    (random) => JSON.stringify({ repositoryName: "train", imageCount: random.below(40) }),
  ],
  [
    "secretsmanager.amazonaws.com",
    "RotationSucceeded",
    "secretsmanager.amazonaws.com",
    (random) => JSON.stringify({ SecretId: random.uuid() }),
  ],
];
