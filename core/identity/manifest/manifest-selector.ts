import { fields } from "../../event/json.ts";
import { type Place, plain, quoted } from "../../event/located.ts";
import { asAccessKeyId } from "../../iam/identifiers.ts";
import {
  list,
  mapping,
  optional,
  type Reader,
  refuse,
  refused,
  required,
  ruled,
  text,
  unknownKey,
} from "./manifest-reader.ts";
import { type ArnShape, accountId, arn, arnOrName, name, pattern } from "./manifest-value.ts";
import type { Selector } from "./selector.ts";

/** A selector and where its kind is written. */
export interface PlacedSelector extends Selector {
  readonly place: Place;
}

const role: ArnShape = { service: ["iam"], resource: "role/", scope: "global", sample: "support-bot" };

const roleArn = arn(role);
const clusterArn = arn({ service: ["eks"], resource: "cluster/", scope: "regional", sample: "bots" });

const issuer = text("an issuer", (value) => {
  if (value.startsWith("https://")) return refused(`write it without https://, as IAM does: ${value.slice(8)}`);
  return /^[a-z0-9.-]+(?::\d{1,5})?(?:\/[\w./-]*)?$/i.test(value) ? value : refused("write host and path, exact");
});

/** An issuer such as `token.actions.githubusercontent.com` signs for everybody: a pattern that leaves the owner open names strangers. */
const oidc = ruled(
  mapping("oidc", { issuer: required(issuer), subject: required(pattern("a subject, exact or ending in *")) }),
  ({ issuer: signer, subject }) =>
    namesStrangers(signer, subject)
      ? { key: "subject", because: `${quoted(subject)} also names strangers: write at least the owner, "repo:acme/*"` }
      : undefined,
);

const serviceAccount = ruled(
  mapping("eksServiceAccount", {
    clusterArn: optional(clusterArn),
    oidcIssuer: optional(issuer),
    namespace: required(name),
    name: required(pattern("a service account's name")),
  }),
  (found) =>
    found.clusterArn === undefined && found.oidcIssuer === undefined
      ? { key: "namespace", because: "eksServiceAccount needs clusterArn (Pod Identity) or oidcIssuer (IRSA), or both" }
      : undefined,
);

const sagemaker = ruled(
  mapping("sagemaker", {
    roleArn: optional(roleArn),
    endpoint: optional(arnOrName({ service: ["sagemaker"], resource: "endpoint/", scope: "regional", sample: "rag" })),
    trainingJobPrefix: optional(pattern("the beginning of a training job's name")),
    domainUser: optional(
      arnOrName({
        service: ["sagemaker"],
        resource: "user-profile/",
        scope: "regional",
        sample: "d-abc/ana",
      }),
    ),
  }),
  (found) =>
    Object.keys(found).length === 1
      ? undefined
      : { key: "", because: "sagemaker needs one of roleArn, endpoint, trainingJobPrefix, domainUser" },
);

const lambdaFunction = ruled(
  arn({ service: ["lambda"], resource: "function:", scope: "regional", sample: "support-bot" }),
  (value) =>
    value.split(":").length > 7
      ? { key: "", because: "write the function's ARN without version or alias: it stands for all of them" }
      : undefined,
);

const path = text("a path (/ai/ or /ai/*)", (value) =>
  /^\/(?:[\w+=,.@-]+\/)*\*?$/.test(value)
    ? value
    : refused("end it with / for the roles directly in it, or with /* for those below as well"),
);

const rolesAnywhere = arn({
  service: ["rolesanywhere"],
  resource: "subject/",
  scope: "regional",
  sample: "3f1c",
});

const of = (service: string, resource: string): Reader<string> =>
  arnOrName({ service: [service], resource, scope: "regional", sample: "support-bot" });

/** Every way to name what runs, and how its value reads. */
export const selectorReaders: Readonly<Record<string, Reader<unknown>>> = {
  roleArn,
  roles: mapping("roles", { accounts: required(list(accountId)), path: required(path) }),
  lambdaFunction,
  eksServiceAccount: serviceAccount,
  oidc,
  userArn: arn({ service: ["iam"], resource: "user/", scope: "global", sample: "ci" }),
  accessKeyId: text(
    "an access key id",
    (value) => asAccessKeyId(value) ?? refused("write it whole, like AKIAIOSFODNN7EXAMPLE"),
  ),
  ec2AutoScalingGroup: of("autoscaling", "autoScalingGroup:"),
  ec2InstanceProfile: arnOrName({
    service: ["iam"],
    resource: "instance-profile/",
    scope: "global",
    sample: "gpu-node",
  }),
  ecsTaskRole: arnOrName(role),
  batchJobRole: arnOrName(role),
  sagemaker,
  codeBuildProject: of("codebuild", "project/"),
  glueJob: of("glue", "job/"),
  agentCoreRuntime: of("bedrock-agentcore", "runtime/"),
  bedrockAgent: of("bedrock", "agent/"),
  rolesAnywhereSubject: rolesAnywhere,
  identityCenterUser: pattern("an Identity Center user: the store's ARN, a slash and the user id"),
  thirdParty: mapping("thirdParty", { accountId: required(accountId) }),
};

/** One item of `identifiedBy`: a mapping with one key, the selector's kind. */
export const selector: Reader<PlacedSelector> = {
  schema: {
    type: "object",
    additionalProperties: false,
    minProperties: 1,
    maxProperties: 1,
    properties: Object.fromEntries(Object.entries(selectorReaders).map(([kind, reader]) => [kind, reader.schema])),
  },
  read(value, report) {
    const kinds = Object.keys(selectorReaders);
    if (value.kind !== "mapping") return refuse(value, "a selector, for example roleArn: arn:…", report);
    const [entry, second] = value.entries;
    for (const one of value.entries) if (!Object.hasOwn(selectorReaders, one.key)) unknownKey(one, kinds, report);
    if (entry === undefined || !Object.hasOwn(selectorReaders, entry.key)) return undefined;
    if (second !== undefined)
      report(second.place, `one selector an item: begin ${quoted(second.key)} with a dash of its own`);
    const found = selectorReaders[entry.key]?.read(entry.value, report);
    if (found === undefined || second !== undefined) return undefined;
    const written = plain(entry.value);
    return { kind: entry.key, value: typeof written === "string" ? written : fields(written), place: entry.place };
  },
};

function namesStrangers(signer: string, subject: string): boolean {
  if (!subject.endsWith("*")) return false;
  return subject === "*" || (signer === "token.actions.githubusercontent.com" && !/^repo:[^/*]+\/./.test(subject));
}
