import type { Profile, Role, RoleKind } from "../bench/corpus-world.ts";
import type { Template } from "../bench/templates.ts";
import {
  autoScaling,
  deployer,
  externalDns,
  gpuLauncher,
  nightlyEval,
  person,
  ragIndex,
  runner,
  supportBot,
  trainOrch,
} from "./sample-calls.ts";

/** One identity of the sample, what it ordinarily does, and how often. */
export interface Actor {
  readonly role: Role;
  readonly region: string;
  readonly calls: readonly Template[];
  /** Ordinary records, issuing records not counted. */
  readonly records: number;
  /** One session lasts so long; the next begins when it ends. */
  readonly sessionMinutes: number;
  /** Minutes after 02:00 UTC between which it is at work. */
  readonly atWork: readonly [number, number];
  /** The role whose sessions ask for this one's. */
  readonly assumedBy?: string;
}

/** The one account of the sample. */
export const account = "111122223333";

/** Who is at work in the sample's hour: the workloads of `examples/workloads`, two people, and a few that nobody declared. */
export const cast = (): readonly Actor[] => [
  actor("lambda", "inference", "support-bot", { records: 760, sessionMinutes: 45, calls: supportBot() }),
  actor("irsa", "training", "train-orch", { records: 420, sessionMinutes: 41, calls: trainOrch() }),
  actor("ec2", "training", "gpu-launcher", {
    records: 46,
    sessionMinutes: 20,
    atWork: [8, 26],
    assumedBy: "train-orch",
    calls: gpuLauncher(),
  }),
  actor("sagemaker", "training", "nightly-eval", { records: 330, sessionMinutes: 55, calls: nightlyEval() }),
  actor("github", "pipeline", "github-deploy", { records: 58, sessionMinutes: 9, atWork: [20, 28], calls: deployer() }),
  actor("ecs", "retrieval", "rag-index-task", { records: 780, sessionMinutes: 60, calls: ragIndex() }),
  actor("sso", "person", "AWSReservedSSO_PlatformEngineer_0123456789abcdef", {
    home: "sam@example.com",
    records: 150,
    sessionMinutes: 60,
    atWork: [5, 60],
    calls: person(),
  }),
  actor("sso", "person", "AWSReservedSSO_ReadOnly_fedcba9876543210", {
    home: "alex@example.com",
    region: "us-west-2",
    records: 110,
    sessionMinutes: 60,
    atWork: [12, 58],
    calls: person(),
  }),
  actor("ec2", "platform", "ci-runner", { records: 190, sessionMinutes: 65, calls: runner() }),
  actor("ec2", "platform", "ci-runner-west", {
    region: "us-west-2",
    records: 190,
    sessionMinutes: 65,
    calls: runner(),
  }),
  actor("irsa", "platform", "external-dns", { records: 225, sessionMinutes: 65, calls: externalDns() }),
  actor("service-linked", "service", "AWSServiceRoleForAutoScaling", {
    records: 130,
    sessionMinutes: 60,
    calls: autoScaling(),
  }),
];

type Part = Pick<Actor, "records" | "sessionMinutes" | "calls"> &
  Partial<Pick<Actor, "region" | "atWork" | "assumedBy">> & { readonly home?: string };

/** `sessionMinutes`, `atWork` and the rest as in `Actor`; the role's fixed traits follow from its name. */
function actor(kind: RoleKind, profile: Profile, name: string, part: Part): Actor {
  const number = name.length * 7 + name.charCodeAt(0);
  const hex = Buffer.from(name.padEnd(16, "-")).toString("hex").slice(0, 32);
  const { home = homes[kind] ?? name, region = "us-east-1", atWork = [0, 65], ...rest } = part;
  return {
    ...rest,
    region,
    atWork,
    role: {
      kind,
      profile,
      account,
      name,
      path: paths[kind] ?? "/",
      id: `AROA${name
        .replace(/[^a-z]/gi, "")
        .toUpperCase()
        .padEnd(10, "X")
        .slice(-10)}EXAMPLE`,
      orchestrates: false,
      userAgent: agents[kind] ?? boto(""),
      address: kind === "sso" || kind === "github" ? `192.0.2.${number % 200}` : `10.0.40.${number % 200}`,
      home,
      bucket: buckets[name] ?? `example-${name.toLowerCase()}`,
      kmsKey: `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`,
      vpcEndpoint: kind === "ecs" || kind === "irsa" ? "vpce-0a1b2c3d4e5f60718" : undefined,
    },
  };
}

const paths: Partial<Record<RoleKind, string>> = {
  sso: "/aws-reserved/sso.amazonaws.com/us-east-1/",
  "service-linked": "/aws-service-role/autoscaling.amazonaws.com/",
};

const homes: Partial<Record<RoleKind, string>> = {
  irsa: "0123456789ABCDEF0123456789ABCDEF",
  github: "repo:acme/support-bot:environment:prod",
  "service-linked": "autoscaling.amazonaws.com",
};

const buckets: Readonly<Record<string, string>> = {
  "train-orch": "example-checkpoints",
  "nightly-eval": "example-checkpoints",
  "rag-index-task": "example-documents",
};

const boto = (run: string): string =>
  `Boto3/1.40.12 md/Botocore#1.40.12 ua/2.1 os/linux#6.1.147 md/arch#x86_64 lang/python#3.13.5 md/pyimpl#CPython ${run}m/Z,b,D`;

const agents: Partial<Record<RoleKind, string>> = {
  lambda: boto("exec-env/AWS_Lambda_python3.13 "),
  ecs: boto("exec-env/AWS_ECS_FARGATE "),
  irsa: boto("exec-env/AWS_EKS "),
  github:
    "aws-cli/2.31.0 md/awscrt#0.27.6 ua/2.1 os/linux#6.11.0 md/arch#x86_64 lang/python#3.13.7 exec-env/GitHub_Actions m/E,b",
  sso: "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/141.0.0.0 Safari/537.36",
  "service-linked": "autoscaling.amazonaws.com",
};
