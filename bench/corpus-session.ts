import { issuingParts, type Subject, subjectOf } from "./corpus-issuing.ts";
import type { Random } from "./corpus-random.ts";
import { eventTime, recordText } from "./corpus-record.ts";
import { type Role, type RoleKind, roleArn } from "./corpus-world.ts";

/** One issued credential. */
export interface Session {
  readonly role: Role;
  readonly region: string;
  readonly startedAt: number;
  /** How many `AssumeRole` calls by roles lie behind it: 0 for what a service, a provider or a person began. */
  readonly depth: number;
  /** `userIdentity` of every record that it signs. */
  readonly identityJson: string;
}

/** A session and the record that issued it, twice where two accounts saw it. */
export interface Opening {
  readonly session: Session;
  readonly issuing: Issuing;
  readonly copy?: Issuing;
}

/** An issuing record and the account that receives it. */
export interface Issuing {
  readonly account: string;
  readonly eventId: string;
  readonly name: string;
  readonly text: string;
}

/** Where, when and, for a chain, by whom a session is asked for. */
export interface Request {
  readonly role: Role;
  readonly region: string;
  readonly at: number;
  readonly caller?: Session;
  /** Fixed values where a scene needs them; otherwise drawn. */
  readonly accessKeyId?: string;
  readonly name?: string;
  readonly seconds?: number;
}

/** Opens a session the way its role's sessions come to be: by a service, a token, a sign-in, or another session. */
export function openSession(random: Random, request: Request): Opening {
  const { role, region, at, caller } = request;
  const accessKeyId = request.accessKeyId ?? `ASIA${random.id(16)}`;
  const name = request.name ?? sessionName(random, role, caller);
  const subject = caller === undefined ? subjectOf(role) : undefined;
  const session: Session = {
    role,
    region,
    startedAt: at,
    depth: caller === undefined ? 0 : caller.depth + 1,
    identityJson: identityJson(request, accessKeyId, name, subject),
  };
  const account = caller?.role.account ?? role.account;
  const crossing = account !== role.account;
  const shared = {
    ...issuingParts(random, { ...request, accessKeyId, name, subject }),
    ...(crossing || (caller === undefined && subject === undefined) ? { sharedEventId: random.uuid() } : {}),
  };
  const eventId = random.uuid();
  const issuing = { account, eventId, name: shared.name, text: recordText({ ...shared, eventId, account }) };
  if (!crossing || caller === undefined) return { session, issuing };
  const copyId = random.uuid();
  const stranger = { type: "AWSAccount", principalId: principalId(caller), accountId: account };
  const text = recordText({
    ...shared,
    identityJson: JSON.stringify(stranger),
    eventId: copyId,
    account: role.account,
  });
  return { session, issuing, copy: { account: role.account, eventId: copyId, name: shared.name, text } };
}

function sessionName(random: Random, role: Role, caller: Session | undefined): string {
  if (caller !== undefined) return `${caller.role.name.slice(0, 24)}-${random.below(1_000_000)}`;
  const names: Record<RoleKind, () => string> = {
    ec2: () => `i-0${random.hex(16)}`,
    irsa: () => `botocore-session-${1_795_000_000 + random.below(1_000_000)}`,
    "pod-identity": () => `eks-${role.home}-${role.name}-${random.uuid()}`,
    github: () => "GitHubActions",
    lambda: () => role.home,
    ecs: () => random.hex(32),
    sagemaker: () => "SageMaker",
    sso: () => role.home,
    "service-linked": () => "AutoScaling",
  };
  return names[role.kind]();
}

const principalId = ({ identityJson: json }: Session): string => {
  const from = json.indexOf('"principalId":"') + 15;
  return json.slice(from, json.indexOf('"', from));
};

function identityJson(
  { role, region, at, caller }: Request,
  accessKeyId: string,
  name: string,
  subject: Subject | undefined,
): string {
  const { account } = role;
  const direct = caller === undefined;
  const federated = subject?.api === "AssumeRoleWithWebIdentity" ? subject.provider : undefined;
  const scope = direct ? scopeOf(role, region, name) : undefined;
  return JSON.stringify({
    type: "AssumedRole",
    principalId: `${role.id}:${name}`,
    arn: `arn:aws:sts::${account}:assumed-role/${role.name}/${name}`,
    accountId: account,
    accessKeyId,
    sessionContext: {
      sessionIssuer: {
        type: "Role",
        principalId: role.id,
        arn: roleArn(role),
        accountId: account,
        userName: role.name,
      },
      ...(federated === undefined ? {} : { webIdFederationData: { federatedProvider: federated, attributes: {} } }),
      attributes: { creationDate: eventTime(at), mfaAuthenticated: "false" },
      ...(direct && role.kind === "ec2" ? { ec2RoleDelivery: "2.0" } : {}),
    },
    ...(scope === undefined ? {} : { inScopeOf: scope }),
    ...(role.kind === "service-linked" ? { invokedBy: role.home } : {}),
  });
}

function scopeOf({ kind, account, home }: Role, region: string, name: string): object | undefined {
  if (kind === "lambda")
    return {
      issuerType: "AWS::Lambda::Function",
      credentialsIssuedTo: `arn:aws:lambda:${region}:${account}:function:${home}`,
    };
  if (kind === "ec2")
    return {
      issuerType: "AWS::EC2::Instance",
      credentialsIssuedTo: `arn:aws:ec2:${region}:${account}:instance/${name}`,
    };
  return undefined;
}
