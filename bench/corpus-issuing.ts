import type { Random } from "./corpus-random.ts";
import { eventTime, expirationText } from "./corpus-record.ts";
import { type Role, type RoleKind, roleArn } from "./corpus-world.ts";

/** Who a token or a sign-in stands for. */
export interface Subject {
  readonly api: "AssumeRoleWithWebIdentity" | "AssumeRoleWithSAML";
  readonly provider: string;
  readonly subject: string;
  readonly audience: string;
}

/** The subject behind a role that tokens or sign-ins open; nothing where a service asks. */
export function subjectOf({ kind, account, home, name }: Role): Subject | undefined {
  const provider = (issuer: string): string => `arn:aws:iam::${account}:oidc-provider/${issuer}`;
  switch (kind) {
    case "irsa":
      return {
        api: "AssumeRoleWithWebIdentity",
        provider: provider(`oidc.eks.us-east-1.amazonaws.com/id/${home}`),
        subject: `system:serviceaccount:ml:${name}`,
        audience: "sts.amazonaws.com",
      };
    case "github":
      return {
        api: "AssumeRoleWithWebIdentity",
        provider: provider("token.actions.githubusercontent.com"),
        subject: home,
        audience: "sts.amazonaws.com",
      };
    case "sso":
      return {
        api: "AssumeRoleWithSAML",
        provider: `arn:aws:iam::${account}:saml-provider/AWSSSO_${name.slice(-16)}_DO_NOT_DELETE`,
        subject: home,
        audience: "https://signin.aws.amazon.com/saml",
      };
    case "ec2":
    case "pod-identity":
    case "lambda":
    case "ecs":
    case "sagemaker":
    case "service-linked":
      return undefined;
  }
}

const issuers: Partial<Record<RoleKind, string>> = {
  ec2: "ec2.amazonaws.com",
  "pod-identity": "pods.eks.amazonaws.com",
  lambda: "lambda.amazonaws.com",
  ecs: "ecs-tasks.amazonaws.com",
  sagemaker: "sagemaker.amazonaws.com",
  "service-linked": "autoscaling.amazonaws.com",
};

/** A session about to be issued. `caller` is a session that asks for it; without one, a service or the subject does. */
export interface Issue {
  readonly role: Role;
  readonly region: string;
  readonly at: number;
  readonly caller?: { readonly role: Role; readonly identityJson: string };
  readonly accessKeyId: string;
  readonly name: string;
  readonly subject: Subject | undefined;
  /** How long the credentials live; six hours, one behind another session, when nothing is said. */
  readonly seconds?: number;
}

/** The parts of the issuing record that every account's copy shares. */
export function issuingParts(random: Random, issue: Issue) {
  const { role, region, at, caller, accessKeyId, name, subject } = issue;
  const arn = roleArn(role);
  const service = issuers[role.kind] ?? "sts.amazonaws.com";
  const seconds = issue.seconds ?? (caller === undefined ? 21_600 : 3_600);
  const credentials = {
    accessKeyId,
    sessionToken: `IQoJb3JpZ2luX2VjE${random.token(447)}`,
    expiration: expirationText(at + seconds * 1000),
  };
  const assumedRoleUser = {
    assumedRoleId: `${role.id}:${name}`,
    arn: `arn:aws:sts::${role.account}:assumed-role/${role.name}/${name}`,
  };
  const fromService = caller === undefined && subject === undefined;
  const asked = { roleArn: arn, roleSessionName: name, ...(fromService ? {} : { durationSeconds: seconds }) };
  const tags = caller === undefined && role.kind === "pod-identity" ? podTags(role, region, name) : {};
  const proven =
    subject === undefined
      ? {}
      : subject.api === "AssumeRoleWithWebIdentity"
        ? { subjectFromWebIdentityToken: subject.subject, provider: subject.provider, audience: subject.audience }
        : { subject: subject.subject, subjectType: "persistent", issuer: subject.provider, audience: subject.audience };
  return {
    identityJson: caller?.identityJson ?? JSON.stringify(issuerIdentity(service, subject)),
    time: eventTime(at),
    source: "sts.amazonaws.com",
    name: subject?.api ?? "AssumeRole",
    region,
    address: fromService ? service : (caller?.role.address ?? role.address),
    userAgent: fromService ? service : (caller?.role.userAgent ?? role.userAgent),
    requestJson: JSON.stringify({ ...asked, ...tags }),
    responseJson: JSON.stringify({ credentials, assumedRoleUser, ...proven }),
    requestId: random.uuid(),
    readOnly: true,
    resourcesJson: JSON.stringify([{ accountId: role.account, type: "AWS::IAM::Role", ARN: arn }]),
    eventType: "AwsApiCall" as const,
    management: true,
    tls: !fromService,
  };
}

function issuerIdentity(service: string, subject: Subject | undefined): object {
  if (subject === undefined) return { type: "AWSService", invokedBy: service };
  const { api, provider } = subject;
  return {
    type: api === "AssumeRoleWithSAML" ? "SAMLUser" : "WebIdentityUser",
    principalId: `${provider}:${api === "AssumeRoleWithSAML" ? "" : `${subject.audience}:`}${subject.subject}`,
    userName: subject.subject,
    identityProvider: provider,
  };
}

/** The session tags of EKS Pod Identity, all of them transitive (EKS user guide, "Grant Pods access by tags"). */
function podTags({ account, home, name }: Role, region: string, pod: string): object {
  const tags = {
    "eks-cluster-arn": `arn:aws:eks:${region}:${account}:cluster/${home}`,
    "eks-cluster-name": home,
    "kubernetes-namespace": "ml",
    "kubernetes-service-account": name,
    "kubernetes-pod-name": `${name}-${pod.slice(-10)}`,
    "kubernetes-pod-uid": pod.slice(-36),
  };
  return {
    tags: Object.entries(tags).map(([key, value]) => ({ key, value })),
    transitiveTagKeys: Object.keys(tags),
  };
}
