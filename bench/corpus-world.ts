import type { Random } from "./corpus-random.ts";

/** How a role's credentials come to be: what issues the session and what AWS writes about it. */
export const roleKinds = [
  "ec2",
  "irsa",
  "pod-identity",
  "github",
  "lambda",
  "ecs",
  "sagemaker",
  "sso",
  "service-linked",
] as const;
export type RoleKind = (typeof roleKinds)[number];

/** What a role mostly does; the mix of its calls follows from it. */
export type Profile = "inference" | "training" | "retrieval" | "platform" | "pipeline" | "person" | "service";

/** One role of the synthetic platform, with the things it always touches. */
export interface Role {
  readonly kind: RoleKind;
  readonly profile: Profile;
  readonly account: string;
  readonly name: string;
  /** With the leading and the closing slash; `/` for most. */
  readonly path: string;
  /** AROA…: what `principalId` begins with. */
  readonly id: string;
  /** True when this role assumes others. */
  readonly orchestrates: boolean;
  readonly userAgent: string;
  readonly address: string;
  /** What a session of this role runs in: cluster, function, repository, domain. */
  readonly home: string;
  readonly bucket: string;
  readonly kmsKey: string;
  readonly vpcEndpoint: string | undefined;
}

/** Accounts and roles of the platform. */
export interface World {
  readonly accounts: readonly string[];
  readonly roles: ReadonlyMap<string, readonly Role[]>;
}

/** Twelve accounts, none of them anybody's: the documentation's own and repeated digits. */
export const accounts: readonly string[] = [
  "111122223333",
  "444455556666",
  "777788889999",
  "123456789012",
  ...["11", "22", "33", "44", "55", "66", "77", "88"].map((pair) => pair.repeat(6)),
];

/** Twenty roles in each of so many accounts (at most twelve). */
export function makeWorld(random: Random, { accountCount }: { readonly accountCount: number }): World {
  const chosen = accounts.slice(0, accountCount);
  return {
    accounts: chosen,
    roles: new Map(
      chosen.map((account) => [account, roster.map((row, index) => makeRole(random, account, row, index))]),
    ),
  };
}

/** The ARN of a role. */
export const roleArn = ({ account, path, name }: Pick<Role, "account" | "path" | "name">): string =>
  `arn:aws:iam::${account}:role${path}${name}`;

export type RoleRow = readonly [RoleKind, Profile, name: string, "orchestrates"?];

const roster: readonly RoleRow[] = [
  ["ec2", "inference", "vllm-serving", "orchestrates"],
  ["ec2", "training", "gpu-node", "orchestrates"],
  ["ec2", "platform", "ci-runner"],
  ["irsa", "training", "train-orch", "orchestrates"],
  ["irsa", "retrieval", "vector-ingest"],
  ["irsa", "platform", "cluster-autoscaler"],
  ["irsa", "platform", "external-dns"],
  ["pod-identity", "inference", "agent-runtime", "orchestrates"],
  ["pod-identity", "retrieval", "feature-store"],
  ["github", "pipeline", "github-deploy", "orchestrates"],
  ["github", "pipeline", "github-model-release"],
  ["lambda", "inference", "support-bot"],
  ["lambda", "retrieval", "document-splitter"],
  ["lambda", "platform", "quota-watch"],
  ["ecs", "retrieval", "rag-index-task", "orchestrates"],
  ["ecs", "inference", "chat-gateway-task"],
  ["sagemaker", "training", "nightly-eval"],
  ["sso", "person", "AWSReservedSSO_PlatformEngineer", "orchestrates"],
  ["sso", "person", "AWSReservedSSO_ReadOnly"],
  ["service-linked", "service", "AWSServiceRoleForAutoScaling"],
];

/** One role, as its kind of platform names it. */
export function makeRole(
  random: Random,
  account: string,
  [kind, profile, name, orchestrates]: RoleRow,
  index: number,
): Role {
  return {
    kind,
    profile,
    account,
    name: fullName(random, kind, name),
    path: paths[kind] ?? "/",
    id: `AROA${random.id(17)}`,
    orchestrates: orchestrates !== undefined,
    userAgent: random.pick(userAgents[kind]),
    address:
      kind === "sso" || kind === "github"
        ? `203.0.113.${random.between(1, 254)}`
        : `10.${index}.${random.below(256)}.${random.between(4, 250)}`,
    home: homes[kind](random, name),
    bucket: `example-${profile}-${account.slice(0, 4)}-${name.toLowerCase().replaceAll("_", "-")}`,
    kmsKey: random.uuid(),
    vpcEndpoint: kind === "ec2" || kind === "ecs" || kind === "irsa" ? `vpce-0${random.hex(16)}` : undefined,
  };
}

