import { parseYaml } from "../adapters/local/yaml.ts";
import { readManifests } from "../core/identity/manifest/manifest.ts";
import type { Declarations } from "../core/identity/registry.ts";
import { type Trade, trades } from "./benign-trades.ts";
import type { Random } from "./corpus-random.ts";
import { accounts, makeRole, type Role, roleArn } from "./corpus-world.ts";

/** One identity of the platform. */
export interface Worker {
  readonly trade: Trade;
  readonly role: Role;
  readonly region: string;
  /** Where it works while its Region is given up; its manifest names both. */
  readonly refuge?: string;
}

const platformAccounts = 4;
const [home, second] = ["us-east-1", "us-west-2"] as const;

/** The whole platform, over four accounts. Half of what answers, indexes and acts can move to a second Region. */
export const makePlatform = (random: Random): readonly Worker[] =>
  trades.flatMap((trade) =>
    Array.from({ length: trade.count }, (_, index): Worker => {
      const account = accounts[index % platformAccounts] ?? "111122223333";
      const role = makeRole(random, account, [trade.kind, trade.profile, `${trade.word}-${index}`], index);
      const moves = index % 2 === 0 && (trade.profile === "inference" || trade.profile === "retrieval");
      return { trade, role, region: home, ...(moves ? { refuge: second } : {}) };
    }),
  );

/**
 * The manifests of the declared ones. They allow automatic containment: whatever is wrong about a finding then shows.
 * `forgotten` is an IAM action that none of them is told of, so that its use is drift.
 */
export function manifestsOf(workers: readonly Worker[], forgotten?: string): Declarations {
  const declared = workers.filter(({ trade }) => trade.declared === "declared");
  const documents = declared.map((worker, index) => {
    const parsed = parseYaml(`workloads/${index}.yaml`, JSON.stringify(manifest(worker, forgotten)));
    if (!parsed.ok) throw new Error(parsed.problems.map(({ message }) => message).join("; "));
    return parsed.documents;
  });
  const read = readManifests(documents.flat());
  if (!read.ok) throw new Error(read.problems.map(({ message }) => message).join("; "));
  return read.registry;
}

const classes = {
  inference: "agent",
  training: "training",
  retrieval: "vector-store",
  platform: "orchestration",
  pipeline: "deployment",
  person: "pipeline",
  service: "pipeline",
} as const;

const manifest = ({ trade, role, region, refuge }: Worker, forgotten: string | undefined): object => ({
  apiVersion: "cordon/v1",
  kind: "Workload",
  metadata: { name: role.name, owner: "team-platform", environment: "production" },
  spec: {
    class: classes[trade.profile],
    identifiedBy: [{ roleArn: roleArn(role) }],
    envelope: {
      statements: [
        { Effect: "Allow", Action: (trade.allowed ?? []).filter((one) => one !== forgotten), Resource: "*" },
      ],
      // IAM and sign-in records are all of us-east-1.
      regions: [region, ...(refuge === undefined ? [] : [refuge])],
      ...(trade.nodes === undefined && trade.word !== "train" && trade.word !== "release"
        ? {}
        : { accelerators: { families: ["g5", "g6"], maxInstances: 64 } }),
    },
    response: { contain: "automatic", release: { after: "4h" } },
  },
});