/** Stacks add letters to names; those that the example manifests declare stay as they are. */
function fullName(random: Random, kind: RoleKind, name: string): string {
  if (kind === "sso") return `${name}_${random.hex(16)}`;
  return kind === "service-linked" || declared.has(name) ? name : `ml-prod-${name}-TaskRole-${random.id(12)}`;
}

const declared: ReadonlySet<string> = new Set([
  "train-orch",
  "github-deploy",
  "support-bot",
  "rag-index-task",
  "nightly-eval",
]);

const paths: Partial<Record<RoleKind, string>> = {
  sso: "/aws-reserved/sso.amazonaws.com/us-east-1/",
  "service-linked": "/aws-service-role/autoscaling.amazonaws.com/",
};

const homes: Record<RoleKind, (random: Random, name: string) => string> = {
  ec2: () => "us-east-1a",
  irsa: (random) => random.hex(32).toUpperCase(),
  "pod-identity": () => "gpu-prod",
  github: (_, name) => `repo:acme/${name}:environment:prod`,
  lambda: (_, name) => name,
  ecs: () => "serving",
  sagemaker: () => "SageMaker",
  sso: () => "alex@example.com",
  "service-linked": () => "autoscaling.amazonaws.com",
};

const botoOn = (python: string, run: string): string =>
  `Boto3/1.40.12 md/Botocore#1.40.12 ua/2.1 os/linux#6.1.147-172.266.amzn2023.x86_64 md/arch#x86_64 lang/python#${python} md/pyimpl#CPython m/Z,b,D,E,n ${run}cfg/retry-mode#standard Botocore/1.40.12`;
const javaOn = (run: string): string =>
  `aws-sdk-java/2.33.4 md/io#sync md/http#Apache ua/2.1 api/S3#2.33.x os/Linux#6.1.147 lang/java#21.0.8 md/OpenJDK_64-Bit_Server_VM#21.0.8+9-LTS md/vendor#Amazon.com_Inc. md/en_US ${run}m/D,N,n`;
const goOn = (version: string): string =>
  `aws-sdk-go-v2/1.38.3 ua/2.1 os/linux lang/go#${version} md/GOOS#linux md/GOARCH#amd64 api/ec2#1.251.2 m/E,n`;
const browser =
  "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36";

const userAgents: Record<RoleKind, readonly string[]> = {
  ec2: [botoOn("3.12.11", ""), javaOn(""), goOn("1.24.6")],
  irsa: [botoOn("3.12.11", "exec-env/AWS_EKS "), goOn("1.24.6"), javaOn("")],
  "pod-identity": [botoOn("3.13.5", ""), goOn("1.25.0")],
  github: [
    "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.11.0-1018-azure md/arch#x86_64 lang/python#3.13.7 md/pyimpl#CPython exec-env/GitHub_Actions m/E,b,Z cfg/retry-mode#standard md/installer#exe md/distrib#ubuntu.24 md/prompt#off",
  ],
  lambda: [
    "aws-sdk-js/3.879.0 ua/2.1 os/linux#5.10.240-263.951.amzn2.x86_64 lang/js md/nodejs#22.18.0 exec-env/AWS_Lambda_nodejs22.x api/bedrock-runtime#3.879.0 m/E,N",
    botoOn("3.13.5", "exec-env/AWS_Lambda_python3.13 "),
  ],
  ecs: [botoOn("3.12.11", "exec-env/AWS_ECS_FARGATE "), javaOn("exec-env/AWS_ECS_FARGATE ")],
  sagemaker: [botoOn("3.11.13", "")],
  sso: [
    browser,
    "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/macos#24.6.0 md/arch#arm64 lang/python#3.13.7 md/pyimpl#CPython m/E,b,Z cfg/retry-mode#standard",
  ],
  "service-linked": ["autoscaling.amazonaws.com"],
};
